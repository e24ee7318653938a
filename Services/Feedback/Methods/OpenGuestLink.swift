package import Access
import Cryptography
import Foundation
import Launch
import RPC
package import Schemas
import SwiftProtobuf

extension FeedbackService {
  package func openGuestLink(
    _ request: FeedbackOpenGuestLinkRequest, _ call: Call
  ) async throws -> FeedbackOpenGuestLinkResponse {
    let code = try GuestCode(request.code)
    let invitation = try await store.guestInvitationFetch(
      code, at: now(), call.mandate(code.tenant))
    try await call.demandPurpose(for: [invitation.asker, invitation.id], in: code.tenant)
    let options = call.inOwnName.forwarded
    async let asker = names(
      [invitation.asker], tenant: code.tenant, options, absent: .linkUnknown)
    let organisation = try await organisation(code.tenant, call).name
    let statement = try await statements.renderStatement(
      .with {
        $0.organisationID = code.tenant.canonical
        $0.organisationName = organisation
        $0.personName = invitation.outsiderName
        $0.subjectKind = .guest
      }, options)
    let askerName = try await asker[0]
    try await accesses.write(
      .read, of: [invitation.asker], ["asker_name", "topic", "question"], in: code.tenant, call)
    return .with {
      $0.askerName = askerName
      $0.topic = invitation.topic
      $0.question = invitation.question
      $0.visibility = FeedbackVisibility(invitation.visibility)
      $0.expiresAt = Google_Protobuf_Timestamp(microsecondsOf: invitation.expiresAt)
      $0.statement = statement
    }
  }
}
