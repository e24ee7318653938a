import Access
import FoundationEssentials
import Schemas

extension IdentityService {
  /// Nothing is looked up before the answer: see `PasswordResets`.
  func requestPasswordReset(
    _ request: IdentityRequestPasswordResetRequest, _ call: Call
  ) async throws -> IdentityRequestPasswordResetResponse {
    let tenant = try UUID(field: "organisation_id", request.organisationID)
    let email = try RequestField.email.check { () throws(FieldProblem) in
      try EmailAddress(request.email)
    }
    let source = call.source
    try resetThrottle.admit(
      SignInThrottle.Key(
        organisation: tenant.uuidString, email: email.normalised, source: source),
      at: now())
    try resets.take(PasswordResets.Wish(tenant: tenant, email: email, source: source))
    return IdentityRequestPasswordResetResponse()
  }
}
