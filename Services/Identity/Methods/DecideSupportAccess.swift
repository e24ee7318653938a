import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  func approveSupportAccess(
    _ request: IdentityApproveSupportAccessRequest, _ call: Call
  ) async throws -> IdentitySupportAccess {
    let person = try call.person
    return try await changeSupport(
      request.supportAccessID, of: person.tenant, .supportApproved, call
    ) { access, time, _ in
      try access.approved(by: person.subject, at: time)
    }
  }

  func refuseSupportAccess(
    _ request: IdentityRefuseSupportAccessRequest, _ call: Call
  ) async throws -> IdentitySupportAccess {
    let person = try call.person
    return try await changeSupport(
      request.supportAccessID, of: person.tenant, .supportRefused, call
    ) { access, time, _ in
      try access.refused(by: person.subject, at: time)
    }
  }

  /// The access's id is the session of its tokens.
  func endSupportAccess(
    _ request: IdentityEndSupportAccessRequest, _ call: Call
  ) async throws -> IdentitySupportAccess {
    let tenant = try call.tenant(ownOr: request.organisationID)
    return try await changeSupport(request.supportAccessID, of: tenant, .supportEnded, call) {
      access, time, transaction in
      let ended = access.ended(at: time)
      if ended != access, access.lastUsedAt != nil {
        try revokeTokens(ofSessions: [access.id], at: time, in: transaction)
      }
      return ended
    }
  }
}
