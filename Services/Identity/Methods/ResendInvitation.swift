import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  /// Nobody is invited who is not enrolled, nor who has a password already.
  func resendInvitation(
    _ request: IdentityResendInvitationRequest, _ call: Call
  ) async throws -> IdentityResendInvitationResponse {
    let tenant = try call.tenant(organisation: request.organisationID)
    let email = try RequestField.email.check { () throws(FieldProblem) in
      try EmailAddress(request.email)
    }
    let organisation = try await activeOrganisation(tenant, call)
    let index = try await vault.blindIndex(tenant, email.normalised)
    guard let account = try await account(tenant, emailIndex: index, call),
      account.passwordHash == nil
    else { return IdentityResendInvitationResponse() }
    let key = try await vault.person(tenant, account.person.id)
    let code = LinkCode.generate(tenant: tenant)
    let invitee = Invitee(
      name: try account.person.name(key), email: try account.person.email(key), code: code)
    let time = now()
    let expiry = invitationExpiry(from: time)
    try await database.once(
      call.mandate(tenant),
      all: SQL.invitationRenew(tenant, account.person.id, code, at: time, expiresAt: expiry) + [
        try await securityEvent(
          SecurityEvent(.invitationSent, about: account.person.id), of: tenant, call)
      ])
    try await send([invitee], of: organisation, expiresAt: expiry)
    return IdentityResendInvitationResponse()
  }
}
