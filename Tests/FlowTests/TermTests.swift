import Foundation
import Postgres
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// What begins and ends with a day or a decision: contracts, keys of programs, support.
struct TermTests {
  /// Today there, ISO 8601.
  private static func today(in zone: String) throws -> String {
    let zone = try #require(TimeZone(identifier: zone))
    return Date.ISO8601FormatStyle(timeZone: zone).year().month().day().format(Date())
  }

  private static func organisation(
    in zone: String, _ change: (inout IdentityRegisterOrganisationRequest) -> Void = { _ in }
  ) async throws -> IdentityOrganisation {
    let house = try House.current()
    var request = Samples.registration("Term B.V.")
    request.timeZone = zone
    change(&request)
    return try await house.identity.registerOrganisation(
      request, try await house.operators.options())
  }

  private static func end(
    _ organisation: IdentityOrganisation, on day: String
  ) async throws -> IdentityOrganisation {
    let house = try House.current()
    return try await house.organisations.endContract(
      .with {
        $0.organisationID = organisation.organisationID
        $0.lastDay = day
      }, try await house.operators.options())
  }

  @Test func `a contract ends on a day of the organisation's own time zone`() async throws {
    // Between them it is never the same day.
    let (west, east) = ("Pacific/Pago_Pago", "Pacific/Kiritimati")
    let (early, late) = (try Self.today(in: west), try Self.today(in: east))
    #expect(early < late)
    let (behind, ahead) = (
      try await Self.organisation(in: west), try await Self.organisation(in: east)
    )
    #expect(behind.timeZone == west && ahead.timeZone == east)
    let ended = try await Self.end(behind, on: early)
    #expect(ended.contractEnd == early && ended.state == .active)
    try await expectRefusal(.invalidArgument, "last_day", what: "yesterday, there") {
      try await Self.end(ahead, on: early)
    }
    #expect(try await Self.end(ahead, on: late).state == .active)
    let usual = try await Self.organisation(in: "")
    #expect(usual.timeZone == "Europe/Amsterdam")
    try await expectRefusal(.invalidArgument, "time_zone", what: "no zone") {
      try await Self.organisation(in: "Europe/Nergens")
    }
  }

  @Test(arguments: [
    ("2027-01-31", "2027-02-28"), ("2028-01-31", "2028-02-29"), ("2027-03-30", "2027-04-30"),
    ("2027-03-31", "2027-04-30"), ("2027-12-31", "2028-01-31"), ("2027-02-28", "2027-03-28"),
  ])
  func `clause 29: data are kept for a calendar month after the contract`(
    end: String, kept: String
  ) async throws {
    let organisation = try await Self.organisation(in: "") { $0.contractEnd = end }
    #expect(organisation.keptUntil == kept)
  }

  @Test func `a program's key is refused after its last day, and one beside it goes on`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let old = try await Tool.make(of: organisation)
    let new = try await old.rotated()
    let shown = try await ServiceAccountServiceClient(house.gateway).listServiceAccounts(
      .init(), try await house.operators.options()
    ).serviceAccounts
    let account = try #require(shown.first { $0.serviceAccountID == old.id })
    #expect(account.credentials.count == 2)
    let first = try #require(account.credentials.min { $0.createdAt.date < $1.createdAt.date })
    let days = first.expiresAt.date.timeIntervalSince(first.createdAt.date) / 86_400
    #expect(days == 90)
    // Its days pass.
    try await house.sql(
      """
      UPDATE identity.service_credential SET expires_at = now() - interval '1 second'
      WHERE service_credential_id = \(UUID(uuidString: first.credentialID))
      """)
    try await expectRefusal(.unauthenticated, what: "the key that has ended") {
      try await old.issue(in: organisation)
    }
    _ = try await new.issue(in: organisation)
  }

  @Test func `support that is refused does not begin, and the organisation keeps the record`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let support = SupportServiceClient(house.gateway)
    let operators = try await house.operators.options()
    let administrator = try await organisation.member("Bea Beheer", role: "administrator")
    let asked = try await support.requestSupportAccess(
      .with {
        $0.organisationID = organisation.id
        $0.reason = "Ticket 4712"
        $0.scopes = [Tool.read]
        $0.minutes = 30
      }, operators)
    let id = asked.supportAccessID
    let refused = try await support.refuseSupportAccess(
      .with { $0.supportAccessID = id }, administrator.options)
    #expect(refused.state == .refused && refused.decidedBy == administrator.id)
    try await expectRefusal(.failedPrecondition, what: "beginning it") {
      try await support.beginSupport(
        .with {
          $0.organisationID = organisation.id
          $0.supportAccessID = id
        }, operators)
    }
    try await expectRefusal(.failedPrecondition, what: "approving it after all") {
      try await support.approveSupportAccess(
        .with { $0.supportAccessID = id }, administrator.options)
    }
    let list = try await support.listSupportAccess(.init(), administrator.options).supportAccess
    #expect(list.map(\.supportAccessID) == [id] && list[0].state == .refused)
    let events = try await SecurityLogServiceClient(house.gateway).listSecurityEvents(
      .with { $0.kinds = [.supportAsked, .supportApproved, .supportRefused, .supportBegun] },
      administrator.options)
    #expect(events.events.map(\.kind) == [.supportRefused, .supportAsked])
  }
}
