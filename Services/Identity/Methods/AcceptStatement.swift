import Access
import Cryptography
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  /// The privacy service keeps the acceptance, and refuses any version but the current one.
  func acceptStatement(
    _ request: IdentityAcceptStatementRequest, _ call: Call
  ) async throws -> IdentityAcceptStatementResponse {
    let somebody = try await identify(request.credential, call)
    _ = try await organisation(somebody.tenant, call)
    let answer = try await askDesk(call) { desk, options throws(RPCError) in
      try await desk.recordAcceptance(
        .with {
          $0.organisationID = somebody.tenant.canonical
          $0.subjectID = somebody.person.canonical
          $0.subjectKind = .participant
          $0.version = request.version
          $0.sha256 = request.sha256
        }, options)
    }
    try await database.once(
      call.mandate(somebody.tenant),
      try await securityEvent(
        SecurityEvent(.statement, about: somebody.person), of: somebody.tenant,
        by: somebody.person, call))
    return .with {
      $0.version = answer.version
      $0.acceptedAt = answer.acceptedAt
    }
  }
}
