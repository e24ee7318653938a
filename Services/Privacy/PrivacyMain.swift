import Access
import Archive
import Foundation
import Hosting
import Launch
import Logging
import RPC
import Reactor
import Schemas
import Storage
import Telemetry

@main
struct PrivacyMain: Launchable {
  static let name = "privacy"
  static var migrations: URL { Bundle.module.bundleURL.appending(path: "Migrations") }

  static var sendsMail: Bool { true }

  static func main() async { await launch() }

  static func methods(_ runtime: Runtime) async throws -> [RPCMethod] {
    let identity = try runtime.peer("identity")
    let archiveKey = try await ArchiveSigningKey(vault: runtime.vault)
    let contacts = try ContactSettings(runtime.configuration)
    let log = accessLog(of: runtime, archiveKey)
    let requests = RequestDesk(
      database: runtime.database, vault: runtime.vault, pages: log.pages,
      answers: runtime.answers, identity: IdentityServiceClient(identity),
      people: PeopleServiceClient(identity),
      persons: PersonDeskServiceClient(identity), archiveKey: archiveKey, log: log,
      bell: requestBell,
      authorityLink: contacts.authorityLink,
      drainSignal: runtime.drainSignal, now: runtime.now)
    let service = PrivacyService(
      database: runtime.database, vault: runtime.vault, pages: requests.pages,
      answers: runtime.answers, identity: requests.identity, requests: requests,
      archiveKey: archiveKey, now: runtime.now)
    let consents = ConsentService(
      database: runtime.database, vault: runtime.vault, pages: service.pages,
      persons: requests.persons, signingKey: service.archiveKey, now: runtime.now)
    let activities = ActivityService(
      database: runtime.database, identity: service.identity,
      organisations: OrganisationDeskServiceClient(identity),
      processor: runtime.configuration.string("record.processor", default: "IKSO"),
      officer: contacts.officer,
      holdings: DescribedHoldings(
        holders: try DataHolder.all(runtime), own: runtime.holdings), now: runtime.now)
    let desk = StatementDesk(
      database: runtime.database,
      contacts: PersonalStatementText.Contacts(
        officer: contacts.officer, authority: contacts.authority,
        authorityLink: contacts.authorityLink),
      now: runtime.now)
    let accesses: some AccessLogServiceHandler = log
    let intake: some AccessIntakeServiceHandler = log
    let guarded = runtime.accessGuard
    var methods = service.methods(guarded)
    methods += requestMethods(requests, guarded)
    methods += desk.methods(guarded)
    methods += consents.methods(guarded)
    methods += activities.methods(guarded)
    methods += TrafficDesk(database: runtime.database, now: runtime.now).methods(guarded)
    methods += StatementService(database: runtime.database, now: runtime.now).methods(guarded)
    methods += PurposeDesk(feed: purposeFeed(of: runtime)).methods(guarded)
    methods += accesses.methods(guarded)
    methods += intake.methods(guarded)
    methods += SelfTestDesk(runtime, migrations: migrations).methods(guarded)
    methods += try registerMethods(runtime, contacts, log)
    let erasures = OrganisationErasureDesk(
      store: try OrganisationErasureStore(runtime), pages: service.pages, bell: erasureBell,
      now: runtime.now)
    let erasureList: some OrganisationErasureServiceHandler = erasures
    let erasureDesk: some OrganisationErasureDeskServiceHandler = erasures
    methods += erasureList.methods(guarded) + erasureDesk.methods(guarded)
    return methods
  }

  private static func accessLog(of runtime: Runtime, _ key: ArchiveSigningKey) -> AccessLog {
    AccessLog(
      database: runtime.database, vault: runtime.vault, pages: PageTokens(runtime.vault),
      signingKey: key, now: runtime.now)
  }

  /// Registers, breaches, complaints, intake and retention.
  private static func registerMethods(
    _ runtime: Runtime, _ contacts: ContactSettings, _ log: AccessLog
  ) throws -> [RPCMethod] {
    let (database, guarded, pages) = (runtime.database, runtime.accessGuard, log.pages)
    let registers = RegisterDesk(
      database: database, vault: runtime.vault, pages: pages, answers: runtime.answers,
      identity: IdentityServiceClient(try runtime.peer("identity")), contacts: contacts,
      objectionPeriod: try ObjectionPeriod(runtime.configuration), now: runtime.now)
    let complaints = ComplaintDesk(
      database: database, vault: runtime.vault, pages: pages, answers: runtime.answers,
      contacts: contacts, log: log, now: runtime.now)
    let intake = IntakeDesk(
      database: database, vault: runtime.vault, pages: pages, throttle: IntakeThrottle(),
      log: log, now: runtime.now)
    let retention = RetentionDesk(
      database: database, pages: pages, sweep: try RetentionSweep(runtime),
      identity: IdentityServiceClient(try runtime.peer("identity")), now: runtime.now)
    let newsletter = NewsletterDesk(
      database: database, vault: runtime.vault, pages: pages, answers: runtime.answers,
      throttle: IntakeThrottle(), outbox: runtime.outbox,
      links: try NewsletterLinks(runtime.configuration), now: runtime.now)
    let mail = MailDesk(runtime.outbox, pages: pages, now: runtime.now)
    var methods = registers.methods(guarded)
    methods += try runtime.breachDesk(contacts).methods(guarded)
    methods += newsletter.methods(guarded) + mail.methods(guarded)
    methods += complaints.methods(guarded) + intake.methods(guarded) + retention.methods(guarded)
    return methods
  }

  private static func requestMethods(
    _ requests: RequestDesk, _ guarded: AccessGuard
  ) -> [RPCMethod] {
    let officers: some RequestServiceHandler = requests
    let own: some OwnRequestServiceHandler = requests
    let holds: some LegalHoldServiceHandler = requests
    let downloads: some DownloadServiceHandler = requests
    let proofs: some ProofServiceHandler = requests
    return officers.methods(guarded) + own.methods(guarded) + holds.methods(guarded)
      + downloads.methods(guarded) + proofs.methods(guarded)
  }

  /// Between the methods, which take requests, and the background, which carries them out.
  private static let requestBell = Bell(.each)

  static func background(_ runtime: Runtime) async throws {
    let lease = try runtime.configuration.int("requests.leaseSeconds", default: 30, in: 2...600)
    let archiveKey = try await ArchiveSigningKey(vault: runtime.vault)
    let parts = RequestParts(
      database: runtime.database, vault: runtime.vault, answers: runtime.answers,
      queue: RequestQueue(database: runtime.database, lease: TimeInterval(lease)),
      holders: try DataHolder.all(runtime), purposes: runtime.purposes, archiveKey: archiveKey,
      archiveLimit: try archiveLimit(runtime.configuration),
      signer: try await ErasureSigner(runtime), log: accessLog(of: runtime, archiveKey),
      ownScan: try SubjectScan(database: runtime.database, schema: name),
      scanKeys: { try await runtime.scanKeys(tenant: $0, $1) }, now: runtime.now)
    let rounds = RequestRounds(parts: parts, bell: requestBell, logger: runtime.logger)
    async let swept: Void = try RetentionSweep(runtime).keepGoing(runtime.logger)
    async let ended: Void = organisationErasures(runtime, parts).keepGoing()
    let notices = NoticeRounds(
      NoticeQueue(database: runtime.database),
      to: NoticeServiceClient(try runtime.peer("identity")), metrics: .standard,
      logger: runtime.logger, now: runtime.now)
    async let noticed: Void = notices.keepGoing()
    let newsletter = NewsletterRounds(
      database: runtime.database, vault: runtime.vault, outbox: runtime.outbox,
      links: try NewsletterLinks(runtime.configuration),
      pace: try runtime.configuration.int(
        "newsletter.mailsPerMinute", default: 600, in: 1...60_000),
      logger: runtime.logger, now: runtime.now)
    async let written: Void = newsletter.keepGoing()
    try await rounds.keepGoing()
    _ = try await (swept, ended, noticed, written)
  }

  private static func archiveLimit(_ configuration: ServiceConfiguration) throws -> Int {
    let most = SignedArchive.maximumBytes
    return try configuration.int("requests.archiveBytes", default: most, in: 1_024...most)
  }

  private static func organisationErasures(
    _ runtime: Runtime, _ requests: RequestParts
  ) throws -> OrganisationErasureRounds {
    func holder(_ name: String) throws -> TenantHolder {
      TenantHolder(name: name, client: TenantDataServiceClient(try runtime.peer(name)))
    }
    return OrganisationErasureRounds(
      parts: OrganisationErasureParts(
        database: runtime.database, store: try OrganisationErasureStore(runtime),
        identity: OrganisationDeskServiceClient(try runtime.peer("identity")),
        others: [try holder("feedback"), try holder("goals")],
        identityHolder: try holder("identity"),
        own: try runtime.tenantErasure(keeping: TenantErasure.Kept.ofPrivacy),
        archiveKey: requests.archiveKey, signer: requests.signer, now: runtime.now),
      bell: erasureBell, logger: runtime.logger)
  }

  /// As `requestBell`, of organisations that are due.
  private static let erasureBell = Bell(.each)

  /// Privacy keeps what it sees itself, as what the others see.
  static func reportTraffic(
    _ runtime: Runtime, _ seen: [TrafficCount.Method: UInt64]
  ) async throws {
    try await TrafficDesk(database: runtime.database, now: runtime.now).store(seen, by: name)
  }

  /// Privacy reads its own table instead of calling itself; and what was lifted long ago goes.
  static func followPurposes(
    _ runtime: Runtime, after sequence: Int64, _ take: @escaping PurposeWatch.Take
  ) async throws {
    let feed = purposeFeed(of: runtime)
    async let swept: Void = feed.sweep { error in
      runtime.logger.warning("purposes not swept", metadata: ["error": "\(error)"])
    }
    try await feed.follow(after: sequence) { take(PurposeChanges($0)) }
    try await swept
  }

  private static func purposeFeed(of runtime: Runtime) -> PurposeFeed {
    PurposeFeed(
      database: runtime.database, drainSignal: runtime.drainSignal, now: runtime.now)
  }
}

extension SelfTestDesk: PrivacySelfTestServiceHandler {}

extension MailDesk: PrivacyMailServiceHandler {}

extension OrganisationErasureStore {
  init(_ runtime: Runtime) throws {
    self.init(
      database: runtime.database,
      lease: TimeInterval(
        try runtime.configuration.int("requests.leaseSeconds", default: 30, in: 2...600)))
  }
}

extension RetentionSweep {
  init(_ runtime: Runtime) throws {
    self.init(
      database: runtime.database, vault: runtime.vault,
      organisations: OrganisationList(
        identity: OrganisationDeskServiceClient(try runtime.peer("identity"))),
      now: runtime.now)
  }
}
