import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage

extension IdentityService {
  func resolveUnder16Report(
    _ request: IdentityResolveUnder16ReportRequest, _ call: Call
  ) async throws -> IdentityUnder16Report {
    let tenant = try call.tenant()
    let id = try UUID(field: "report_id", request.reportID)
    let resolution: MinorReportResolution
    switch request.resolution {
    case .consent: resolution = .consent
    case .notUnder16: resolution = .notUnder16
    case .unspecified, .UNRECOGNIZED: throw IdentityError.field(.resolution, .unknownValue)
    }
    let found = try await report(id, tenant, call)
    try await change(found.person, tenant, call) { change in
      // Consent that was recorded since the report, or before it.
      if resolution == .consent, !change.account.standing.hasParentalConsent {
        throw IdentityError.parentalConsentMissing
      }
      let resolved = try await change.query(
        .minorReportResolve(tenant, id, resolution, at: change.time))[0]
      guard resolved.affected > 0 else { return }
      try change.record(.under16Resolved)
      try await change.query(
        .personSetUnder16(tenant, found.person, resolution == .consent))
      let addressee = try await addressee(change.account.person, of: change.organisation)
      try await change.transaction.query(
        all: post(
          .under16Resolved(resolution, organisation: change.organisation.name), to: addressee,
          of: tenant, at: change.time))
    }
    outbox.ring()
    let resolved = try await report(id, tenant, call)
    // Asked again for the same, the answer is the same.
    guard resolved.resolution == resolution else { throw IdentityError.reportResolved }
    return IdentityUnder16Report(resolved)
  }

  private func report(
    _ id: UUID, _ tenant: UUID, _ call: Call
  ) async throws -> MinorReportRow {
    let rows = try await database.once(call.mandate(tenant), .minorReportFetch(tenant, id))[0]
    guard let row = rows.first else { throw IdentityError.reportNotFound }
    return try MinorReportRow(row)
  }
}
