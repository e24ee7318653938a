import Access
import Foundation
import HTTP2
import ProgramSupport
import RPC
import Reactor
import Schemas
import Synchronization
import Testing

@testable import Hosting

@Suite struct `The standard services` {
  private static let services = ["ikso.goals.v1.GoalsService"]

  /// Python's clients of them: grpcio-reflection and grpcio-health-checking.
  @Test(.enabled(if: Python.isReady, "set IKSO_TEST_PYTHON to a Python with the packages"))
  func `answer clients that nobody here wrote`() async throws {
    let isHealthy = Mutex(true)
    let health = HealthService(services: Self.services, interval: .milliseconds(2)) {
      isHealthy.withLock { $0 }
    }
    var lines: [String] = []
    try await serve(health) { port in
      let script = try #require(
        Bundle.module.url(
          forResource: "standard_services", withExtension: "py", subdirectory: "Python"))
      let child = try Child(Python.interpreter, ["-u", script.path, "\(port)"])
      var watched = 0
      for await line in child.lines {
        lines.append(line)
        guard line.hasPrefix("watch SERVING") || line.hasPrefix("watch NOT_SERVING") else {
          continue
        }
        watched += 1
        switch watched {
        case 1: isHealthy.withLock { $0 = false }
        case 2: isHealthy.withLock { $0 = true }
        default: health.drain()
        }
      }
      #expect(await child.end() == .exit(0))
    }
    let standard =
      "grpc.health.v1.Health grpc.reflection.v1.ServerReflection "
      + "grpc.reflection.v1alpha.ServerReflection ikso.goals.v1.GoalsService"
    let goals = "ikso/goals/v1/goals.proto"
    #expect(
      lines == [
        "services \(standard)",
        "methods CreateGoal GetGoal ListGoals CheckIn ListCheckIns CompleteGoal",
        "file \(goals) google/protobuf/timestamp.proto ikso/options/v1/options.proto",
        "file of a method \(goals)", "file of a field \(goals)",
        "extension ikso.options.v1.access", "extensions 52002 52004",
        "absent KeyError", "absent KeyError",
        "v1 services \(standard)", "v1 files 4 1",
        "v1 error 5 no file none.proto is known here",
        "v1 error 5 no extension 1 of ikso.goals.v1.Goal is known here",
        "v1 error 5 no message ikso.none.v1.Nothing is known here",
        "v1 empty INVALID_ARGUMENT",
        "called status: SERVING",
        "check SERVING", "check SERVING", "check NOT_FOUND",
        "watch SERVICE_UNKNOWN", "watch SERVING SERVING", "watch NOT_SERVING NOT_SERVING",
        "watch SERVING SERVING", "watch NOT_SERVING NOT_SERVING", "ended 0 OK OK",
      ])
  }

  @Test func `describe every message of every service that is asked for`() {
    let index = SchemaIndex(services: Set(SchemaCatalogue.services.map(\.name)))
    for service in SchemaCatalogue.services {
      #expect(index.symbols[service.name] != nil, "\(service.name)")
      for method in service.methods {
        #expect(index.symbols[method.request] != nil, "\(method.request)")
        #expect(index.symbols[method.response] != nil, "\(method.response)")
      }
    }
    for message in SchemaCatalogue.messages {
      #expect(index.symbols[message.name] != nil, "\(message.name)")
    }
    let imports = index.files.values.flatMap(\.imports)
    #expect(imports.allSatisfy { index.files[$0] != nil })
  }

  @Test func `describe nothing of a service that isn't served`() {
    let index = SchemaIndex(services: Set(Self.services))
    #expect(
      index.files.keys.sorted() == [
        "google/protobuf/any.proto", "google/protobuf/descriptor.proto",
        "google/protobuf/duration.proto", "google/protobuf/timestamp.proto",
        "google/rpc/error_details.proto", "google/rpc/status.proto", "ikso/goals/v1/goals.proto",
        "ikso/options/v1/options.proto",
      ])
    #expect(index.symbols["ikso.options.v1.Role.ROLE_COACH"] == nil)
    #expect(index.symbols["ikso.options.v1.ROLE_COACH"] == "ikso/options/v1/options.proto")
    #expect(index.symbols["google.rpc.QuotaFailure.Violation.quota_id"] != nil)
  }

  private func serve(
    _ health: HealthService, _ body: (Int) async throws -> Void
  ) async throws {
    let reactors = try ReactorGroup(count: 1)
    reactors.start()
    defer { reactors.shutdown() }
    let keys = KeyRing(refresh: { [] })
    let accessGuard = AccessGuard(
      verifier: TokenVerifier(issuer: defaultTokenIssuer, keys: keys), allowedPeers: [],
      requireClientCertificate: false)
    let server = RPCServer(
      methods: health.methods(accessGuard)
        + ReflectionService(services: Self.services).allMethods(accessGuard),
      configuration: RPCServerConfiguration(
        address: SocketAddress(host: "127.0.0.1", port: 0), tls: nil),
      reactors: reactors)
    try server.start()
    do {
      try await body(server.boundPort)
    } catch {
      await server.shutdown(grace: .zero)
      throw error
    }
    await server.shutdown(grace: .zero)
  }
}

private enum Python {
  static let interpreter = URL(
    filePath: ProcessInfo.processInfo.environment["IKSO_TEST_PYTHON"] ?? "/usr/bin/python3")

  /// Asked once: whether the interpreter is there and has the packages.
  static let isReady: Bool = {
    let result = try? Child.runBlocking(
      interpreter, ["-c", "import grpc_health.v1, grpc_reflection.v1alpha"])
    return result?.status == 0
  }()
}
