import Foundation
import HTTP2
import RPC
import Reactor
import ServerSupport
import SwiftProtobuf
import TestSchemas

@testable import ConformanceClient
@testable import ConformanceServer

/// How a case is carried, beside what it says.
struct Carriage: Sendable, CustomStringConvertible {
  enum Security: String, Sendable, CaseIterable { case plaintext, tls, mutualTLS }

  let security: Security
  let compression: ConformanceCompression

  var description: String { "\(security.rawValue), \(compression)" }

  static let all = Security.allCases.flatMap { security in
    [ConformanceCompression.identity, .gzip].map {
      Carriage(security: security, compression: $0)
    }
  }
  static let plain = Carriage(security: .plaintext, compression: .identity)
}

/// A server of the suite's service in this process, and the client under test.
struct SuiteServers: Sendable {
  let clients: Clients
  private let port: Int
  private let carriage: Carriage
  private let certificate: TestCertificate?

  /// Made once, before the calls: their pauses are measured in milliseconds.
  private static let certificate: TestCertificate = {
    do {
      let folder = FileManager.default.temporaryDirectory
        .appending(path: "ikso-conformance-certificate-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      return try TestCertificate(in: folder)
    } catch {
      preconditionFailure("test certificate: \(error)")
    }
  }()

  /// - Parameter raw: answers as the requests' raw responses say, which no server of ours does.
  static func run(
    _ carriage: Carriage = .plain, raw: Bool = false,
    _ body: (SuiteServers) async throws -> Void
  ) async throws {
    let reactors = try ReactorGroup(count: 2)
    reactors.start()
    defer { reactors.shutdown() }
    try await withTemporaryFolder { folder in
      let certificate = carriage.security == .plaintext ? nil : Self.certificate
      let configuration = RPCServerConfiguration(
        address: SocketAddress(host: "127.0.0.1", port: 0),
        tls: try certificate?.context(
          clientTrust: carriage.security == .mutualTLS ? certificate?.authority : nil))
      let server = RPCServer(
        methods: raw ? [] : ConformanceService().methods, configuration: configuration,
        reactors: reactors, unmatched: raw ? RawAnswer.unmatched : nil)
      try server.start()
      let servers = SuiteServers(
        clients: Clients(reactors: reactors, folder: folder), port: server.boundPort,
        carriage: carriage, certificate: certificate)
      let result: Result<Void, any Error>
      do {
        // On a thread that no other test keeps from its turn: some calls are cancelled between two
        // answers.
        try await withTaskExecutorPreference(reactors.reactors[0]) { try await body(servers) }
        result = .success(())
      } catch {
        result = .failure(error)
      }
      await server.shutdown(grace: .zero)
      try result.get()
    }
  }

  /// A request for the client under test.
  func request(
    _ method: String, _ messages: [any Message],
    _ change: (inout ConformanceClientCompatRequest) -> Void = { _ in }
  ) throws -> ConformanceClientCompatRequest {
    var request = ConformanceClientCompatRequest()
    request.testName = "\(method), \(carriage)"
    request.httpVersion = .httpVersion2
    request.protocol = .grpc
    request.codec = .proto
    request.compression = carriage.compression
    request.host = "127.0.0.1"
    request.port = UInt32(port)
    request.service = "connectrpc.conformance.v1.ConformanceService"
    request.method = method
    request.requestMessages = try messages.map { try Google_Protobuf_Any(message: $0) }
    if let certificate {
      request.serverTlsCert = try Data(contentsOf: URL(filePath: certificate.authority))
      if carriage.security == .mutualTLS {
        request.clientTlsCreds.cert = try Data(contentsOf: URL(filePath: certificate.certificate))
        request.clientTlsCreds.key = try Data(contentsOf: URL(filePath: certificate.key))
      }
    }
    change(&request)
    return request
  }

  /// What the client under test says of the call.
  func call(
    _ method: String, _ messages: [any Message],
    _ change: (inout ConformanceClientCompatRequest) -> Void = { _ in }
  ) async throws -> ConformanceClientResponseResult {
    let request = try request(method, messages, change)
    let response = await ScriptedCall(request).answer(clients)
    guard case .response(let result)? = response.result, response.testName == request.testName
    else { throw NoCall(description: response.error.message) }
    return result
  }

  struct NoCall: Error, CustomStringConvertible { let description: String }
}

/// Answers one request as its raw response says, once it has come whole.
private final class RawAnswer: HTTP2StreamHandler {
  private let stream: HTTP2Stream
  private var body: [UInt8] = []

  static let unmatched: UnmatchedHandler = { RawAnswer($0.stream) }

  init(_ stream: HTTP2Stream) { self.stream = stream }

  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {}

  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    unsafe body.append(contentsOf: bytes)
    stream.consumed(bytes.count)
    if endStream { answer() }
  }

  func trailersReceived(_ trailers: HeaderBlock) {}
  func streamWritable() {}
  func streamClosed(_ reason: HTTP2CloseReason) {}

  private func answer() {
    // Field 1 of each request is its response definition, in which the raw response is field 5 or,
    // of a stream, 6.
    let message = Data(body.dropFirst(5))
    let unary = try? ConformanceUnaryRequest(serializedBytes: message).responseDefinition
    let streaming = try? ConformanceServerStreamRequest(serializedBytes: message)
      .responseDefinition
    let raw = unary?.hasRawResponse == true ? unary?.rawResponse : streaming?.rawResponse
    guard let raw else { return stream.reset(.internalError) }
    let status = raw.statusCode == 0 ? 200 : raw.statusCode
    var block: HeaderBlock = [":status": "\(status)"]
    Self.append(raw.headers, to: &block)
    let trailers = raw.trailers
    let bytes = Self.bytes(raw)
    if bytes.isEmpty, trailers.isEmpty { return stream.send(headers: block, endStream: true) }
    stream.send(headers: block, endStream: false)
    stream.send(data: bytes, endStream: trailers.isEmpty)
    guard !trailers.isEmpty else { return }
    var last = HeaderBlock()
    Self.append(trailers, to: &last)
    stream.send(trailers: last)
  }

  private static func append(_ headers: [ConformanceHeader], to block: inout HeaderBlock) {
    for header in headers {
      for value in header.value { block.append(header.name.lowercased(), value) }
    }
  }

  private static func bytes(_ raw: ConformanceRawHTTPResponse) -> [UInt8] {
    switch raw.body {
    case .unary(let contents): return bytes(contents)
    case .stream(let stream):
      return stream.items.flatMap { item -> [UInt8] in
        let payload = bytes(item.payload)
        let length = item.hasLength ? Int(item.length) : payload.count
        let size = (0..<4).reversed().map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) }
        return [UInt8(item.flags)] + size + payload
      }
    case nil: return []
    }
  }

  private static func bytes(_ contents: ConformanceMessageContents) -> [UInt8] {
    switch contents.data {
    case .binary(let data): [UInt8](data)
    case .text(let text): [UInt8](text.utf8)
    case .binaryMessage(let any): [UInt8](any.value)
    case nil: []
    }
  }
}

/// What an Any holds, to be compared: its own equality is of how it is stored.
struct Packed: Equatable {
  let type: String
  let value: Data

  init(_ any: Google_Protobuf_Any) { (type, value) = (any.typeURL, any.value) }

  init(_ message: any Message) throws { self.init(try Google_Protobuf_Any(message: message)) }
}
