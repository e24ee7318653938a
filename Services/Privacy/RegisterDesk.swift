import Access
import Cryptography
import Foundation
import Hosting
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// The registers (clauses 12d, 12g, 19, 30 to 32): what their methods stand on. A file in Methods/
/// for each register.
struct RegisterDesk: RegisterServiceHandler {
  let database: Database
  let vault: Vault
  let pages: PageTokens
  let answers: KeptAnswers
  let identity: IdentityServiceClient
  let contacts: ContactSettings
  let objectionPeriod: ObjectionPeriod
  let now: @Sendable () -> Date

  /// Whose entries a request is about: an operator's names an organisation that is there, or means
  /// the platform; everybody else's is about their own.
  func organisation(_ id: String, _ call: Call) async throws -> UUID {
    let own = try call.tenant()
    guard !id.isEmpty else { return own }
    let tenant = try call.tenant(organisation: id)
    if tenant != own { try await identity.demandOrganisation(tenant, call) }
    return tenant
  }

  /// Makes an entry in the mandate's organisation, once under the caller's idempotency key.
  func entry<Request: Message, Response: Message>(
    _ request: Request, _ mandate: Mandate, _ call: Call,
    _ write: (TenantTransaction) async throws -> Response
  ) async throws -> Response {
    try await call.entry(request, mandate, answers, database, write)
  }
}

extension IdentityServiceClient {
  /// NOT_FOUND for an organisation that is not there.
  func demandOrganisation(_ tenant: UUID, _ call: Call) async throws {
    _ = try await getOrganisation(.with { $0.organisationID = tenant.canonical }, call.forwarded)
  }
}

extension Call {
  /// Makes a write of one transaction, and with an idempotency key only once: its answer is kept in
  /// that transaction.
  func entry<Request: Message, Response: Message>(
    _ request: Request, _ mandate: Mandate, _ answers: KeptAnswers, _ database: Database,
    _ write: (TenantTransaction) async throws -> Response
  ) async throws -> Response {
    try await once(request, mandate, answers) { once in
      let keep = once.keep { (made: Response) in made }
      return try await database.transaction(mandate) { transaction in
        let made = try await write(transaction)
        if let keep { try transaction.queryAtCommit(keep(made)) }
        return made
      }
    }
  }
}

extension Vault {
  /// The key of what belongs to an organisation, or to the platform, and to no person; made if
  /// there is none.
  func organisationKey(_ tenant: UUID) async throws(VaultError) -> SealingKey {
    do {
      return try await self.tenant(tenant)
    } catch .tenantAbsent {
      try await createTenant(tenant)
      return try await self.tenant(tenant)
    }
  }
}

/// Whom people can turn to (clauses 39, 44 and 47): settings, and never code.
struct ContactSettings: Sendable, Equatable {
  /// E-mail or web address of the data protection officer.
  var officer: String
  var authority: String
  /// Where to complain with the supervisory authority.
  var authorityLink: String
  var dataLeak: String
}

extension ContactSettings {
  /// `contacts.officer`, `.authority`, `.authorityLink`, `.dataLeak`; all are compulsory.
  init(_ configuration: ServiceConfiguration) throws(LaunchError) {
    officer = try Self.address("contacts.officer", configuration)
    authority = try configuration.string("contacts.authority")
    authorityLink = try Self.address("contacts.authorityLink", configuration)
    dataLeak = try Self.address("contacts.dataLeak", configuration)
  }

  private static func address(
    _ key: String, _ configuration: ServiceConfiguration
  ) throws(LaunchError) -> String {
    let text = try configuration.string(key)
    guard (try? StatementContact(text))?.text == text else {
      throw LaunchError(
        "the setting \(key) is '\(text)'",
        remedy: "give an e-mail address or a web address (https://…)")
    }
    return text
  }
}

extension ObjectionPeriod {
  /// `registers.objectionDays`.
  init(_ configuration: ServiceConfiguration) throws(LaunchError) {
    days = try configuration.int(
      "registers.objectionDays", default: Self.standardDays, in: Self.allowedDays)
  }
}

extension UUID {
  /// As entries name their organisation: nothing for the platform.
  var organisationText: String { self == .platform ? "" : canonical }
}

extension Google_Protobuf_Timestamp {
  /// The moment in a request's field: `Google_Protobuf_Timestamp.date` traps on those far out.
  ///
  /// - Throws: `EntryError.outOfTime` outside of `range`; its text is `expected`.
  func moment(
    _ field: String, in range: ClosedRange<Date>, expected: String
  ) throws(EntryError) -> Date {
    let bounds =
      Int64(Date.distantPast.timeIntervalSince1970)...Int64(
        Date.distantFuture.timeIntervalSince1970)
    guard bounds.contains(seconds), (0...999_999_999).contains(nanos) else {
      throw .outOfTime(field: field, expected: expected)
    }
    let moment = Date(timeIntervalSince1970: Double(seconds) + Double(nanos) / 1e9).inMicroseconds
    guard range.contains(moment) else { throw .outOfTime(field: field, expected: expected) }
    return moment
  }

  /// A moment that has been, at most ten years ago; callers' clocks may be a minute ahead.
  func past(_ field: String, now: Date) throws(EntryError) -> Date {
    let tenYears: TimeInterval = 10 * 366 * 86_400
    let moment = try moment(
      field, in: (now - tenYears)...(now + 60),
      expected: "must be a moment that has been, within the last ten years")
    return min(moment, now)
  }
}
