import Cryptography
import Foundation
import ProgramSupport
import RPC
import Schemas
import Testing

/// A client that nobody here wrote: Python's grpcio, with stubs that grpcio-tools makes from the
/// schemas.
struct PythonTests {
  struct Refused: Decodable {
    let code: String
    let message: String
    let trailing: [String: String]
  }

  struct Outcome: Decodable {
    struct Gateway: Decodable {
      let title: String
      let sameAnswers: Int
      let absent: Refused
      let noToken: Refused
      let deadline: Refused
      let unknownMethod: Refused
      let tooLarge: Refused
      let archive: Fetched
      let health: String
      let reflected: Reflected
    }
    struct Reflected: Decodable {
      let services: [String]
      let methods: [String]
      let tellsInternal: Bool
    }
    struct Fetched: Decodable {
      let sha256: String
      let bytes: Int
      let chunks: Int
    }
    struct Service: Decodable {
      let titles: [String]
      let noToken: Refused
      let health: String
      let reflected: Reflected
    }
    let gateway: Gateway
    let service: Service
    let stranger: Refused
  }

  @Test func `grpcio calls the gateway and a service: calls, errors, a stream, health, schemas`()
    async throws
  {
    let subject = try await RightsTests.subject()
    let request = try await RightsTests.request(
      .access, about: subject.member, by: subject.officer)
    let archive = try await RightsTests.archive(request, by: subject.officer)
    let folder = try ScratchFolder()
    try await Self.generateStubs(folder)
    let house = subject.organisation.house
    let plan: [String: String] = [
      "stubs": folder.url.path, "gateway": house.plan.gateway, "ca": house.plan.ca,
      "goals": "127.0.0.1:\(try house.plan.process("goals").port)",
      "certificate": house.plan.toolsCertificate, "key": house.plan.toolsKey,
      "participant": subject.member.token, "officer": subject.officer.token,
      "request": request.requestID, "dueOn": Samples.day(30),
    ]
    let outcome = try JSONDecoder().decode(
      Outcome.self, from: try await Self.run("calls.py", plan))

    #expect(outcome.gateway.title == "Bijtijds – 🌷 – afronden")
    #expect(outcome.gateway.sameAnswers == 100)
    #expect(outcome.gateway.absent.code == "NOT_FOUND")
    #expect(outcome.gateway.absent.message == "goal not found")
    #expect(outcome.gateway.noToken.code == "UNAUTHENTICATED")
    #expect(outcome.gateway.noToken.trailing["www-authenticate"]?.hasPrefix("Bearer") == true)
    #expect(outcome.gateway.deadline.code == "DEADLINE_EXCEEDED")
    #expect(outcome.gateway.unknownMethod.code == "UNIMPLEMENTED")
    #expect(outcome.gateway.tooLarge.code == "RESOURCE_EXHAUSTED")
    #expect(outcome.gateway.archive.bytes == archive.count)
    #expect(outcome.gateway.archive.sha256 == Hex.encode(Digest.sha256(archive)))
    #expect(outcome.gateway.archive.chunks == (archive.count + 65_535) / 65_536)
    #expect(outcome.gateway.health == "0801")
    #expect(outcome.service.titles.contains(outcome.gateway.title))
    #expect(outcome.service.noToken.code == "UNAUTHENTICATED")
    #expect(outcome.service.health == "0801")
    #expect(outcome.stranger.code == "UNAVAILABLE")

    let methods = SchemaCatalogue.services.first { $0.name == "ikso.goals.v1.GoalsService" }
    let names = methods?.methods.map(\.descriptor.name)
    let (gateway, service) = (outcome.gateway.reflected, outcome.service.reflected)
    #expect(gateway.methods == names && service.methods == names)
    let open = SchemaCatalogue.services.filter { !$0.isInternal }.map(\.name)
    #expect(gateway.services == (Self.standard + open).sorted() && !gateway.tellsInternal)
    let own = [
      "ikso.goals.v1.GoalsService", "ikso.isolation.v1.GoalsSelfTestService",
      "ikso.subject.v1.SubjectDataService", "ikso.tenant.v1.TenantDataService",
    ]
    #expect(service.services == Self.standard + own && service.tellsInternal)
  }

  private static let standard = [
    "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
  ]

  private static func python() throws -> URL {
    URL(filePath: try HousePlan.variable("IKSO_TEST_PYTHON"))
  }

  /// Runs a script of the folder Python with `plan` as its input; returns its last line.
  static func run(_ script: String, _ plan: [String: String]) async throws -> Data {
    let file = Bundle.module.bundleURL.appending(path: "Python/\(script)")
    let run = try await Child.run(
      try python(), [file.path], environment: ["GRPC_VERBOSITY": "NONE"],
      input: JSONEncoder().encode(plan))
    #expect(run.end == .exit(0), "\(run.output)")
    return Data(try #require(run.output.split(separator: "\n").last).utf8)
  }

  static func generateStubs(_ folder: ScratchFolder) async throws {
    let schemas = URL(filePath: #filePath).resolvingSymlinksInPath()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Schemas").path
    let files = [
      "ikso/options/v1/options", "ikso/goals/v1/goals", "ikso/privacy/v1/privacy",
      "ikso/privacy/v1/request", "ikso/privacy/v1/statement",
      "google/rpc/error_details",
    ].map { "\(schemas)/\($0).proto" }
    let run = try await Child.run(
      try python(),
      ["-m", "grpc_tools.protoc", "-I\(schemas)", "--python_out=\(folder.url.path)",
        "--grpc_python_out=\(folder.url.path)"] + files)
    #expect(run.end == .exit(0), "\(run.output)")
  }
}
