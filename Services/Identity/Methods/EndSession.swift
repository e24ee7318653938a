import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  /// One that has ended already is no error; one of somebody else's does not exist.
  func endSession(
    _ request: IdentityEndSessionRequest, _ call: Call
  ) async throws -> IdentityEndSessionResponse {
    let caller = try call.person
    let session = try UUID(field: "session_id", request.sessionID)
    let reason: SessionEnd = session == caller.session ? .signedOut : .endedByPerson
    let origin = try await origin(of: call, in: caller.tenant)
    try await database.transaction(call.mandate(caller.tenant)) { transaction in
      let known = try await transaction.query(
        .sessionFetch(caller.tenant, session, of: caller.subject))
      guard !known.isEmpty else { throw IdentityError.sessionNotFound }
      try await sessions.end(
        session, of: caller.subject, reason, by: origin, at: now(), in: transaction)
    }
    return IdentityEndSessionResponse()
  }
}
