import Access
import Cryptography
import Schemas
import SwiftProtobuf

extension IdentityService {
  func openInvitation(
    _ request: IdentityOpenInvitationRequest, _ call: Call
  ) async throws -> IdentityOpenInvitationResponse {
    let invitation = try await invitation(request.code, call)
    let organisation = try await organisation(invitation.tenant, call)
    let statement = try await statement(
      for: invitation.name, invitation.person, of: organisation, call)
    return .with {
      $0.organisationID = organisation.id.canonical
      $0.organisationName = organisation.name
      $0.personID = invitation.person.canonical
      $0.name = invitation.name
      $0.email = invitation.email
      $0.expiresAt = Google_Protobuf_Timestamp(date: invitation.expiresAt)
      $0.statement = statement
    }
  }
}
