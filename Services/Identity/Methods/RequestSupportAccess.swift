import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  func requestSupportAccess(
    _ request: IdentityRequestSupportAccessRequest, _ call: Call
  ) async throws -> IdentitySupportAccess {
    let tenant = try call.tenant(organisation: request.organisationID)
    let time = now()
    let access = SupportAccess(
      id: UUID(), reason: try reason(request.reason),
      scopes: try ServiceScopes.support.check(request.scopes),
      minutes: try minutes(request.minutes), requestedBy: try call.person.subject,
      requestedAt: time)
    let limit = SupportLimits.open
    let origin = try await origin(of: call, in: tenant)
    try await database.transaction(call.mandate(tenant)) { transaction in
      // Under the organisation's lock: requests are counted one after the other.
      let results = try await transaction.query(all: [
        .organisationLock(tenant),
        .supportAccessCount(tenant, at: time, since: time - SupportLimits.patience),
      ])
      try requireSupportable(results[0].first, at: time)
      let open: Int64 = try results[1][0].get("open")
      guard open < limit else { throw SupportError.tooManyOpen(limit: limit) }
      try await transaction.query(.supportAccessInsert(tenant, access))
      try transaction.record(
        SecurityEvent(.supportAsked, session: access.id), by: origin, at: time)
      try await transaction.put(
        Notice(
          id: access.id, kind: .supportAsked, audience: .responsible, reference: access.id),
        at: time)
    }
    return IdentitySupportAccess(access, of: tenant, at: time)
  }

  private func reason(_ text: String) throws(ServiceAccountError) -> String {
    do {
      return try PlainText(text, limit: SupportLimits.reasonCharacters).text
    } catch { throw .field(.reason, .notPlainText) }
  }

  private func minutes(_ minutes: UInt32) throws(ServiceAccountError) -> Int {
    let limits = SupportLimits.minutes
    guard limits.contains(minutes) else {
      throw .field(.minutes, .notBetween(Int(limits.lowerBound), Int(limits.upperBound)))
    }
    return Int(minutes)
  }
}
