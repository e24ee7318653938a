import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func endPersonSessions(
    _ request: IdentityEndPersonSessionsRequest, _ call: Call
  ) async throws -> IdentityEndPersonSessionsResponse {
    let tenant = try call.tenant()
    let person = try UUID(field: "person_id", request.personID)
    let origin = try await origin(of: call, in: tenant)
    let ended = try await database.transaction(call.mandate(tenant)) { transaction in
      let known = try await transaction.query(.personFetch(tenant, [person]))
      guard !known.isEmpty else { throw IdentityError.personNotFound }
      // Whoever has somebody's machine is asked for the factor.
      try await transaction.query(.deviceForgetAll(tenant, of: person))
      return try await sessions.end(
        of: person, .endedByAdministrator, recordedBy: origin, at: now(), in: transaction)
    }
    return .with { $0.ended = UInt32(ended) }
  }
}
