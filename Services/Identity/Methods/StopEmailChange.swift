import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage

extension IdentityService {
  /// Also where the contract is over: what was asked for does not come about.
  func stopEmailChange(
    _ request: IdentityStopEmailChangeRequest, _ call: Call
  ) async throws -> IdentityStopEmailChangeResponse {
    guard let code = LinkCode(request.code) else { throw IdentityError.invitationUnknown }
    let tenant = code.tenant
    let origin = try await origin(of: call, in: tenant)
    try await database.transaction(call.mandate(tenant)) { transaction in
      let stopped = try await transaction.query(.emailChangeStop(tenant, stopHash: code.hash))
      guard let row = stopped.first else { throw IdentityError.invitationUnknown }
      try transaction.record(
        SecurityEvent(.addressChangeStopped, about: try row.get("person_id")), by: origin,
        at: now())
    }
    return IdentityStopEmailChangeResponse()
  }
}
