package import Access
import FoundationEssentials
package import RPC
package import Schemas
import SwiftProtobuf
import Synchronization

/// The standard reflection protocol (grpc.reflection.v1, and v1alpha, which is the same on the
/// wire): tells callers the schemas of the services that this process answers for.
package final class ReflectionService: ServerReflectionHandler {
  private let services: [String]
  /// Made when somebody first asks, as hardly anybody does: it is some MiB of memory.
  private let madeIndex = Mutex<SchemaIndex?>(nil)

  /// - Parameter services: full names; reflection and health come with them.
  package init(services: some Sequence<String>) {
    self.services = Set(services).union([
      HealthMethods.check.service, Self.method.service, Self.firstMethod.service,
    ]).sorted()
  }

  private var index: SchemaIndex {
    madeIndex.withLock { made in
      if let made { return made }
      let index = SchemaIndex(services: Set(services))
      made = index
      return index
    }
  }

  private static let method = ServerReflectionMethods.serverReflectionInfo

  /// Under the name that older clients know.
  private static let firstMethod = MethodDescriptor(
    service: "grpc.reflection.v1alpha.ServerReflection", name: method.name, kind: method.kind)

  /// The methods of both versions.
  package func allMethods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    methods(accessGuard) + [
      RPCMethod.bidirectional(
        Self.firstMethod,
        admit: { try await accessGuard.admit($0, ServerReflectionPolicies.serverReflectionInfo) },
        serverReflectionInfo)
    ]
  }

  package func serverReflectionInfo(
    _ requests: RequestStream<ReflectionServerReflectionRequest>, _ call: Call,
    _ responses: ResponseWriter<ReflectionServerReflectionResponse>
  ) async throws {
    var sent: Set<String> = []
    for try await request in requests {
      guard let question = request.messageRequest else {
        throw RPCError.invalidArgument("message_request is not set; set one of its fields")
      }
      var response = ReflectionServerReflectionResponse()
      response.validHost = request.host
      response.originalRequest = request
      response.messageResponse = answer(question, &sent)
      try await responses.send(response)
    }
  }

  private typealias Question = ReflectionServerReflectionRequest.OneOf_MessageRequest
  private typealias Answer = ReflectionServerReflectionResponse.OneOf_MessageResponse

  private func answer(_ question: Question, _ sent: inout Set<String>) -> Answer {
    switch question {
    case .listServices:
      return .listServicesResponse(
        .with { list in
          list.service = services.map { name in .with { $0.name = name } }
        })
    case .fileByFilename(let name):
      return files(name, &sent, "no file \(name)")
    case .fileContainingSymbol(let symbol):
      return files(index.symbols[symbol], &sent, "no symbol \(symbol)")
    case .fileContainingExtension(let wanted):
      let file = index.extensions[wanted.containingType]?[wanted.extensionNumber]
      return files(
        file, &sent, "no extension \(wanted.extensionNumber) of \(wanted.containingType)")
    case .allExtensionNumbersOfType(let type):
      guard let numbers = index.extensions[type] else { return notFound("no message \(type)") }
      return .allExtensionNumbersResponse(
        .with {
          $0.baseTypeName = type
          $0.extensionNumber = numbers.keys.sorted()
        })
    }
  }

  /// The file, and before others those of its imports that this call has not been sent yet.
  private func files(_ name: String?, _ sent: inout Set<String>, _ absent: String) -> Answer {
    guard let first = name.flatMap({ index.files[$0] }) else { return notFound(absent) }
    var found = [first]
    var next = 0
    sent.insert(first.name)
    while next < found.count {
      for name in found[next].imports where sent.insert(name).inserted {
        if let file = index.files[name] { found.append(file) }
      }
      next += 1
    }
    return .fileDescriptorResponse(.with { $0.fileDescriptorProto = found.map(\.bytes) })
  }

  private func notFound(_ message: String) -> Answer {
    .errorResponse(
      .with {
        $0.errorCode = Int32(StatusCode.notFound.rawValue)
        $0.errorMessage = "\(message) is known here"
      })
  }
}
