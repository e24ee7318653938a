import Access
import FoundationEssentials
import Launch
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

  /// Their rights today: those stored, and the Authorised Person's while they are one.
  var roles: Set<Role> {
    let stored = Set(person.roles.compactMap(Role.init(rawValue:)))
    return row.isAuthorisedPerson ? stored.union([.privacyOfficer]) : stored
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
    let key = SignInThrottle.Key(
      organisation: tenant.uuidString,
      email: address?.normalised ?? "", source: source(of: call))
    try throttle.admit(key, at: now())
    let row = try await account(tenant, address, call)
    // A text too long for a password cannot be anybody's: nothing is computed over it.
    guard let password = Password(password) else { throw IdentityError.signInFailed }
    let matches = try await passwords.verify(password, against: row?.passwordHash)
    guard matches, let row, let hash = row.passwordHash else { throw IdentityError.signInFailed }
    throttle.succeeded(key)
    if passwords.isOutdated(hash) {
      let raised = try await passwords.hash(password)
      try await database.once(
        call.mandate(tenant), .credentialRehash(tenant, row.person.id, from: hash, to: raised))
    }
    return Account(tenant: tenant, row: row, passwordHash: hash)
  }

  /// What must hold of a client's organisation and person before a token is issued: an active
  /// contract (clause 5) and the current statement accepted (clause 3). The statement's hash goes
  /// into the token. Operators are IKSO's own staff: nothing of this concerns them.
  func statementForToken(of account: Account, _ call: Call) async throws -> [UInt8] {
    guard account.tenant != .platform else { return [] }
    _ = try await activeOrganisation(account.tenant, call)
    let check = try await askDesk(call) { desk, options throws(RPCError) in
      try await desk.checkAcceptance(
        .with {
          $0.organisationID = account.tenant.text
          $0.subjectID = account.person.id.text
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
    let results = try await database.once(
      call.mandate(tenant), .accountFetch(tenant, emailIndex: index, on: today))
    return try results[0].first.map(AccountRow.init)
  }

  /// Where an attempt comes from: as the gateway saw it, or the peer of this connection.
  private func source(of call: Call) -> String {
    guard call.rpc.peer?.serviceName == AccessGuard.gateway,
      let forwarded = call.rpc.metadata[first: "x-forwarded-for"],
      let last = forwarded.split(separator: ",").last
    else { return call.rpc.remoteHost }
    return String(last.filter { $0 != " " }.prefix(64))
  }
}

extension ServerCall {
  /// The address without the port, which changes with each connection.
  fileprivate var remoteHost: String {
    guard let colon = remoteAddress.lastIndex(of: ":") else { return remoteAddress }
    return String(remoteAddress[..<colon])
  }
}

extension UUID {
  /// The canonical form, in lower case (RFC 9562).
  var text: String { uuidString.lowercased() }
}
