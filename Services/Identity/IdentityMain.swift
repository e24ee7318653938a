import Access
import ArgumentParser
import Cryptography
import Reactor
import Foundation
import Launch
import RPC
import Schemas
import Storage

@main
struct IdentityMain: Launchable {
  static let name = "identity"
  static var migrations: URL { Bundle.module.bundleURL.appending(path: "Migrations") }

  static var extraCommands: [any ParsableCommand.Type] { [OperatorCommand.self] }

  static func main() async { await launch() }

  static func methods(_ runtime: Runtime) async throws -> [RPCMethod] {
    let keys = try signingKeys(of: runtime)
    let service = IdentityService(
      database: runtime.database, vault: runtime.vault,
      passwords: try PasswordHashing(blocking: .forPasswords(runtime.configuration)),
      breached: try .configured(runtime.configuration), blocking: runtime.blocking,
      mail: runtime.mail, desk: StatementDeskServiceClient(try runtime.peer("privacy")),
      keys: keys, throttle: SignInThrottle(), pages: PageTokens(runtime.vault),
      settings: try IdentitySettings(runtime.configuration), now: runtime.now)
    let subjects = SubjectDesk(
      SubjectStore(database: runtime.database, vault: runtime.vault), scan: runtime.scan)
    let guarded = runtime.accessGuard
    let signIn: some IdentityServiceHandler = service
    let organisations: some OrganisationServiceHandler = service
    return signIn.methods(guarded) + organisations.methods(guarded)
      + SigningKeyService(keys: keys).methods(guarded)
      + subjects.methods(guarded)
      + SelfTestDesk(runtime, migrations: migrations).methods(guarded)
  }

  static func background(_ runtime: Runtime) async throws {
    let erasure = OrganisationErasure(
      database: runtime.database, vault: runtime.vault, now: runtime.now)
    try await ErasureSweep(erasure: erasure, logger: runtime.logger).keepGoing()
  }

  /// Identity reads its own table instead of calling itself.
  static func signingKeys(_ runtime: Runtime) async throws -> [PublishedKey] {
    try await signingKeys(of: runtime).published()
  }

  private static func signingKeys(of runtime: Runtime) throws -> SigningKeys {
    let settings = try IdentitySettings(runtime.configuration)
    return SigningKeys(
      database: runtime.database, vault: runtime.vault,
      issuer: runtime.configuration.string("tokens.issuer", default: defaultTokenIssuer),
      tokenLifetime: settings.tokenLifetime,
      activation: .seconds(
        try runtime.configuration.int(
          "tokens.keyActivationSeconds", default: 60, in: 0...3_600)),
      now: runtime.now)
  }
}

extension IdentitySettings {
  init(_ configuration: ServiceConfiguration) throws(LaunchError) {
    var base = try configuration.string("links.base")
    while base.last == "/" { base.removeLast() }
    linkBase = base
    invitationLifetime = .seconds(
      86_400 * (try configuration.int("invitations.lifetimeDays", default: 14, in: 1...90)))
    tokenLifetime = .seconds(
      try configuration.int("tokens.lifetimeSeconds", default: 900, in: 60...86_400))
  }
}

extension SelfTestDesk: IdentitySelfTestServiceHandler {}
