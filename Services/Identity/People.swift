import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// A change that concerns one person, under the lock of their organisation: what is decided over
/// all of its people, as who is the last administrator, is decided one after the other.
struct PersonChange: Sendable {
  let organisation: OrganisationRow
  let today: Day
  let time: Date
  let account: AccountRow
  let call: Call
  let transaction: TenantTransaction
  let sessions: Sessions
  let origin: EventOrigin

  var tenant: UUID { organisation.id }
  var person: UUID { account.person.id }

  @discardableResult
  func query(_ statements: SQL...) async throws -> [ResultSet] {
    try await transaction.query(all: statements)
  }

  /// The rights of another person of the organisation, nil if there is none.
  func account(_ person: UUID) async throws -> AccountRow? {
    let results = try await transaction.query(all: SQL.accountFetch(tenant, person))
    return try AccountRow(results[...])
  }

  /// Call after what takes an administrator away: the organisation keeps one.
  func requireAdministrator() async throws {
    guard account.rights.end(of: .administrator, on: today) != nil else { return }
    let left: Int64 = try await query(.administratorCount(tenant, on: today))[0][0]
      .get("administrators")
    guard left > 0 else { throw IdentityError.lastAdministrator }
  }

  /// In the organisation's log, when the change is.
  func record(_ kind: SecurityEvent.Kind, role: Role? = nil) throws {
    try transaction.record(SecurityEvent(kind, about: person, role: role), by: origin, at: time)
  }

  /// The person's sessions end with the transaction, and their tokens within seconds of it; no
  /// device of theirs is remembered. How many were is for the caller to tell them.
  func endSessions() async throws -> Int {
    let forgotten = try await query(.deviceForgetAll(tenant, of: person))[0].affected
    if forgotten > 0 {
      try transaction.record(
        SecurityEvent(.devicesForgotten, about: person, occurrences: forgotten), by: origin,
        at: time)
    }
    try await sessions.end(of: person, .suspended, at: time, in: transaction)
    return forgotten
  }

  /// Tokens with the rights of before are refused within seconds; the sessions go on.
  func replaceTokens() async throws {
    try await sessions.replaceTokens(of: person, at: time, in: transaction)
  }
}

extension IdentityService {
  /// Changes somebody of the caller's own organisation, and shows them as they are then.
  /// NOT_FOUND for whoever is not of it; FAILED_PRECONDITION without an active contract (clause 5).
  func changePerson(
    _ id: String, _ call: Call, _ body: (PersonChange) async throws -> Void
  ) async throws -> IdentityPerson {
    let tenant = try call.tenant()
    let person = try UUID(field: "person_id", id)
    try await change(person, tenant, call, body)
    return try await shownPerson(person, tenant, call)
  }

  /// The same for what somebody may, whether they may sign in and who leads them: it is in the log
  /// of accesses to their data as well.
  func changeRights(
    _ id: String, _ call: Call, _ body: (PersonChange) async throws -> Void
  ) async throws -> IdentityPerson {
    let written = try await accesses.statements(
      .rightsChange, of: [UUID(field: "person_id", id)], ["rights"], in: call.tenant(), call)
    let person = try await changePerson(id, call) { change in
      try await body(change)
      try await change.transaction.query(all: written)
    }
    accesses.ring()
    return person
  }

  /// Ends the sessions of somebody, and tells them if their devices are forgotten with that.
  func endSessions(_ change: PersonChange) async throws {
    guard try await change.endSessions() > 0 else { return }
    let addressee = try await addressee(change.account.person, of: change.organisation)
    try change.transaction.queryAtCommit(
      post(.devicesForgotten, to: addressee, of: change.tenant, at: change.time))
  }

  /// - Parameter orderedBy: who stands behind it, where that is not who calls.
  func change<Value: Sendable>(
    _ person: UUID, _ tenant: UUID, _ call: Call, orderedBy: OrderedBy? = nil,
    _ body: (PersonChange) async throws -> Value
  ) async throws -> Value {
    let origin =
      if let orderedBy { EventOrigin(orderedBy) } else { try await origin(of: call, in: tenant) }
    return try await database.transaction(call.mandate(tenant)) { transaction in
      let results = try await transaction.query(
        all: [.organisationLock(tenant)] + SQL.accountFetch(tenant, person))
      guard let row = results[0].first else { throw IdentityError.organisationNotFound }
      let organisation = try OrganisationRow(row)
      let time = now()
      let today = organisation.today(time)
      try organisation.contract.requireActive(on: today)
      guard let account = try AccountRow(results[1...]) else {
        throw IdentityError.colleagueNotFound
      }
      return try await body(
        PersonChange(
          organisation: organisation, today: today, time: time, account: account, call: call,
          transaction: transaction, sessions: sessions, origin: origin))
    }
  }

  /// Somebody of the organisation, as they are shown.
  func shownPerson(_ person: UUID, _ tenant: UUID, _ call: Call) async throws -> IdentityPerson {
    guard let shown = try await people([person], tenant, call).first else {
      throw IdentityError.colleagueNotFound
    }
    return shown
  }

  /// Those of the people who are of the organisation, in the order asked.
  func people(
    _ ids: [UUID], _ tenant: UUID, _ call: Call
  ) async throws -> [IdentityPerson] {
    guard !ids.isEmpty else { return [] }
    let written = try await accesses.statements(
      .read, of: ids, SchemaCatalogue.personalFields(of: IdentityPerson.protoMessageName),
      in: tenant, call)
    let results = try await database.once(
      call.mandate(tenant),
      all: [.organisationFetch(tenant)] + SQL.personRecordFetch(tenant, ids) + written)
    if !written.isEmpty { accesses.ring() }
    guard let row = results[0].first else { throw IdentityError.organisationNotFound }
    let organisation = try OrganisationRow(row)
    let today = organisation.today(now())
    let records = Dictionary(
      uniqueKeysWithValues: try PersonRecord.read(results[1..<results.count - written.count])
        .map { ($0.row.id, $0) })
    let keys = try await vault.persons(tenant, Array(records.keys))
    return try ids.compactMap { id in
      guard let record = records[id], let key = keys[id] else { return nil }
      return try IdentityPerson(record, on: today, key)
    }
  }
}

extension Call {
  /// Whether the caller holds one of the roles.
  func holds(_ roles: Set<Role>) -> Bool {
    guard case .person(let token) = caller else { return false }
    return !token.roles.isDisjoint(with: roles)
  }

  /// NOT_FOUND, as for nobody, unless the person is the caller or the caller holds one of `roles`.
  func requireOwn(_ person: UUID, or roles: Set<Role>) throws {
    guard try self.person.subject == person || holds(roles) else {
      throw IdentityError.colleagueNotFound
    }
  }
}

extension IdentityPerson {
  init(_ record: PersonRecord, on today: Day, _ key: SealingKey) throws {
    let name = try record.row.name(key)
    let email = try record.row.email(key)
    self = .with {
      $0.personID = record.row.id.canonical
      $0.name = name
      $0.email = email
      $0.rights = record.rights.shown(on: today)
      $0.provenance = record.source == PersonSource.own.rawValue ? .person : .client
      $0.managerID = record.managerID?.canonical ?? ""
      $0.suspended = record.standing.isSuspended
      $0.under16 = record.standing.isUnder16
      $0.hasParentalConsent_p = record.standing.hasParentalConsent
      $0.frozen = record.standing.isReported
      $0.createdAt = Google_Protobuf_Timestamp(date: record.createdAt)
    }
  }
}

extension Rights {
  fileprivate func shown(on today: Day) -> [IdentityPersonRight] {
    let standing = standing.sorted { $0.rawValue < $1.rawValue }.compactMap { role in
      IdentityPersonRole(role).map { shown in IdentityPersonRight.with { $0.role = shown } }
    }
    let dated = dated.filter { $0.period.end.map { $0 >= today } ?? true }.compactMap { right in
      IdentityPersonRole(right.role).map { shown in
        IdentityPersonRight.with {
          $0.role = shown
          $0.validFrom = right.period.begin.description
          $0.validUntil = right.period.end?.description ?? ""
        }
      }
    }
    return standing + dated
  }
}

extension IdentityPersonRole {
  /// Nil for whom no client has: operators, programs, support.
  init?(_ role: Role) {
    switch role {
    case .participant: self = .participant
    case .coach: self = .coach
    case .manager: self = .manager
    case .administrator: self = .administrator
    case .auditor: self = .auditor
    case .privacyOfficer: self = .privacyOfficer
    case .operator, .service, .support: return nil
    }
  }

  /// As a request names it.
  func role() throws(IdentityError) -> Role {
    switch self {
    case .participant: .participant
    case .coach: .coach
    case .manager: .manager
    case .administrator: .administrator
    case .auditor: .auditor
    case .privacyOfficer: .privacyOfficer
    case .unspecified, .UNRECOGNIZED: throw .field(.role, .unknownValue)
    }
  }
}
