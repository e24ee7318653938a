import Access
import FoundationEssentials
import Postgres
import Schemas
import Storage

extension IdentityService {
  /// Of one reporter, while they are open: nobody freezes a whole organisation.
  private static var openReportLimit: Int { 3 }

  func reportUnder16(
    _ request: IdentityReportUnder16Request, _ call: Call
  ) async throws -> IdentityReportUnder16Response {
    let token = try call.person
    // Staff is of no organisation, and names it.
    let isStaff = token.tenant == .platform
    let tenant = isStaff
      ? try call.tenant(organisation: request.organisationID) : token.tenant
    let person = try UUID(field: "person_id", request.personID)
    try await change(person, tenant, call) { change in
      guard !change.account.standing.isReported else { return }
      // A grown-up by office: a freeze would leave nobody to decide on it.
      guard !change.account.rights.held(from: change.today).contains(.privacyOfficer) else {
        throw IdentityError.authorisedPersonProtected
      }
      if !isStaff {
        let open: Int64 = try await change.query(
          .minorReportCount(tenant, by: token.subject))[0][0].get("open_reports")
        guard open < Self.openReportLimit else {
          throw IdentityError.tooManyOpenReports(limit: Self.openReportLimit)
        }
      }
      let report = UUID()
      try await change.query(
        .minorReportInsert(
          tenant, report, about: person, by: isStaff ? nil : token.subject, at: change.time))
      try await change.requireAdministrator()
      try change.record(.under16Reported)
      // What is told below says that nothing works any more, devices included.
      _ = try await change.endSessions()
      try await tell(of: report, change)
    }
    outbox.ring()
    return IdentityReportUnder16Response()
  }
  /// Whoever decides on it that it waits, and whom it is about why nothing works any more.
  private func tell(of report: UUID, _ change: PersonChange) async throws {
    let organisation = change.organisation
    let addressee = try await addressee(change.account.person, of: organisation)
    try await change.transaction.put(
      Notice(
        id: report, kind: .under16Reported, audience: .authorisedPersons, reference: report),
      at: change.time)
    try await change.transaction.query(
      all: post(
        .under16Reported(organisation: organisation.name), to: addressee, of: organisation.id,
        at: change.time))
  }
}
