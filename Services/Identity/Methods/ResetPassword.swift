import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  func resetPassword(
    _ request: IdentityResetPasswordRequest, _ call: Call
  ) async throws -> IdentityResetPasswordResponse {
    guard let code = LinkCode(request.code) else { throw IdentityError.resetUnknown }
    let (tenant, time) = (code.tenant, now())
    let results = try await database.once(
      call.mandate(tenant), .passwordResetFetch(tenant, codeHash: code.hash, at: time))
    guard let row = results[0].first else { throw IdentityError.resetUnknown }
    let id: UUID = try row.get("password_reset_id")
    guard let account = try await account(tenant, try row.get("person_id"), call) else {
      throw IdentityError.resetUnknown
    }
    let organisation = try await activeOrganisation(tenant, call)
    let person = account.person
    let addressee = try await addressee(person, of: organisation)
    let password = try await newPassword(request.newPassword, for: account, of: tenant, call)
    let origin = try await origin(of: call, in: tenant).proved(by: person.id)
    try await database.transaction(call.mandate(tenant)) { transaction in
      try transaction.record(SecurityEvent(.passwordReset, about: person.id), by: origin, at: time)
      // The credential first, as whoever changes the password locks both.
      let results = try await transaction.query(all: [
        .credentialLock(tenant, person.id), .passwordResetUse(tenant, id, at: time),
      ])
      guard results[1].affected == 1 else { throw IdentityError.resetUnknown }
      try await change(person.id, to: password, of: tenant, at: time, in: transaction)
      try await transaction.query(
        all: [.signInDeleteAll(tenant, of: person.id), .deviceForgetAll(tenant, of: person.id)]
          + post(.passwordChanged, to: addressee, of: tenant, at: time))
      try await sessions.end(of: person.id, .passwordChanged, at: time, in: transaction)
    }
    outbox.ring()
    // The owner has the mail: nobody who guesses shall be in their way from here.
    let email = try EmailAddress(addressee.email)
    throttle.succeeded(
      SignInThrottle.Key(
        organisation: tenant.uuidString, email: email.normalised, source: call.source),
      at: time)
    return IdentityResetPasswordResponse()
  }
}

/// A password that somebody has chosen for their account, as it is stored.
struct NewPassword: Sendable {
  let hash: String
  let standsAlone: Bool
  /// What it takes to stand alone, in characters.
  let aloneMinimum: Int
}

extension IdentityService {
  /// Checks what somebody chooses for an account that has a password.
  func newPassword(
    _ text: String, for account: AccountRow, of tenant: UUID, _ call: Call
  ) async throws -> NewPassword {
    let organisation = tenant == .platform ? nil : try await organisation(tenant, call)
    let key = try await vault.person(tenant, account.person.id)
    let alone = PasswordLength.alone(organisation?.policy)
    let policy = PasswordPolicy(
      name: try account.person.name(key), email: try EmailAddress(account.person.email(key)),
      organisation: organisation?.name ?? "IKSO", breached: breached,
      minimum: account.hasSecondFactor ? PasswordLength.besideFactor : alone)
    let password: Password
    do throws(PasswordProblem) {
      password = try policy.check(text)
    } catch {
      throw IdentityError.newPasswordRefused(error)
    }
    return NewPassword(
      hash: try await passwords.hash(password), standsAlone: password.text.count >= alone,
      aloneMinimum: alone)
  }

  /// Links to another password end with it. `verified`: the hash of the password that was given
  /// for it; ABORTED if another one took its place meanwhile.
  func change(
    _ person: UUID, to password: NewPassword, verified: String? = nil, of tenant: UUID,
    at time: Date, in transaction: TenantTransaction
  ) async throws {
    let locked = try await transaction.query(.credentialLock(tenant, person))
    if let verified, try locked.first?.get("password_hash") != verified {
      throw IdentityError.changedMeanwhile
    }
    let results = try await transaction.query(all: [
      .credentialChange(
        tenant, person, passwordHash: password.hash, standsAlone: password.standsAlone, at: time),
      .passwordResetDelete(tenant, of: person),
    ])
    // The second factor went in this moment.
    guard results[0].affected == 1 else {
      throw IdentityError.newPasswordRefused(.tooShort(minimum: password.aloneMinimum))
    }
  }
}
