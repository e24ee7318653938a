package import Access
package import ArgumentParser
package import Foundation
package import Hosting
package import RPC
import Schemas
import SwiftProtobuf

/// A service: what `main` of its process says about it. Conform a `@main` struct whose
/// `main` calls `launch()`; the commands `serve`, `migrate`, `check` and `keys` come with it.
package protocol Launchable: Sendable {
  /// The service's name, which is also that of its schema and its certificate: `goals`.
  static var name: String { get }
  /// The folder of its SQL files.
  static var migrations: URL { get }
  /// Its methods, guarded by `runtime.accessGuard`.
  static func methods(_ runtime: Runtime) async throws -> [RPCMethod]
  /// The public keys that tokens are verified with; by default those that identity publishes.
  static func signingKeys(_ runtime: Runtime) async throws -> [PublishedKey]
  /// What it does of itself while it serves; ends with its task.
  static func background(_ runtime: Runtime) async throws
  /// Whether its schema has an outbox, and the settings `mail.*` are compulsory.
  static var sendsMail: Bool { get }
  /// Follows the revocation of tokens until that breaks; by default the stream of identity.
  static func followRevocations(
    _ runtime: Runtime, after sequence: Int64, _ take: @escaping RevocationWatch.Take
  ) async throws
  /// Follows which purposes are stopped until that breaks; by default the stream of privacy.
  static func followPurposes(
    _ runtime: Runtime, after sequence: Int64, _ take: @escaping PurposeWatch.Take
  ) async throws
  /// Tells which methods were called, for the record of processing; by default privacy.
  static func reportTraffic(
    _ runtime: Runtime, _ seen: [TrafficCount.Method: UInt64]
  ) async throws
  /// Commands of its own besides those.
  static var extraCommands: [any ParsableCommand.Type] { get }
}

extension Launchable {
  package static var extraCommands: [any ParsableCommand.Type] { [] }

  package static func background(_ runtime: Runtime) async throws {}

  package static var sendsMail: Bool { false }

  package static func signingKeys(_ runtime: Runtime) async throws -> [PublishedKey] {
    try await runtime.peers.publishedKeys()
  }

  package static func followRevocations(
    _ runtime: Runtime, after sequence: Int64, _ take: @escaping RevocationWatch.Take
  ) async throws {
    try await runtime.peers.followRevocations(after: sequence, take)
  }

  package static func followPurposes(
    _ runtime: Runtime, after sequence: Int64, _ take: @escaping PurposeWatch.Take
  ) async throws {
    try await runtime.peers.followPurposes(after: sequence, take)
  }

  package static func reportTraffic(
    _ runtime: Runtime, _ seen: [TrafficCount.Method: UInt64]
  ) async throws {
    try await runtime.peers.reportTraffic(seen)
  }

  /// Runs the command that the process was started with; `main` calls it and nothing else.
  package static func launch() async {
    await ServiceCommand<Self>.main()
  }
}

struct ServiceCommand<Service: Launchable>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "ikso-\(Service.name)",
      abstract: "The \(Service.name) service of IKSO.",
      subcommands: [
        ServeCommand<Service>.self, MigrateCommand<Service>.self, CheckCommand<Service>.self,
        KeysCommand<Service>.self,
      ] + Service.extraCommands)
  }
}
