import Access
import Cryptography
import Foundation
import HTTP2
import Postgres
import RPC
import Reactor
import Schemas
import Storage
import StorageSupport
import SwiftProtobuf
import Synchronization
import Testing

@testable import Privacy

/// The registers, breaches, complaints, intake and retention on a real database, beside an identity
/// that answers over a real connection and knows two organisations.
struct RegisterHome: Sendable {
  let registers: RegisterDesk
  let breaches: BreachDesk
  let complaints: ComplaintDesk
  let intake: IntakeDesk
  let retention: RetentionDesk
  let base: ServiceDatabase
  let clock: MovableClock
  let reactors: ReactorGroup

  static let first = UUID()
  static let second = UUID()
  static let start = Date(timeIntervalSince1970: 1_800_000_000)
  static let contacts = ContactSettings(
    officer: "officer@example.org", authority: "Authority",
    authorityLink: "https://authority.example.org/complain", dataLeak: "leak@example.org")

  static func with(_ body: @Sendable (RegisterHome) async throws -> Void) async throws {
    try await ServiceDatabase.with(schema: "privacy", migrations: PrivacyMain.migrations) { base in
      let reactors = try ReactorGroup(count: 1)
      reactors.start()
      let server = RPCServer(
        methods: [neighbour, directory],
        configuration: RPCServerConfiguration(
          address: SocketAddress(host: "127.0.0.1", port: 0), tls: nil),
        reactors: reactors)
      try server.start()
      let client = RPCClient(
        endpoint: Endpoint(host: "127.0.0.1", port: server.boundPort), tls: nil,
        reactors: reactors)
      let reserved = PostgresPool(
        configuration: base.database.pool.configuration, reactors: reactors)
      var failure: (any Error)?
      do {
        try await body(
          RegisterHome(base, reserved, client, reactors))
      } catch {
        failure = error
      }
      await client.shutdown()
      await server.shutdown(grace: .zero)
      await reserved.shutdown()
      reactors.shutdown()
      if let failure { throw failure }
    }
  }

  private init(
    _ base: ServiceDatabase, _ reserved: PostgresPool, _ client: RPCClient,
    _ reactors: ReactorGroup
  ) throws {
    let identity = IdentityServiceClient(client)
    let clock = MovableClock(Self.start)
    let (database, vault) = (base.database, base.vault)
    let now: @Sendable () -> Date = { clock.now }
    let answers = try KeptAnswers(database: database, vault: vault, schema: "privacy")
    let pages = PageTokens(vault)
    let log = AccessLog(
      database: database, vault: vault, pages: pages,
      signingKey: ArchiveSigningKey(id: "test", key: try Ed25519PrivateKey.generate()), now: now)
    registers = RegisterDesk(
      database: database, vault: vault, pages: pages, answers: answers, identity: identity,
      contacts: Self.contacts, objectionPeriod: ObjectionPeriod(days: 30), now: now)
    let own = Database(pool: reserved)
    breaches = BreachDesk(
      database: own, vault: vault, pages: pages,
      answers: try KeptAnswers(database: own, vault: vault, schema: "privacy"),
      identity: identity, contacts: Self.contacts, now: now)
    complaints = ComplaintDesk(
      database: database, vault: vault, pages: pages, answers: answers, contacts: Self.contacts,
      log: log, now: now)
    intake = IntakeDesk(
      database: database, vault: vault, pages: pages, throttle: IntakeThrottle(), log: log,
      now: now)
    retention = RetentionDesk(
      database: database, pages: pages,
      sweep: RetentionSweep(
        database: database, vault: vault,
        organisations: OrganisationList(identity: OrganisationDeskServiceClient(client)), now: now),
      identity: identity, now: now)
    (self.base, self.clock, self.reactors) = (base, clock, reactors)
  }

  private static let neighbour = RPCMethod.unary(
    IdentityServiceMethods.getOrganisation, admit: { $0.bearerToken }
  ) { (request: IdentityGetOrganisationRequest, _: String?) in
    guard [first.canonical, second.canonical].contains(request.organisationID) else {
      throw RPCError.notFound("organisation not found")
    }
    return IdentityOrganisation.with { $0.organisationID = request.organisationID }
  }

  private static let directory = RPCMethod.unary(
    OrganisationDeskServiceMethods.listOrganisationIds, admit: { $0.bearerToken }
  ) { (_: IdentityListOrganisationIdsRequest, _: String?) in
    IdentityListOrganisationIdsResponse.with {
      $0.organisationIds = [first.canonical, second.canonical]
    }
  }

  // MARK: Callers

  /// `policy`: of the method that is called.
  static func operators(_ policy: AccessPolicy, key: String? = nil) -> Call {
    call(.platform, [.operator], policy, subject: operatorID, key: key)
  }

  static func officer(
    _ tenant: UUID, _ policy: AccessPolicy, subject: UUID = UUID(), key: String? = nil
  ) -> Call {
    call(tenant, [.privacyOfficer], policy, subject: subject, key: key)
  }

  static func participant(
    _ tenant: UUID, _ policy: AccessPolicy, subject: UUID = UUID(), key: String? = nil
  ) -> Call {
    call(tenant, [.participant], policy, subject: subject, key: key)
  }

  static func service(_ name: String, _ policy: AccessPolicy) -> Call {
    Call(
      caller: .service(name), rpc: ServerCall(method: BreachServiceMethods.reportBreach),
      policy: policy)
  }

  static func anybody(_ policy: AccessPolicy) -> Call {
    Call(
      caller: .anonymous, rpc: ServerCall(method: IntakeServiceMethods.submitForm), policy: policy)
  }

  private static let operatorID = UUID()

  private static func call(
    _ tenant: UUID, _ roles: Set<Role>, _ policy: AccessPolicy, subject: UUID, key: String?
  ) -> Call {
    var metadata: Metadata = ["authorization": "Bearer the caller's token"]
    if let key { try? metadata.add(Call.idempotencyKeyName, key) }
    let token = Token(
      issuer: "https://identity.test", subject: subject, tenant: tenant, roles: roles,
      session: UUID(), authenticatedAt: start, issuedAt: start, expiresAt: start + 900,
      statementHash: "")
    return Call(
      caller: .person(token),
      rpc: ServerCall(method: RegisterServiceMethods.recordTransfer, metadata: metadata),
      policy: policy)
  }
}

/// A clock that a test sets.
final class MovableClock: Sendable {
  private let time: Mutex<Date>

  init(_ start: Date) { time = Mutex(start) }

  var now: Date { time.withLock { $0 } }

  func move(days: Double = 0, hours: Double = 0, seconds: TimeInterval = 0) {
    time.withLock { $0 += days * 86_400 + hours * 3_600 + seconds }
  }

  func set(_ date: Date) { time.withLock { $0 = date } }
}

/// Code and text that a caller gets; nil: it was answered.
func refused<Value>(_ body: () async throws -> Value) async throws -> String? {
  do {
    _ = try await body()
    return nil
  } catch let error as RPCError {
    return error.description
  } catch let error as any PublicError {
    return error.status.description
  }
}

/// Expects the code at the beginning of the refusal and all texts somewhere in it.
func expectRefused<Value>(
  _ code: String, _ texts: String..., at location: SourceLocation = #_sourceLocation,
  _ body: () async throws -> Value
) async throws {
  let found = try await refused(body)
  #expect(found?.hasPrefix(code) == true, "\(found ?? "answered")", sourceLocation: location)
  for text in texts {
    #expect(found?.contains(text) == true, "\(found ?? "answered")", sourceLocation: location)
  }
}
