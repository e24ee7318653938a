import Access
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  func setPassword(
    _ request: IdentitySetPasswordRequest, _ call: Call
  ) async throws -> IdentitySetPasswordResponse {
    let invitation = try await invitation(request.invitationCode, call)
    let organisation = try await activeOrganisation(invitation.tenant, call)
    let policy = PasswordPolicy(
      name: invitation.name, email: try EmailAddress(invitation.email),
      organisation: organisation.name, breached: breached,
      minimum: PasswordLength.alone(organisation.policy))
    let password: Password
    do throws(PasswordProblem) {
      password = try policy.check(request.password)
    } catch {
      throw IdentityError.passwordRefused(error)
    }
    let hash = try await passwords.hash(password)
    let (tenant, person, time) = (invitation.tenant, invitation.person, now())
    let origin = try await origin(of: call, in: tenant).proved(by: person)
    try await database.transaction(call.mandate(tenant)) { transaction in
      try transaction.record(SecurityEvent(.passwordSet, about: person), by: origin, at: time)
      let results = try await transaction.query(all: [
        .invitationUse(tenant, invitation.id, at: time),
        .invitationReplaceAll(tenant, of: person, at: time),
        .credentialInsert(tenant, person, passwordHash: hash, at: time),
      ])
      // Two at once: the first one's password stands.
      guard results[0].affected == 1, results[2].affected == 1 else {
        throw IdentityError.invitationUsed
      }
    }
    return IdentitySetPasswordResponse()
  }
}
