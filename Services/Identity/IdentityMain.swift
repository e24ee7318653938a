import Access
import ArgumentParser
import Cryptography
import Foundation
import Hosting
import Launch
import Logging
import RPC
import Reactor
import Schemas
import Storage

@main
struct IdentityMain: Launchable {
  static let name = "identity"
  static var migrations: URL { Bundle.module.bundleURL.appending(path: "Migrations") }

  static var sendsMail: Bool { true }

  static var extraCommands: [any ParsableCommand.Type] { [OperatorCommand.self] }

  static func main() async { await launch() }

  static func methods(_ runtime: Runtime) async throws -> [RPCMethod] {
    let keys = try signingKeys(of: runtime)
    let settings = try IdentitySettings(runtime.configuration)
    let sessions = Sessions(settings)
    let erasure = try await organisationErasure(of: runtime, sessions)
    let service = IdentityService(
      database: runtime.database, vault: runtime.vault,
      passwords: try PasswordHashing(blocking: .forPasswords(runtime.configuration)),
      breached: try .configured(runtime.configuration), blocking: runtime.blocking,
      outbox: runtime.outbox, accesses: accessJournal(of: runtime),
      desk: StatementDeskServiceClient(try runtime.peer("privacy")), erasure: erasure,
      keys: keys, throttle: SignInThrottle(), resetThrottle: SignInThrottle(), resets: resets,
      failures: failures, sessions: sessions, pages: PageTokens(runtime.vault),
      settings: settings, now: runtime.now)
    let subjects = SubjectDesk(
      SubjectStore(
        database: runtime.database, vault: runtime.vault, sessions: sessions,
        accesses: service.accesses, now: runtime.now),
      signer: erasure.signer, scan: runtime.scan, describe: runtime.holdings)
    let tenants = TenantDesk(
      try runtime.tenantErasure(keeping: TenantErasure.Kept.ofIdentity), signer: erasure.signer,
      demand: erasure.demandOrdered, finish: erasure.finish)
    let serviceAccounts: some ServiceAccountServiceHandler = service
    let serviceTokens: some ServiceTokenServiceHandler = service
    let support: some SupportServiceHandler = service
    let guarded = runtime.accessGuard
    let identity: some IdentityServiceHandler = service
    let organisations: some OrganisationServiceHandler = service
    let sessionHandler: some SessionServiceHandler = service
    let people: some PeopleServiceHandler = service
    let minors: some MinorServiceHandler = service
    let programmes: some ProgrammeServiceHandler = service
    let reports: some ReportServiceHandler = service
    let personDesk: some PersonDeskServiceHandler = service
    let signIn: some SignInServiceHandler = service
    let factors: some FactorServiceHandler = service
    let passwords: some PasswordServiceHandler = service
    let log: some SecurityLogServiceHandler = service
    let devices: some DeviceServiceHandler = service
    var methods = identity.methods(guarded)
    methods += organisations.methods(guarded)
    methods += people.methods(guarded)
    methods += minors.methods(guarded)
    methods += programmes.methods(guarded)
    methods += reports.methods(guarded)
    methods += personDesk.methods(guarded)
    methods += sessionHandler.methods(guarded)
    methods += signIn.methods(guarded)
    methods += factors.methods(guarded)
    methods += passwords.methods(guarded)
    methods += log.methods(guarded)
    methods += serviceAccounts.methods(guarded)
    methods += serviceTokens.methods(guarded)
    methods += support.methods(guarded)
    methods += devices.methods(guarded)
    methods += SigningKeyService(keys: keys).methods(guarded)
    methods += RevocationDesk(feed: revocationFeed(of: runtime)).methods(guarded)
    methods += subjects.methods(guarded)
    methods += tenants.methods(guarded)
    methods += OrganisationDesk(erasure: erasure, pages: service.pages).methods(guarded)
    methods += NoticeDesk(
      database: runtime.database, bell: noticeBell, now: runtime.now
    ).methods(guarded)
    methods += SelfTestDesk(runtime, migrations: migrations).methods(guarded)
    methods += MailDesk(
      runtime.outbox, pages: service.pages, now: runtime.now, record: service.recordMailRetry
    ).methods(guarded)
    return methods
  }

  static func background(_ runtime: Runtime) async throws {
    let sessions = Sessions(try IdentitySettings(runtime.configuration))
    let erasure = try await organisationErasure(of: runtime, sessions)
    let links = PasswordResetLinks(
      database: runtime.database, vault: runtime.vault, outbox: runtime.outbox,
      links: try IdentitySettings(runtime.configuration).linkBase, now: runtime.now)
    async let sent: Void = resets.forEach { wish in
      do {
        try await links.send(wish)
      } catch {
        runtime.logger.error(
          "a link to a new password was not sent", metadata: ["error": "\(error)"])
      }
    }
    let failureLog = FailureLog(
      database: runtime.database, vault: runtime.vault, logger: runtime.logger)
    async let recorded: Void = failures.forEach { await failureLog.write($0, lost: $1) }
    let subjects = SubjectStore(
      database: runtime.database, vault: runtime.vault, sessions: sessions,
      accesses: accessJournal(of: runtime), now: runtime.now)
    let courier = try AccessCourier(runtime)
    async let brought: Void = courier.keepGoing()
    let notices = NoticeRounds(
      database: runtime.database, vault: runtime.vault, outbox: runtime.outbox,
      links: try IdentitySettings(runtime.configuration).linkBase, bell: noticeBell,
      logger: runtime.logger, now: runtime.now)
    async let noticed: Void = notices.keepGoing()
    let accounts = ServiceAccountSweep(database: runtime.database, now: runtime.now)
    async let swept: Void = accounts.keepGoing { error in
      runtime.logger.warning("service accounts not swept", metadata: ["error": "\(error)"])
    }
    try await ErasureSweep(erasure: erasure, subjects: subjects, logger: runtime.logger)
      .keepGoing()
    await sent
    await recorded
    _ = try await (swept, brought, noticed)
  }

  /// What the methods take and the background sends.
  private static let resets = PasswordResets()
  private static let failures = SignInFailures()
  private static let noticeBell = Bell(.each)

  /// Identity reads its own table instead of calling itself.
  static func signingKeys(_ runtime: Runtime) async throws -> [PublishedKey] {
    try await signingKeys(of: runtime).published()
  }

  /// As well; and what no token can concern any more goes.
  static func followRevocations(
    _ runtime: Runtime, after sequence: Int64, _ take: @escaping RevocationWatch.Take
  ) async throws {
    let feed = revocationFeed(of: runtime)
    async let swept: Void = feed.sweep { error in
      runtime.logger.warning("revocations not swept", metadata: ["error": "\(error)"])
    }
    try await feed.follow(after: sequence) { revocations, sequence in
      take(revocations, sequence)
    }
    try await swept
  }

  private static func revocationFeed(of runtime: Runtime) -> RevocationFeed {
    RevocationFeed(
      database: runtime.database, drainSignal: runtime.drainSignal, now: runtime.now)
  }

  private static func organisationErasure(
    of runtime: Runtime, _ sessions: Sessions
  ) async throws -> OrganisationErasure {
    OrganisationErasure(
      database: runtime.database, sessions: sessions, signer: try await ErasureSigner(runtime),
      desk: OrganisationErasureDeskServiceClient(try runtime.peer("privacy")), now: runtime.now)
  }

  private static func accessJournal(of runtime: Runtime) -> AccessJournal {
    AccessJournal(runtime.accesses, vault: runtime.vault, now: runtime.now)
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
      try configuration.int("tokens.lifetimeSeconds", default: 300, in: 60...3_600))
    sessions.idle = TimeInterval(
      try configuration.int(
        "sessions.idleSeconds", default: 3_600, in: 300...Int(SessionLimits.longest)))
    sessions.absolute = TimeInterval(
      try configuration.int(
        "sessions.absoluteSeconds", default: 86_400, in: 300...Int(SessionLimits.longest)))
    registrationLifetime = .seconds(
      86_400 * (try configuration.int("registrations.lifetimeDays", default: 3, in: 1...90)))
    unconfirmedLimit = try configuration.int(
      "registrations.unconfirmedLimit", default: unconfirmedLimit, in: 1...100_000)
  }
}

extension SelfTestDesk: IdentitySelfTestServiceHandler {}

extension MailDesk: IdentityMailServiceHandler {}
