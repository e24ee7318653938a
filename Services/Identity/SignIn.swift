import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf
import TLS

/// Somebody who gave the right password.
struct Account: Sendable {
  let tenant: UUID
  let row: AccountRow
  let passwordHash: String

  var person: PersonRow { row.person }
}

/// That somebody may have a token, and what it says.
struct Admission: Sendable {
  let roles: Set<Role>
  /// Of the statement that they have accepted; empty for operators.
  let statement: [UInt8]
  /// Nil for operators, who are of no organisation.
  let policy: OrganisationPolicy?

  /// Whether a device may stand in for the second factor; the privacy officer gives it each time.
  var remembersDevices: Bool {
    policy?.remembersDevices == true && !roles.contains(.privacyOfficer)
  }
}

extension IdentityService {
  /// Checks a password. Unknown organisation, unknown address and wrong password are one error,
  /// after the same work; conditions of the account show only behind the right password.
  func authenticate(
    organisation: String, email: String, password: String, _ call: Call
  ) async throws -> Account {
    let tenant = try UUID(field: "organisation_id", organisation)
    let address = try? EmailAddress(email)
    let source = call.source
    // A text too long for a password cannot be anybody's: nothing is computed over it, nor counted.
    guard let password = Password(password) else { throw IdentityError.signInFailed }
    try passwords.requireRoom()
    let key = SignInThrottle.Key(
      organisation: tenant.uuidString,
      email: address?.normalised ?? "", source: source)
    do throws(IdentityError) {
      try throttle.admit(key, at: now())
    } catch {
      if let address {
        failures.take(
          SignInFailures.Failure(
            tenant: tenant, account: .address(address.normalised), kind: .throttled),
          from: source, at: now())
      }
      throw error
    }
    let row: AccountRow?
    let matches: Bool
    do {
      row = try await account(tenant, address, call)
      matches = try await passwords.verify(password, against: row?.passwordHash)
    } catch {
      // Nothing was learned of the password.
      throttle.withdraw(key)
      throw error
    }
    guard matches, let row, let hash = row.passwordHash else {
      if let row {
        failures.take(
          SignInFailures.Failure(
            tenant: tenant, account: .person(row.person.id), kind: .password),
          from: source, at: now())
      }
      throw IdentityError.signInFailed
    }
    throttle.succeeded(key, at: now())
    if passwords.isOutdated(hash) {
      let raised = try await passwords.hash(password)
      let replaced = try await database.once(
        call.mandate(tenant), .credentialRehash(tenant, row.person.id, from: hash, to: raised))
      if replaced[0].affected == 1 {
        return Account(tenant: tenant, row: row, passwordHash: raised)
      }
    }
    return Account(tenant: tenant, row: row, passwordHash: hash)
  }

  /// What must hold of a person and their organisation before a token is issued, each time: an
  /// account that may be used, a right today under a contract that allows it (clause 5), and the
  /// current statement accepted (clause 3). Operators are IKSO's own staff: of organisation and
  /// statement nothing concerns them.
  func admit(_ account: AccountRow, of tenant: UUID, _ call: Call) async throws -> Admission {
    guard tenant != .platform else {
      try account.standing.requireUsable()
      let roles = account.rights.on(Day(now(), in: .utc))
      guard !roles.isEmpty else { throw IdentityError.noRoleToday }
      return Admission(roles: roles, statement: [], policy: nil)
    }
    let organisation = try await organisation(tenant, call)
    let today = organisation.today(now())
    let roles = try organisation.contract.usable(account.rights.on(today), on: today)
    try account.standing.requireUsable()
    let statement = try await acceptedStatement(tenant, account.person.id, call)
    guard !roles.isEmpty else { throw IdentityError.noRoleToday }
    return Admission(roles: roles, statement: statement, policy: organisation.policy)
  }

  /// The hash of the current statement, if the person has accepted it.
  private func acceptedStatement(
    _ tenant: UUID, _ person: UUID, _ call: Call
  ) async throws -> [UInt8] {
    let check = try await askDesk(call) { desk, options throws(RPCError) in
      try await desk.checkAcceptance(
        .with {
          $0.organisationID = tenant.canonical
          $0.subjectID = person.canonical
        }, options)
    }
    guard check.currentVersion > 0 else { throw IdentityError.statementNotPublished }
    guard check.accepted else {
      throw IdentityError.statementNotAccepted(version: check.currentVersion)
    }
    return [UInt8](check.currentSha256)
  }

  private func account(
    _ tenant: UUID, _ email: EmailAddress?, _ call: Call
  ) async throws -> AccountRow? {
    var index = [UInt8](repeating: 0, count: 32)
    do throws(VaultError) {
      index = try await vault.blindIndex(tenant, email?.normalised ?? "")
    } catch {
      // Nobody has the index of zeros: the query below finds nothing, in the usual time.
      guard error == .tenantAbsent || error == .tenantDestroyed else { throw error }
    }
    return try await account(tenant, emailIndex: index, call)
  }

  func account(
    _ tenant: UUID, emailIndex: [UInt8], _ call: Call
  ) async throws -> AccountRow? {
    let results = try await database.once(
      call.mandate(tenant), all: SQL.accountFetch(tenant, emailIndex: emailIndex))
    return try AccountRow(results[...])
  }
}
