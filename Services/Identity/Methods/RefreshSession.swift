import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func refreshSession(
    _ request: IdentityRefreshSessionRequest, _ call: Call
  ) async throws -> IdentityRefreshSessionResponse {
    guard let refresh = RotatingToken(request.refreshToken) else {
      throw IdentityError.refreshRefused
    }
    for _ in 0..<Self.issueAttempts {
      do {
        return try await rotate(refresh, call)
      } catch is RotatedMeanwhile {
        continue
      }
    }
    throw IdentityError.changedMeanwhile
  }

  /// Another call with the same token was faster: what it means now has to be judged anew.
  private struct RotatedMeanwhile: Error {}

  private func rotate(
    _ refresh: RotatingToken, _ call: Call
  ) async throws -> IdentityRefreshSessionResponse {
    let (tenant, hash) = (refresh.tenant, refresh.hash)
    let results = try await database.once(
      call.mandate(tenant), .refreshFetch(tenant, familyHash: refresh.familyHash),
      .organisationFetch(tenant))
    let limits = try sessionLimits(results[1])
    guard let row = try results[0].first.map(RefreshRow.init),
      row.session.session.isOpen(at: now(), limits)
    else { throw IdentityError.refreshRefused }
    // The token that was given stays the previous one once: asked for twice, its time is over.
    let previous: [UInt8]?
    switch row.refresh.verdict(on: hash, at: now()) {
    case .rotate: previous = hash
    case .repeatAnswer: previous = nil
    case .reused:
      try await endReused(row.session, tenant, call)
      throw IdentityError.refreshTokenReused
    }
    let successor = refresh.successor
    let token = try await nextToken(row.session, of: tenant, call) { transaction, time in
      let rotated = try await transaction.query(
        .refreshRotate(
          tenant, row.session.id, from: row.refresh.current, to: successor.hash,
          previous: previous, at: time))
      guard rotated.affected == 1 else { throw RotatedMeanwhile() }
    }
    return .with {
      $0.accessToken = token.text
      $0.expiresAt = Google_Protobuf_Timestamp(date: token.expiresAt)
      $0.refreshToken = successor.text
      $0.sessionExpiresAt = Google_Protobuf_Timestamp(
        date: row.session.session.expiresAt(limits))
    }
  }

  private func endReused(_ row: SessionRow, _ tenant: UUID, _ call: Call) async throws {
    let origin = try await origin(of: call, in: tenant)
    _ = try await database.transaction(call.mandate(tenant)) { transaction in
      try await sessions.end(
        row.id, of: row.person, .refreshTokenReused, by: origin, at: now(), in: transaction)
    }
  }
}
