import Access
import Cryptography
import Foundation
import HTTP2
import Launch
import Postgres
import RPC
import Reactor
import Schemas
import Storage
import StorageSupport
import SwiftProtobuf
import Synchronization

@testable import Identity

/// Identity on a real database, with its mail in a folder, beside a statement desk that answers
/// over a real connection.
struct House: Sendable {
  let service: IdentityService
  let subjects: SubjectDesk
  let tenants: TenantDesk
  let desk: Desk
  let clock: TestClock
  let authenticators = Authenticators()
  let mails: Letterbox
  let database: Database
  let admin: PostgresPool

  /// Cheap, so that tests are quick; the cost is Argon2's own matter.
  static let cheap = Argon2id.Parameters(memoryKiB: 64, passes: 1, lanes: 1)
  static let password = "tractor vijver kade"

  static func with(
    costs: Argon2id.Parameters = House.cheap,
    settings: IdentitySettings = IdentitySettings(linkBase: "https://ikso.example"),
    _ body: @Sendable (House) async throws -> Void
  ) async throws {
    let migrations = IdentityMain.migrations
    try await ServiceDatabase.with(schema: "identity", migrations: migrations) { base in
      let reactors = try ReactorGroup(count: 1)
      reactors.start()
      let blocking = BlockingPool(threads: 1, queueLimit: 64)
      let desk = Desk()
      let server = RPCServer(
        methods: desk.methods(),
        configuration: RPCServerConfiguration(
          address: SocketAddress(host: "127.0.0.1", port: 0), tls: nil),
        reactors: reactors)
      try server.start()
      let client = RPCClient(
        endpoint: Endpoint(host: "127.0.0.1", port: server.boundPort), tls: nil,
        reactors: reactors)
      let clock = TestClock()
      let outbox = try Outbox(
        database: base.database, vault: base.vault, schema: "identity")
      let accesses = AccessJournal(
        try AccessOutbox(database: base.database, vault: base.vault, schema: "identity"),
        vault: base.vault, now: { clock.now })
      let mails = try Letterbox(outbox) { clock.now }
      let signer = try await ErasureSigner(
        service: "identity", vault: base.vault, now: { clock.now })
      let erasure = OrganisationErasure(
        database: base.database, sessions: Sessions(settings), signer: signer,
        desk: OrganisationErasureDeskServiceClient(client), now: { clock.now })
      let house = House(
        service: IdentityService(
          database: base.database, vault: base.vault,
          passwords: try PasswordHashing(blocking: blocking, parameters: costs),
          breached: try .read(BreachedPasswords.forDevelopment), blocking: blocking,
          outbox: outbox, accesses: accesses, desk: StatementDeskServiceClient(client),
          erasure: erasure,
          keys: House.keys(base.database, base.vault, clock), throttle: SignInThrottle(),
          resetThrottle: SignInThrottle(), resets: PasswordResets(),
          failures: SignInFailures(), sessions: Sessions(settings),
          pages: PageTokens(base.vault), settings: settings, now: { clock.now }),
        subjects: SubjectDesk(
          SubjectStore(
            database: base.database, vault: base.vault, sessions: Sessions(settings),
            accesses: accesses, now: { clock.now }),
          signer: signer,
          // One batch a call, and few rows in it.
          scan: { tenant, needles, progress, _ in
            try await SubjectScan(database: base.database, schema: "identity", batch: 2)
              .go(on: progress, tenant: tenant, needles, until: .now)
          },
          describe: { try await Holdings(database: base.database, schema: "identity").tables() }),
        tenants: TenantDesk(
          try TenantErasure(
            database: base.database, vault: base.vault, schema: "identity",
            keeping: TenantErasure.Kept.ofIdentity, now: { clock.now }),
          signer: signer, demand: erasure.demandOrdered, finish: erasure.finish),
        desk: desk, clock: clock, mails: mails, database: base.database, admin: base.admin)
      var failure: (any Error)?
      do { try await body(house) } catch { failure = error }
      await client.shutdown()
      await server.shutdown(grace: .zero)
      blocking.shutdown()
      reactors.shutdown()
      mails.remove()
      if let failure { throw failure }
    }
  }

  static func keys(_ database: Database, _ vault: Vault, _ clock: TestClock) -> SigningKeys {
    SigningKeys(
      database: database, vault: vault, issuer: "https://identity.test",
      tokenLifetime: .seconds(300), activation: .seconds(60), now: { clock.now })
  }

  var links: PasswordResetLinks {
    PasswordResetLinks(
      database: database, vault: service.vault, outbox: service.outbox,
      links: service.settings.linkBase, now: service.now)
  }

  // MARK: Callers

  func call(_ caller: Caller, _ policy: AccessPolicy, from address: String = "10.0.0.1:5") -> Call {
    let method = IdentityServiceMethods.login
    return Call(
      caller: caller, rpc: ServerCall(method: method, remoteAddress: address), policy: policy)
  }

  func anyone(from address: String = "10.0.0.1:5") -> Call {
    call(.anonymous, IdentityServicePolicies.login, from: address)
  }

  func asOperator(_ policy: AccessPolicy) -> Call {
    call(.person(token(tenant: .platform, [.operator])), policy)
  }

  func asPerson(_ token: Token, _ policy: AccessPolicy) -> Call { call(.person(token), policy) }

  var asPrivacy: Call { call(.service("privacy"), SubjectDataServicePolicies.eraseSubject) }

  func token(tenant: UUID, _ roles: Set<Role>, subject: UUID = UUID()) -> Token {
    let now = clock.now
    return Token(
      issuer: "https://identity.test", subject: subject, tenant: tenant, roles: roles,
      session: UUID(), authenticatedAt: now, issuedAt: now, expiresAt: now + 900,
      statementHash: "")
  }

  // MARK: Steps

  func organisation(begin: String = "2026-01-01", end: String = "") async throws -> UUID {
    let organisation = try await service.registerOrganisation(
      .with {
        $0.name = "Acme Nederland"
        $0.contractBegin = begin
        $0.contractEnd = end
        $0.agreement.reference = "V-2026-7"
        $0.agreement.signedOn = "2025-12-01"
      }, asOperator(IdentityServicePolicies.registerOrganisation))
    return try UUID(field: "organisation_id", organisation.organisationID)
  }

  @discardableResult
  func importFile(_ tenant: UUID, _ csv: String) async throws -> UInt32 {
    try await service.importParticipants(
      .with {
        $0.organisationID = tenant.canonical
        $0.csv = Data(csv.utf8)
      }, asOperator(IdentityServicePolicies.importParticipants)
    ).imported
  }

  func login(
    _ tenant: UUID, _ email: String, _ password: String = House.password,
    from address: String = "10.0.0.1:5"
  ) async throws -> IdentityLoginResponse {
    try await service.login(
      .with {
        $0.organisationID = tenant.canonical
        $0.email = email
        $0.password = password
      }, anyone(from: address))
  }

  /// Signs in with what has to follow the password, but for the statement.
  func signIn(
    _ tenant: UUID, _ email: String, _ password: String = House.password,
    from address: String = "10.0.0.1:5"
  ) async throws -> IdentityLoginResponse {
    let answer = try await login(tenant, email, password, from: address)
    switch answer.challenge.step {
    case .factorSetup:
      let setup = try await service.beginFactor(
        .with { $0.challenge = answer.challenge.challenge }, anyone(from: address))
      try authenticators.add(setup.secret, for: email)
      let code = try authenticators.code(of: email, at: clock.now)
      return try await service.confirmFactor(
        .with {
          $0.challenge = answer.challenge.challenge
          $0.code = code
        }, anyone(from: address)
      ).signIn
    case .factor:
      return try await verify(
        answer, .code(try authenticators.code(of: email, at: clock.now)), from: address)
    default:
      return answer
    }
  }

  func verify(
    _ answer: IdentityLoginResponse, _ factor: IdentityVerifyFactorRequest.OneOf_Factor,
    from address: String = "10.0.0.1:5"
  ) async throws -> IdentityLoginResponse {
    try await service.verifyFactor(
      .with {
        $0.challenge = answer.challenge.challenge
        $0.factor = factor
      }, anyone(from: address))
  }

  /// Gives a second factor to somebody who is signed in; the recovery codes.
  func addFactor(to token: Token, _ email: String) async throws -> [String] {
    let setup = try await service.beginTotp(
      IdentityBeginTOTPRequest(), asPerson(token, FactorServicePolicies.beginTotp))
    try authenticators.add(setup.secret, for: email)
    let code = try authenticators.code(of: email, at: clock.now)
    return try await service.confirmTotp(
      .with { $0.code = code }, asPerson(token, FactorServicePolicies.confirmTotp)
    ).codes
  }

  /// Enrols somebody up to the password; the statement is published and accepted.
  func enrol(_ tenant: UUID, _ email: String, name: String = "Ada Lovelace") async throws -> UUID {
    desk.publish()
    let earlier = try await mails.codes(to: email)
    try await importFile(tenant, "name,email,role\n\(name),\(email),participant\n")
    let code = try await mails.code(to: email, except: earlier)
    let opened = try await service.openInvitation(.with { $0.code = code }, anyone())
    _ = try await service.acceptStatement(
      .with {
        $0.credential.invitationCode = code
        $0.version = opened.statement.version
        $0.sha256 = opened.statement.sha256
      }, anyone())
    try await setPassword(code)
    return try UUID(field: "person_id", opened.personID)
  }

  func setPassword(_ code: String, _ password: String = House.password) async throws {
    _ = try await service.setPassword(
      .with {
        $0.invitationCode = code
        $0.password = password
      }, anyone())
  }

  func count(_ table: String, _ tenant: UUID) async throws -> Int {
    let table = try SQLIdentifier(table)
    let result = try await admin.run(
      ["SELECT count(*) AS n FROM identity.\(table) WHERE tenant_id = \(tenant)"], deadline: nil)
    return try result[0][0].get("n")
  }
}

/// What a call is answered with when it fails: the code, and the text that the caller gets.
struct Refusal: Equatable, CustomStringConvertible {
  let code: StatusCode
  let message: String
  var description: String { "\(code): \(message)" }
}

func refusal<Value>(_ body: () async throws -> Value) async throws -> Refusal? {
  do {
    _ = try await body()
    return nil
  } catch let error as RPCError {
    return Refusal(code: error.code, message: error.message)
  } catch let error as any PublicError {
    return Refusal(code: error.status.code, message: error.status.message)
  }
}

final class TestClock: Sendable {
  private let time = Mutex(Date(timeIntervalSince1970: 1_790_000_000))  // 2026-09-21
  var now: Date { time.withLock(\.self) }
  func advance(_ seconds: TimeInterval) { time.withLock { $0 += seconds } }
}

/// Stands in for the privacy service: one text, published or not.
final class Desk: StatementDeskServiceHandler {
  static let hash = [UInt8](repeating: 7, count: 32)

  private struct State {
    var version: UInt32 = 0
    var accepted: [String: UInt32] = [:]
    var due: [String] = []
  }
  private let state = Mutex(State())

  func publish() { state.withLock { $0.version = max($0.version, 1) } }
  func publishNext() { state.withLock { $0.version += 1 } }

  /// Organisations that identity has reported, to be erased.
  var due: [String] { state.withLock(\.due) }

  func methods() -> [RPCMethod] {
    @Sendable func admit(_ rpc: ServerCall) -> Call {
      let policy = StatementDeskServicePolicies.checkAcceptance
      return Call(caller: .service("identity"), rpc: rpc, policy: policy)
    }
    return [
      .unary(StatementDeskServiceMethods.renderStatement, admit: { admit($0) }, renderStatement),
      .unary(StatementDeskServiceMethods.recordAcceptance, admit: { admit($0) }, recordAcceptance),
      .unary(StatementDeskServiceMethods.checkAcceptance, admit: { admit($0) }, checkAcceptance),
      .unary(
        OrganisationErasureDeskServiceMethods.reportDueOrganisation, admit: { admit($0) },
        reportDueOrganisation),
    ]
  }

  func reportDueOrganisation(
    _ request: PrivacyReportDueOrganisationRequest, _ call: Call
  ) async throws -> PrivacyOrganisationErasure {
    state.withLock { $0.due.append(request.organisationID) }
    return .with { $0.organisationID = request.organisationID }
  }

  func renderStatement(
    _ request: PrivacyRenderStatementRequest, _ call: Call
  ) async throws -> PrivacyPersonalStatement {
    let version = state.withLock(\.version)
    guard version > 0 else { throw RPCError.failedPrecondition("nothing published") }
    return .with {
      $0.version = version
      $0.sha256 = Data(Self.hash)
      $0.personName = request.personName
      $0.organisationName = request.organisationName
    }
  }

  func recordAcceptance(
    _ request: PrivacyRecordAcceptanceRequest, _ call: Call
  ) async throws -> PrivacyRecordAcceptanceResponse {
    try state.withLock { state in
      guard request.version == state.version, request.sha256 == Data(Self.hash) else {
        throw RPCError.failedPrecondition("the current version is \(state.version)")
      }
      state.accepted[request.subjectID] = request.version
    }
    return .with { $0.version = request.version }
  }

  func checkAcceptance(
    _ request: PrivacyCheckAcceptanceRequest, _ call: Call
  ) async throws -> PrivacyCheckAcceptanceResponse {
    state.withLock { state in
      .with {
        $0.currentVersion = state.version
        $0.currentSha256 = Data(Self.hash)
        $0.accepted = state.accepted[request.subjectID] == state.version
      }
    }
  }
}
