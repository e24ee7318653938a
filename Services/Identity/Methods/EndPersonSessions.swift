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
    guard let account = try await account(tenant, person, call) else {
      throw IdentityError.personNotFound
    }
    let letters = try post(
      .devicesForgotten, to: try await addressee(account.person, of: tenant, call), of: tenant,
      at: now())
    let ended = try await database.transaction(call.mandate(tenant)) { transaction in
      // Whoever has somebody's machine is asked for the factor.
      let forgotten = try await transaction.query(.deviceForgetAll(tenant, of: person)).affected
      if forgotten > 0 {
        try transaction.record(
          SecurityEvent(.devicesForgotten, about: person, occurrences: forgotten), by: origin,
          at: now())
        try transaction.queryAtCommit(letters)
      }
      return try await sessions.end(
        of: person, .endedByAdministrator, recordedBy: origin, at: now(), in: transaction)
    }
    outbox.ring()
    return .with { $0.ended = UInt32(ended) }
  }
}
