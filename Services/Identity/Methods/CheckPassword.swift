import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func checkPassword(
    _ request: IdentityCheckPasswordRequest, _ call: Call
  ) async throws -> IdentityCheckPasswordResponse {
    let caller = try call.person
    let row = try await ownSession(caller, call)
    try await requirePassword(request.password, of: caller, call)
    let origin = try await origin(of: call, in: caller.tenant)
    let token = try await nextToken(row, of: caller.tenant, authenticated: true, call) {
      try $0.record(SecurityEvent(.passwordCheck, about: caller.subject), by: origin, at: $1)
    }
    return .with {
      $0.accessToken = token.text
      $0.expiresAt = Google_Protobuf_Timestamp(date: token.expiresAt)
    }
  }

  /// The session of the call, if it goes on.
  func ownSession(_ caller: Token, _ call: Call) async throws -> SessionRow {
    let results = try await database.once(
      call.mandate(caller.tenant),
      .sessionFetch(caller.tenant, caller.session, of: caller.subject),
      .organisationFetch(caller.tenant))
    guard let row = try results[0].first.map(SessionRow.init),
      row.session.isOpen(at: now(), try sessionLimits(results[1]))
    else { throw IdentityError.sessionOver }
    return row
  }

  /// Of an organisation as it was read; operators are of none.
  func sessionLimits(_ organisation: ResultSet) throws -> SessionLimits {
    settings.sessions.under(try organisation.first.map(OrganisationRow.init)?.policy)
  }

  /// The password of somebody who is signed in, once more. Guessing is slowed as at the sign-in, so
  /// that a stolen access token does not find out the password. The hash that it fits.
  @discardableResult
  func requirePassword(_ text: String, of caller: Token, _ call: Call) async throws -> String? {
    try passwords.requireRoom()
    let key = SignInThrottle.Key(
      organisation: caller.tenant.uuidString, email: caller.subject.uuidString,
      source: call.source)
    do throws(IdentityError) {
      try throttle.admit(key, at: now())
    } catch {
      failures.take(
        SignInFailures.Failure(
          tenant: caller.tenant, account: .person(caller.subject), kind: .throttled),
        from: key.source, at: now())
      throw error
    }
    let (account, matches): (AccountRow?, Bool)
    do {
      account = try await self.account(caller.tenant, caller.subject, call)
      if let password = Password(text) {
        matches = try await passwords.verify(password, against: account?.passwordHash)
      } else {
        matches = false
      }
    } catch {
      // Nothing was learned of the password.
      throttle.withdraw(key)
      throw error
    }
    guard matches else {
      try await recordFailure(.passwordCheck, of: caller.subject, caller.tenant, call)
      throw IdentityError.passwordWrong
    }
    throttle.succeeded(key, at: now())
    return account?.passwordHash
  }
}
