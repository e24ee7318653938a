import Archive
import ArgumentParser
import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf

struct Isolation: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The wall between organisations.", subcommands: [IsolationCheck.self])
}

struct IsolationCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Try to get through the wall between organisations, in every service.",
    discussion: """
      Two canary organisations call every method with what is the other's; then each service tries \
      its tables and signs the result, which every organisation can read (GetSelfTest). The signed \
      reports are written to the folder self-test in the state folder, for ikso verify. Exits with \
      0 when the wall held everywhere, with 1 when it did not.
      """)

  @OptionGroup var gateway: GatewayOptions
  @OptionGroup var operators: OperatorOptions

  @Option(help: "The folder for the canaries' accounts and the reports. [environment: IKSO_STATE]")
  var state: String?

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  func run() async throws {
    guard let folder = state ?? ProcessInfo.processInfo.environment["IKSO_STATE"] else {
      throw ValidationError("no state folder is given; use Deploy/ikso, or --state, or IKSO_STATE")
    }
    let account = try operators.account()
    let mailbox = try operators.mailbox()
    try await withReactors { reactors in
      let gateway = try gateway.connect(reactors)
      let walk = Walk(gateway: gateway, mailbox: mailbox, transcript: Transcript(isQuiet: true))
      let options = try await walk.signInOperator(account)
      let file = URL(filePath: folder).appending(path: "canaries.json")
      var trials: [MethodProbe.Trial] = []
      for (stranger, victim) in [(0, 1), (1, 0)] {
        // Each time anew: an attack ends with the end of the stranger's session.
        let canaries = try await Canaries(walk: walk, file: file).signIn(options)
        trials += try await MethodProbe(
          gateway: gateway, stranger: canaries[stranger], victim: canaries[victim]
        ).run()
      }
      let outcomes = try await SelfTests(gateway: gateway, trials: trials)
        .run(walk.signInOperator(account))
      try SelfTestFiles.write(outcomes, into: URL(filePath: folder).appending(path: "self-test"))
      try show(outcomes)
      await gateway.close()
      guard outcomes.allSatisfy({ $0.report?.passed == true }) else { throw ExitCode.failure }
    }
  }

  private func show(_ outcomes: [SelfTests.Outcome]) throws {
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(outcomes.map(\.line)), as: UTF8.self))
      return
    }
    print("service     tables  methods  breaches")
    for line in outcomes.map(\.line) {
      let name = line.service.padding(toLength: 12, withPad: " ", startingAt: 0)
      let numbers = [(line.tables, 6), (line.methods, 9), (line.breaches.count, 10)]
        .map { String(repeating: " ", count: max(0, $1 - "\($0)".count)) + "\($0)" }
      print(name + numbers.joined() + (line.problem.map { "  \($0)" } ?? ""))
    }
    for breach in outcomes.flatMap(\.line.breaches) {
      print("! \(breach.subject): \(breach.attempt): \(breach.breach ?? "")")
    }
  }
}

/// Asks each service to try its own tables, and to sign the result.
struct SelfTests: Sendable {
  struct Outcome: Sendable {
    let service: String
    /// Nil where there is no answer, or none that is signed.
    let report: SelfTestReport?
    let result: IsolationSelfTestResult?
    let problem: String?

    /// What is printed.
    struct Line: Encodable {
      let service: String
      let passed: Bool
      let tables: Int
      let methods: Int
      let breaches: [SelfTestReport.Attempt]
      let problem: String?
    }

    var line: Line {
      Line(
        service: service, passed: report?.passed ?? false, tables: report?.tables.count ?? 0,
        methods: report?.methods.count ?? 0, breaches: report?.breaches ?? [], problem: problem)
    }
  }

  let gateway: Gateway
  let trials: [MethodProbe.Trial]

  func run(_ options: CallOptions) async throws -> [Outcome] {
    var options = options
    options.timeout = .seconds(110)
    let (clients, request) = (gateway.selfTests, request(for:))
    return [
      await outcome("identity") { () async throws(RPCError) in
        try await clients.identity.selfTest(request("identity"), options)
      },
      await outcome("feedback") { () async throws(RPCError) in
        try await clients.feedback.selfTest(request("feedback"), options)
      },
      await outcome("goals") { () async throws(RPCError) in
        try await clients.goals.selfTest(request("goals"), options)
      },
      await outcome("privacy") { () async throws(RPCError) in
        try await clients.privacy.selfTest(request("privacy"), options)
      },
    ]
  }

  private func request(for service: String) -> IsolationSelfTestRequest {
    .with { $0.methods = trials.filter { $0.service == service }.map(\.trial) }
  }

  /// A service tries its tables once at a time: another's test is waited for.
  private static let waitLimit: Duration = .seconds(120)
  private static let pause: Duration = .seconds(1)

  private func afterOthers(
    _ call: () async throws(RPCError) -> IsolationSelfTestResult
  ) async throws -> IsolationSelfTestResult {
    let end = ContinuousClock.now + Self.waitLimit
    while true {
      do {
        return try await call()
      } catch {
        guard error.code == .aborted, .now < end else { throw error }
        try await Task.sleep(for: Self.pause * Double.random(in: 0.5...1))
      }
    }
  }

  private func outcome(
    _ service: String, _ call: () async throws(RPCError) -> IsolationSelfTestResult
  ) async -> Outcome {
    do {
      let result = try await afterOthers(call)
      let key = try Ed25519PublicKey(rawBytes: [UInt8](result.publicKey))
      let report = try SignedDocument.verify(
        [UInt8](result.report), keys: [result.keyID: key], as: SelfTestReport.self)
      return Outcome(service: service, report: report.content, result: result, problem: nil)
    } catch {
      let problem = (error as? RPCError).map { "\($0.code): \($0.message)" } ?? "\(error)"
      return Outcome(service: service, report: nil, result: nil, problem: problem)
    }
  }
}

/// The signed reports as files, and the keys to verify them with.
enum SelfTestFiles {
  static func write(_ outcomes: [SelfTests.Outcome], into folder: URL) throws {
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    var keys: [(id: String, publicKey: [UInt8])] = []
    for outcome in outcomes {
      guard let result = outcome.result else { continue }
      try result.report.write(to: folder.appending(path: "\(outcome.service).json"))
      keys.append((result.keyID, [UInt8](result.publicKey)))
    }
    try ArchiveKeys.write(keys, to: folder.appending(path: "keys.json").path)
  }
}
