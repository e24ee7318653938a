import Access
import Cryptography
import Foundation
import Postgres
import RPC
import Schemas
import Storage
import StorageSupport
import SwiftProtobuf
import Testing

@testable import Privacy

private typealias Policies = BreachServicePolicies

/// Reports of breaches: how many anybody makes, and that nobody's hide another's.
@Suite(.serialized) struct BreachReportTests {
  private func report(
    _ home: RegisterHome, _ tenant: UUID, by person: UUID = UUID()
  ) async throws -> String {
    home.clock.move(seconds: 1)
    return try await home.breaches.reportBreach(
      .with { $0.text = "Something is open." },
      RegisterHome.participant(tenant, Policies.reportBreach, subject: person)
    ).breachID
  }

  /// All of the register, in its order.
  private func register(_ home: RegisterHome, pageSize: UInt32) async throws -> [PrivacyBreach] {
    let operators = RegisterHome.operators(Policies.listBreaches)
    var (found, request) = ([PrivacyBreach](), PrivacyListBreachesRequest())
    request.pageSize = pageSize
    repeat {
      let page = try await home.breaches.listBreaches(request, operators)
      #expect(page.breaches.count <= Int(pageSize))
      found += page.breaches
      request.pageToken = page.nextPageToken
    } while !request.pageToken.isEmpty
    return found
  }

  /// Fills what an organisation may report.
  private func fill(_ home: RegisterHome, _ tenant: UUID) async throws -> [String] {
    var made: [String] = []
    while made.count < Breach.reportLimit {
      let person = UUID()
      for _ in 0..<Breach.personReportLimit {
        made.append(try await report(home, tenant, by: person))
      }
    }
    return made
  }

  @Test func `clause 39: a person reports five times a day, and is told where else to turn`()
    async throws
  {
    try await RegisterHome.with { home in
      let person = UUID()
      for _ in 0..<Breach.personReportLimit {
        _ = try await report(home, RegisterHome.first, by: person)
      }
      try await expectRefused("RESOURCE_EXHAUSTED", "within a day", "leak@example.org") {
        try await report(home, RegisterHome.first, by: person)
      }
      _ = try await report(home, RegisterHome.first)
      home.clock.move(seconds: Breach.reportPeriod)
      _ = try await report(home, RegisterHome.first, by: person)
    }
  }

  @Test func `clause 39: reports at the same moment do not get past the bound`() async throws {
    try await RegisterHome.with { home in
      let person = UUID()
      let taken = await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<12 {
          group.addTask { (try? await report(home, RegisterHome.first, by: person)) != nil }
        }
        return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(taken == Breach.personReportLimit)
    }
  }

  @Test func `clause 39: no organisation's reports hide another's, and all pages can be had`()
    async throws
  {
    try await RegisterHome.with { home in
      var ids = Set(try await fill(home, RegisterHome.first))
      try await expectRefused("RESOURCE_EXHAUSTED", "nobody has looked at", "leak@example.org") {
        try await report(home, RegisterHome.first)
      }
      // What a service finds is taken all the same, and what happens elsewhere.
      ids.insert(
        try await home.breaches.reportBreach(
          .with {
            $0.organisationID = RegisterHome.first.canonical
            $0.text = "row security failed"
          }, RegisterHome.service("goals", Policies.reportBreach)
        ).breachID)
      let other = try await report(home, RegisterHome.second)
      ids.insert(other)
      let listed = try await register(home, pageSize: 3)
      #expect(listed.prefix(2).map(\.breachID).contains(other))
      #expect(listed.count == ids.count && Set(listed.map(\.breachID)) == ids)
      // What operators have taken in hand goes by its time again, and makes room.
      let last = try #require(listed.last).breachID
      let seen = try await home.breaches.addBreachEntry(
        .with {
          $0.breachID = last
          $0.kind = .note
          $0.text = "asked back"
        }, RegisterHome.operators(Policies.addBreachEntry))
      #expect(seen.state == .open)
      let again = try await register(home, pageSize: 4)
      #expect(again.prefix(3).map(\.breachID).contains(last))
      #expect(Set(again.map(\.breachID)) == ids)
      // The service's does not count as one more person's.
      try await expectRefused("RESOURCE_EXHAUSTED") { try await report(home, RegisterHome.first) }
      let next = try #require(again.last { $0.breachID != last && $0.state == .reported }).breachID
      _ = try await home.breaches.updateBreach(
        .with {
          $0.breachID = next
          $0.expectedRevision = 1
        }, RegisterHome.operators(Policies.updateBreach))
      _ = try await report(home, RegisterHome.first)
    }
  }

  @Test func `clause 39: an officer has one mail of reports until one was read`() async throws {
    try await RegisterHome.with { home in
      func mails() async throws -> Int {
        try await home.base.database.once(
          tenant: .platform,
          """
          SELECT count(*) AS n FROM privacy.notice
          WHERE tenant_id = \(UUID.platform) AND organisation_id = \(RegisterHome.first)
          """)[0][0].get("n")
      }
      let reported = [
        try await report(home, RegisterHome.first), try await report(home, RegisterHome.first),
        try await report(home, RegisterHome.first),
      ]
      #expect(try await mails() == 1)
      // What operators say is another matter.
      _ = try await home.breaches.registerBreach(
        .with {
          $0.awareAt = .init(date: RegisterHome.start)
          $0.affectedOrganisationIds = [RegisterHome.first.canonical]
        }, RegisterHome.operators(Policies.registerBreach))
      #expect(try await mails() == 2)
      for id in reported {
        _ = try await home.breaches.acknowledgeBreachNotice(
          .with {
            $0.breachID = id
            $0.revision = 1
          }, RegisterHome.officer(RegisterHome.first, Policies.acknowledgeBreachNotice))
      }
      _ = try await report(home, RegisterHome.first)
      #expect(try await mails() == 3)
    }
  }

  @Test func `clause 39: an organisation reads all its notices, page by page, unread ones first`()
    async throws
  {
    try await RegisterHome.with { home in
      let ids = try await fill(home, RegisterHome.first)
      for id in ids.suffix(3) {
        _ = try await home.breaches.acknowledgeBreachNotice(
          .with {
            $0.breachID = id
            $0.revision = 1
          }, RegisterHome.officer(RegisterHome.first, Policies.acknowledgeBreachNotice))
      }
      let officer = RegisterHome.officer(RegisterHome.first, Policies.listBreachNotices)
      var (found, request) = ([PrivacyBreachNotice](), PrivacyListBreachNoticesRequest())
      request.pageSize = 6
      repeat {
        let page = try await home.breaches.listBreachNotices(request, officer)
        found += page.notices
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(
        found.map(\.breachID) == ids.dropLast(3).reversed() + ids.suffix(3).reversed())
      // A token is its reader's.
      request.pageToken = try await home.breaches.listBreachNotices(request, officer).nextPageToken
      try await expectRefused("INVALID_ARGUMENT") {
        try await home.breaches.listBreachNotices(
          request, RegisterHome.officer(RegisterHome.first, Policies.listBreachNotices))
      }
    }
  }

  @Test func `clause 44: somebody reads all their complaints, page by page`() async throws {
    try await RegisterHome.with { home in
      let person = UUID()
      var ids: [String] = []
      for number in 1...Complaint.openLimit {
        home.clock.move(seconds: 1)
        ids.append(
          try await home.complaints.fileComplaint(
            .with { $0.text = "Complaint \(number)" },
            RegisterHome.participant(
              RegisterHome.first, ComplaintServicePolicies.fileComplaint, subject: person)
          ).complaintID)
      }
      let reader = RegisterHome.participant(
        RegisterHome.first, ComplaintServicePolicies.listMyComplaints, subject: person)
      var (found, request) = ([String](), PrivacyListMyComplaintsRequest())
      request.pageSize = 3
      repeat {
        let page = try await home.complaints.listMyComplaints(request, reader)
        found += page.complaints.map(\.complaintID)
        request.pageToken = page.nextPageToken
      } while !request.pageToken.isEmpty
      #expect(found == ids.reversed())
    }
  }
}
