import FoundationEssentials
import Postgres
import Storage

struct NewParentalConsent: Sendable {
  let id: UUID
  let person: UUID
  let guardian: Sealed<ParentalConsentColumns.Guardian>
  let reference: Sealed<ParentalConsentColumns.Reference>
  let givenOn: Day
}

extension MinorReportResolution: PostgresValue {}

struct MinorReportRow: Sendable {
  let id: UUID
  let person: UUID
  let reporter: UUID?
  let reportedAt: Date
  let resolution: MinorReportResolution?
  let resolvedAt: Date?

  init(_ row: Row) throws(PostgresError) {
    id = try row.get("minor_report_id")
    person = try row.get("person_id")
    reporter = try row.get("reporter_id")
    reportedAt = try row.get("reported_at")
    resolution = try row.get("resolution")
    resolvedAt = try row.get("resolved_at")
  }
}

extension SQL {
  static func personSetUnder16(_ tenant: UUID, _ person: UUID, _ under16: Bool) -> SQL {
    """
    UPDATE identity.person SET under16 = \(under16)
    WHERE tenant_id = \(tenant) AND person_id = \(person)
    """
  }

  static func parentalConsentInsert(
    _ tenant: UUID, _ consent: NewParentalConsent, at time: Date
  ) -> SQL {
    """
    INSERT INTO identity.parental_consent (
      tenant_id, parental_consent_id, person_id, guardian, reference, given_on, recorded_at)
    VALUES (
      \(tenant), \(consent.id), \(consent.person), \(consent.guardian), \(consent.reference),
      \(consent.givenOn.calendarDate), \(time))
    """
  }

  static func parentalConsentWithdraw(_ tenant: UUID, _ person: UUID, at time: Date) -> SQL {
    """
    UPDATE identity.parental_consent SET withdrawn_at = \(time)
    WHERE tenant_id = \(tenant) AND person_id = \(person) AND withdrawn_at IS NULL
    """
  }

  private static let minorReports: SQL = """
    SELECT minor_report_id, person_id, reporter_id, reported_at, resolution, resolved_at
    FROM identity.minor_report
    """

  static func minorReportInsert(
    _ tenant: UUID, _ id: UUID, about person: UUID, by reporter: UUID?, at time: Date
  ) -> SQL {
    """
    INSERT INTO identity.minor_report (
      tenant_id, minor_report_id, person_id, reporter_id, reported_at)
    VALUES (\(tenant), \(id), \(person), \(reporter), \(time))
    """
  }

  static func minorReportFetch(_ tenant: UUID, _ report: UUID) -> SQL {
    "\(minorReports) WHERE tenant_id = \(tenant) AND minor_report_id = \(report)"
  }

  static func minorReportCount(_ tenant: UUID, by reporter: UUID) -> SQL {
    """
    SELECT count(*) AS open_reports FROM identity.minor_report
    WHERE tenant_id = \(tenant) AND reporter_id = \(reporter) AND resolved_at IS NULL
    """
  }

  /// Those that are open first, then the latest.
  static func minorReportList(_ tenant: UUID, limit: Int) -> SQL {
    """
    \(minorReports) WHERE tenant_id = \(tenant)
    ORDER BY resolved_at IS NOT NULL, reported_at DESC, minor_report_id LIMIT \(limit)
    """
  }

  /// Changes nothing if it is decided on.
  static func minorReportResolve(
    _ tenant: UUID, _ report: UUID, _ resolution: MinorReportResolution, at time: Date
  ) -> SQL {
    """
    UPDATE identity.minor_report SET resolution = \(resolution), resolved_at = \(time)
    WHERE tenant_id = \(tenant) AND minor_report_id = \(report) AND resolved_at IS NULL
    """
  }
}
