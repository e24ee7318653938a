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
    try await inviteAgain(
      account.person, organisation, for: settings.invitationLifetime, call)
    return IdentityResendInvitationResponse()
  }

  /// A new link by mail, for so long; the earlier ones of the person end.
  func inviteAgain(
    _ person: PersonRow, _ organisation: OrganisationRow, for lifetime: Duration, _ call: Call
  ) async throws {
    let (tenant, time) = (organisation.id, now())
    let addressee = try await addressee(person, of: organisation)
    let code = LinkCode.generate(tenant: tenant)
    let expiry = time + lifetime / .seconds(1)
    try await database.once(
      call.mandate(tenant),
      all: SQL.invitationRenew(tenant, person.id, code, at: time, expiresAt: expiry) + [
        try await securityEvent(
          SecurityEvent(.invitationSent, about: person.id), of: tenant, call)
      ] + invite([(addressee, code)], of: organisation, at: time, expiresAt: expiry))
    outbox.ring()
  }
}
