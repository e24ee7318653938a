import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  /// Sessions of one answer.
  private static let limit = 100

  func listSessions(
    _ request: IdentityListSessionsRequest, _ call: Call
  ) async throws -> IdentityListSessionsResponse {
    let (caller, time) = (try call.person, now())
    let results = try await database.once(
      call.mandate(caller.tenant),
      .sessionFetchAll(
        caller.tenant, of: caller.subject, since: time - SessionLimits.longest,
        limit: Self.limit),
      .organisationFetch(caller.tenant))
    let limits = try sessionLimits(results[1])
    let open = try results[0].map(SessionRow.init).filter { $0.session.isOpen(at: time, limits) }
    return .with {
      $0.sessions = open.map { row in
        .with {
          $0.sessionID = row.id.canonical
          $0.signedInAt = Google_Protobuf_Timestamp(date: row.session.signedInAt)
          $0.authenticatedAt = Google_Protobuf_Timestamp(date: row.session.authenticatedAt)
          $0.lastUsedAt = Google_Protobuf_Timestamp(date: row.session.lastUsedAt)
          $0.idleAt = Google_Protobuf_Timestamp(date: row.session.idleAt(limits))
          $0.expiresAt = Google_Protobuf_Timestamp(date: row.session.expiresAt(limits))
          $0.current = row.id == caller.session
        }
      }
    }
  }
}
