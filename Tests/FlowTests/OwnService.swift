import Foundation
import HTTP2
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// A process of one test's own, on the house's database, to be killed and started again.
struct OwnService: Sendable {
  let child: Child
  let endpoint: Endpoint
  /// Calls it with the certificate of the gateway.
  let client: RPCClient
  // Kept until the process is forgotten: its settings are in it.
  private let folder: ScratchFolder

  var goals: GoalsServiceClient { GoalsServiceClient(client) }
  var privacy: PrivacyServiceClient { PrivacyServiceClient(client) }

  /// Starts it with the settings of the house's own, on a free port unless `change` sets one, and
  /// returns when it takes calls.
  static func start(
    _ name: String, _ change: (inout Settings) -> Void = { _ in }
  ) async throws -> OwnService {
    let house = try House.current()
    let folder = try ScratchFolder()
    var settings = try house.plan.settings(of: name)
    settings["listen.port"] = 0
    change(&settings)
    let config = try folder.write("\(name).json", settings.data())
    let child = try Child(
      house.plan.binary("ikso-\(name)"), ["serve", "--config", config.path])
    var said: [String] = []
    for await line in child.lines {
      said.append(line)
      guard let address = servingAddress(line), let endpoint = Endpoint(address) else { continue }
      let client = RPCClient(
        endpoint: endpoint, tls: try house.tls(as: "gateway"), reactors: house.reactors)
      return OwnService(child: child, endpoint: endpoint, client: client, folder: folder)
    }
    throw NotStarted(output: said.joined(separator: "\n"))
  }

  /// Fails the test if the process has ended, with its last words.
  func expectRunning(sourceLocation: SourceLocation = #_sourceLocation) async {
    guard let end = child.endSoFar else { return }
    let words = await lastWords()
    Issue.record("the process ended (\(end)):\n\(words)", sourceLocation: sourceLocation)
  }

  /// What a process said that has ended.
  func lastWords() async -> String {
    var said: [String] = []
    for await line in child.lines { said.append(line) }
    return said.suffix(Self.lastWordCount).joined(separator: "\n")
  }

  private static let lastWordCount = 200

  struct NotStarted: Error, CustomStringConvertible {
    let output: String
    var description: String { "the process of the test ended while starting:\n\(output)" }
  }

  /// The address in the log line of a process that has begun to serve.
  private static func servingAddress(_ line: String) -> String? {
    guard line.contains("serving"), let match = line.firstMatch(of: /127\.0\.0\.1:(\d+)/) else {
      return nil
    }
    return String(match.output.0)
  }

  /// Waits until it answers with a token, which it can once it has fetched the signing keys.
  func ready(for member: Member) async throws {
    var options = member.options
    options.waitForReady = true
    _ = try await goals.listGoals(GoalsListGoalsRequest(), options)
  }

  func createGoal(_ title: String, as member: Member) async throws -> GoalsGoal {
    var options = member.options
    options.timeout = .seconds(120)
    return try await goals.createGoal(
      .with {
        $0.title = title
        $0.why = "x"
        $0.measure = "y"
        $0.dueOn = Samples.day(30)
      }, options)
  }
}
