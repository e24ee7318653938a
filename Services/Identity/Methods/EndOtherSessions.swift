import Access
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func endOtherSessions(
    _ request: IdentityEndOtherSessionsRequest, _ call: Call
  ) async throws -> IdentityEndOtherSessionsResponse {
    let caller = try call.person
    let origin = try await origin(of: call, in: caller.tenant)
    let ended = try await database.transaction(call.mandate(caller.tenant)) { transaction in
      try await sessions.end(
        of: caller.subject, except: caller.session, .endedByPerson, recordedBy: origin, at: now(),
        in: transaction)
    }
    return .with { $0.ended = UInt32(ended) }
  }
}
