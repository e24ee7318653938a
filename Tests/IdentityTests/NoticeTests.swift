import Access
import Cryptography
import Foundation
import Launch
import Logging
import Mail
import Postgres
import ProgramSupport
import RPC
import Reactor
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

/// Notices that other services hand over.
@Suite("Notices") struct NoticeTests {
  private func rounds(_ house: House) -> NoticeRounds {
    NoticeRounds(
      database: house.database, vault: house.service.vault, outbox: house.service.outbox,
      links: "https://ikso.example", bell: Bell(.each),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { house.clock.now })
  }

  private func desk(_ house: House) -> NoticeDesk {
    NoticeDesk(database: house.database, bell: Bell(.each), now: { house.clock.now })
  }

  private func request(
    _ tenant: UUID?, _ audience: NoticeAudience, _ kind: NoticeKind = .statement
  ) -> NoticeSendNoticeRequest {
    .with {
      $0.noticeID = UUID().canonical
      $0.organisationID = tenant?.canonical ?? ""
      $0.audience = audience
      $0.kind = kind
      $0.version = 2
    }
  }

  private func send(_ request: NoticeSendNoticeRequest, _ house: House) async throws {
    let call = house.call(.service("privacy"), NoticeServicePolicies.sendNotice)
    _ = try await desk(house).sendNotice(request, call)
  }

  /// Writes all that is due.
  private func write(_ house: House) async throws {
    while try await rounds(house).round() {}
  }

  private func people(_ house: House, _ tenant: UUID, _ names: [(String, String)]) async throws {
    let csv = "name,email,role\n" + names.map { "\($0.0),\($0.0)@acme.nl,\($0.1)\n" }.joined()
    _ = try await house.importFile(tenant, csv)
    _ = try await house.mails.files()
  }

  private func officer(
    _ house: House, _ tenant: UUID, _ name: String, deputy: Bool = false
  ) async throws {
    _ = try await house.service.nameAuthorisedPerson(
      .with {
        $0.organisationID = tenant.canonical
        $0.name = name
        $0.email = "\(name)@acme.nl"
        $0.validFrom = Day(house.clock.now, in: .amsterdam).description
        $0.deputy = deputy
      }, house.asOperator(IdentityServicePolicies.nameAuthorisedPerson))
    _ = try await house.mails.files()
  }

  /// Who has mail of the kind that waits.
  private func waiting(_ house: House, _ tenant: UUID, _ kind: String) async throws -> Int {
    try await house.admin.run(
      [
        """
        SELECT count(*) AS n FROM identity.outbox WHERE tenant_id = \(tenant) AND kind = \(kind)
        """
      ], deadline: nil)[0][0].get("n")
  }

  @Test func `a notice to everyone reaches each once, page by page, whatever ends in between`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let count = 2 * NoticeRounds.pageLimit + 30
      try await people(house, tenant, (0..<count).map { ("p\($0)", "participant") })
      // An account each, but one.
      _ = try await house.admin.run(
        [
          """
          INSERT INTO identity.credential (tenant_id, person_id, password_hash, changed_at)
          SELECT tenant_id, person_id, 'x', now() FROM identity.person WHERE tenant_id = \(tenant)
          ORDER BY person_id LIMIT \(count - 1)
          """
        ], deadline: nil)
      let notice = request(tenant, .everyone)
      try await send(notice, house)
      try await send(notice, house)
      #expect(try await rounds(house).round())
      #expect(try await waiting(house, tenant, "statement") == NoticeRounds.pageLimit)
      // One that was taken and not written is taken again when the lease ends.
      _ = try await house.database.once(
        tenant: .platform, .noticeDueClaim(at: house.clock.now, lease: NoticeRounds.lease))
      #expect(try await !rounds(house).round())
      house.clock.advance(NoticeRounds.lease)
      try await write(house)
      #expect(try await waiting(house, tenant, "statement") == count - 1)
      try await send(notice, house)
      try await write(house)
      let mails = try await house.mails.files().filter {
        $0.subject == "Een nieuwe privacyverklaring"
      }
      #expect(mails.count == count - 1 && Set(mails.map(\.to)).count == count - 1)
      // It is forgotten, long after.
      #expect(try await house.count("notice", tenant) == 1)
      house.clock.advance(NoticeRounds.lifetime)
      try await write(house)
      #expect(try await house.count("notice", tenant) == 0)
    }
  }

  @Test func `clause 39: mail of a breach goes before all mail that waits`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      try await officer(house, tenant, "olga")
      let csv = "name,email,role\n"
        + (0..<60).map { "q\($0),q\($0)@acme.nl,participant\n" }.joined()
      _ = try await house.importFile(tenant, csv)
      try await send(request(tenant, .everyone), house)
      house.clock.advance(1)
      try await send(request(tenant, .responsible, .breach), house)
      #expect(try await rounds(house).round())
      #expect(try await waiting(house, tenant, "breach") == 1)
      let first = try await house.service.outbox.claim(
        limit: 1, share: 1, at: house.clock.now)
      let kind: String = try await house.admin.run(
        [
          "SELECT kind FROM identity.outbox WHERE outbox_id = \(first[0].id)"
        ], deadline: nil)[0][0].get("kind")
      #expect(kind == "breach")
    }
  }

  @Test func `each audience is who it says, and officers who are there`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      try await people(
        house, tenant,
        [("adam", "administrator"), ("bea", "administrator"), ("carl", "participant")])
      func reached(_ audience: NoticeAudience, _ kind: NoticeKind) async throws -> Set<String> {
        let before = try await house.mails.files().count
        try await send(request(tenant, audience, kind), house)
        try await write(house)
        let all = try await house.mails.files()
        #expect(all.count >= before)
        let subject = NoticeLetter(
          notice: Notice(
            id: UUID(), kind: kind == .requestSoon ? .requestSoon : .complaintReceived,
            audience: .everyone), zone: .amsterdam
        ).letter(.dutch, links: "").subject
        return Set(all.filter { $0.subject == subject }.map { String($0.to.prefix { $0 != "@" }) })
      }
      // Nobody has an account, and there is no officer yet.
      #expect(try await reached(.everyone, .requestSoon) == [])
      #expect(try await reached(.authorisedPersons, .requestSoon) == ["adam", "bea"])
      try await officer(house, tenant, "olga")
      try await officer(house, tenant, "dirk", deputy: true)
      #expect(try await reached(.authorisedPersons, .complaintReceived) == ["olga", "dirk"])
      #expect(
        try await reached(.responsible, .complaintReceived) == ["adam", "bea", "olga", "dirk"])
    }
  }

  @Test func `a notice to every organisation is each one's own`() async throws {
    try await House.with { house in
      let (one, two) = (try await house.organisation(), try await house.organisation())
      for (tenant, name) in [(one, "olga"), (two, "otto")] {
        try await officer(house, tenant, name)
      }
      let notice = request(nil, .authorisedPersons, .subProcessor)
      try await send(notice, house)
      try await send(notice, house)
      try await write(house)
      let told = try await house.mails.files().filter { $0.subject == "Een subverwerker van IKSO" }
      #expect(told.map(\.to).sorted() == ["olga@acme.nl", "otto@acme.nl"])
      #expect(told.allSatisfy { $0.plainText.contains("https://ikso.example/sub-processors") })
    }
  }

  @Test func `a person who is erased before it is written gets none`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, "ada@acme.nl")
      let before = try await house.mails.files().count
      var notice = request(tenant, .person, .requestRefused)
      notice.personID = ada.canonical
      notice.authorityLink = "https://authority.example.org/complain"
      try await send(notice, house)
      _ = try await house.subjects.eraseSubject(
        .with {
          $0.organisationID = tenant.canonical
          $0.subjectID = ada.canonical
        }, house.asPrivacy)
      #expect(try await house.count("notice", tenant) == 0)
      try await write(house)
      #expect(try await house.mails.files().count == before)
      #expect(try await house.count("notice_due", .platform) == 0)
    }
  }

  @Test func `clause 44: a refusal says where one can complain`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, "ada@acme.nl")
      var notice = request(tenant, .person, .requestRefused)
      notice.personID = ada.canonical
      notice.referenceID = UUID().canonical
      notice.authorityLink = "https://authority.example.org/complain"
      try await send(notice, house)
      try await write(house)
      let mail = try #require(
        try await house.mails.mails(to: "ada@acme.nl").first {
          $0.subject == "Nieuws over uw verzoek"
        })
      #expect(mail.plainText.contains("https://authority.example.org/complain"))
      #expect(mail.plainText.contains("https://ikso.example/requests#\(notice.referenceID)"))
    }
  }

  @Test func `what cannot be a notice is refused`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      func refused(_ change: (inout NoticeSendNoticeRequest) -> Void) async throws -> StatusCode? {
        var notice = request(tenant, .everyone)
        change(&notice)
        return try await refusal { try await send(notice, house) }?.code
      }
      #expect(try await refused { $0.kind = .unspecified } == .invalidArgument)
      #expect(try await refused { $0.audience = .unspecified } == .invalidArgument)
      #expect(try await refused { $0.audience = .person } == .invalidArgument)
      #expect(try await refused { $0.personID = UUID().canonical } == .invalidArgument)
      #expect(try await refused { $0.noticeID = "x" } == .invalidArgument)
      #expect(
        try await refused { $0.moment = .with { $0.seconds = .max } } == .invalidArgument)
      #expect(
        try await refused { $0.authorityLink = String(repeating: "x", count: 501) }
          == .invalidArgument)
      #expect(try await refused { $0.organisationID = UUID().canonical } == .notFound)
      #expect(try await refused { $0.organisationID = UUID.platform.canonical } == .notFound)
      #expect(
        try await refused {
          $0.organisationID = ""
          $0.audience = .person
          $0.personID = UUID().canonical
        } == .invalidArgument)
      #expect(try await house.count("notice", tenant) == 0)
    }
  }

  @Test(arguments: Notice.Kind.allCases)
  func `a notice says the same in both languages, and in its subject nothing of whom it is about`(
    kind: Notice.Kind
  ) {
    let id = UUID()
    let notice = Notice(
      id: UUID(), kind: kind, audience: .everyone, reference: id, version: 7,
      moment: Date(timeIntervalSince1970: 1_800_000_000),
      authorityLink: "https://authority.example.org/complain")
    let letter = NoticeLetter(notice: notice, zone: .amsterdam)
    let dutch = letter.letter(.dutch, links: "https://ikso.example")
    let english = letter.letter(.english, links: "https://ikso.example")
    #expect(dutch.subject != english.subject && dutch.parts != english.parts)
    func shape(_ letter: Letter) -> [String] {
      letter.parts.map { part in
        switch part {
        case .text: "text"
        case .link(let link): link
        case .fact(_, let value): value
        }
      }
    }
    #expect(shape(dutch) == shape(english))
    #expect(shape(dutch).contains { $0.hasSuffix("#\(id.canonical)") })
    #expect(shape(dutch).contains("2027-01-15"))
    #expect(!(dutch.subject + english.subject).contains(id.canonical))
  }
}
