import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  /// Under the access's lock: whoever ends it at this moment waits, and revokes the token, or was
  /// first. The organisation's log gets the first of its tokens.
  func beginSupport(
    _ request: IdentityBeginSupportRequest, _ call: Call
  ) async throws -> IdentityBeginSupportResponse {
    let tenant = try call.tenant(organisation: request.organisationID)
    let id = try UUID(field: "support_access_id", request.supportAccessID)
    let caller = try call.person
    let signer = try await keys.signer()
    let time = now()
    let origin = try await origin(of: call, in: tenant)
    let (access, end) = try await database.transaction(call.mandate(tenant)) { transaction in
      let results = try await transaction.query(all: [
        .organisationFetch(tenant), .supportAccessLock(tenant, id),
      ])
      try requireSupportable(results[0].first, at: time)
      guard let row = results[1].first else { throw SupportError.notFound }
      var access = try SupportAccess(row)
      let end = try access.end(for: caller.subject, at: time)
      if access.lastUsedAt == nil {
        try transaction.record(SecurityEvent(.supportBegun, session: id), by: origin, at: time)
      }
      access.lastUsedAt = time
      try await transaction.query(.supportAccessUpdate(tenant, access))
      return (access, end)
    }
    let token = Token(
      issuer: signer.issuer, subject: caller.subject, tenant: tenant, roles: [.support],
      session: access.id, authenticatedAt: min(caller.authenticatedAt, time), issuedAt: time,
      // Verifiers allow for clocks that are apart; the end is the organisation's to rely on.
      expiresAt: min(time + briefTokenLifetime, end - TokenLimits.clockSkew), statementHash: "",
      scopes: access.scopes)
    // In the last half minute.
    guard token.expiresAt > token.issuedAt else { throw SupportError.over(.expired) }
    let text = try signer.sign(token)
    return .with {
      $0.accessToken = text
      $0.expiresAt = Google_Protobuf_Timestamp(date: token.expiresAt)
      $0.endsAt = Google_Protobuf_Timestamp(date: end)
    }
  }
}
