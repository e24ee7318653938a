import Archive
import Cryptography
import Foundation
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// What people and officers ask, accept, refuse, extend and withdraw, over the wire.
struct RequestTests {
  /// An organisation with an officer and somebody to ask for.
  struct Staff {
    let officer: Member
    let member: Member
    var house: House { member.organisation.house }

    static func make() async throws -> Staff {
      let organisation = try await Organisation.make()
      return Staff(
        officer: try await organisation.officer(),
        member: try await organisation.member("Vera \(organisation.tag)"))
    }

    func ask(
      _ kind: PrivacyRequestKind, _ change: (inout PrivacyRequestDetail) -> Void = { _ in }
    ) async throws -> PrivacyPrivacyRequest {
      var detail = PrivacyRequestDetail()
      change(&detail)
      return try await house.privacy.createRequest(
        .with {
          $0.kind = kind
          $0.subjectID = member.id
          $0.detail = detail
        }, officer.options)
    }

    func askMyself(_ kind: PrivacyRequestKind) async throws -> PrivacyPrivacyRequest {
      try await house.ownRequests.createOwnRequest(.with { $0.kind = kind }, member.options)
    }

    func approve(_ request: PrivacyPrivacyRequest, as officer: Member) async throws
      -> PrivacyPrivacyRequest
    {
      try await house.requests.approveRequest(
        .with { $0.requestID = request.requestID }, officer.options)
    }
  }

  @Test func `clause 33: an accepted rectification is carried out, with its history`()
    async throws
  {
    let staff = try await Staff.make()
    let (house, member) = (staff.house, staff.member)
    let people = PeopleServiceClient(house.gateway)
    func ask(_ field: String, _ value: String) async throws -> PrivacyPrivacyRequest {
      let asked = try await house.ownRequests.createOwnRequest(
        .with {
          $0.kind = .rectification
          $0.detail.field = field
          $0.detail.newValue = value
        }, member.options)
      return try await staff.approve(asked, as: staff.officer)
    }
    func complete(_ request: PrivacyPrivacyRequest) async throws -> PrivacyPrivacyRequest {
      _ = try await house.requests.completeRequest(
        .with {
          $0.requestID = request.requestID
          $0.outcome = "Verbeterd."
        }, staff.officer.options)
      return try await house.privacy.getRequest(
        .with { $0.requestID = request.requestID }, staff.officer.options)
    }
    let named = try await complete(try await ask("Naam", "Vera de Verbeterde"))
    #expect(named.state == .completed)
    #expect(named.steps.map(\.service) == ["identity"] && named.steps[0].done)
    let record = try await people.getPerson(.with { $0.personID = member.id }, member.options)
    #expect(record.name == "Vera de Verbeterde")
    let history = try await people.listCorrections(
      .with { $0.personID = member.id }, member.options
    ).corrections
    #expect(history.map(\.oldValue) == [member.name] && history[0].provenance == .person)
    // The officer has ordered it.
    let events = try await SecurityLogServiceClient(house.gateway).listSecurityEvents(
      .with { $0.pageSize = 100 }, staff.officer.options
    ).events
    #expect(events.contains { $0.kind == .nameCorrected && $0.actorID == staff.officer.id })
    // A new address counts once its link is opened.
    let address = member.organisation.email("vera nieuw")
    let moved = try await complete(try await ask("e-mailadres", address))
    #expect(moved.steps.first?.rows.first?.table == "email_change")
    let code = try await house.mailbox.code(to: address)
    _ = try await people.confirmEmailChange(.with { $0.code = code })
    let after = try await people.getPerson(
      .with { $0.personID = member.id }, staff.officer.options)
    #expect(after.email == address)
    // What identity does not keep stays the officer's word; what cannot be is not called done.
    #expect(try await complete(try await ask("functie", "Adviseur")).steps.isEmpty)
    let wrong = try await ask("email", "geen adres")
    try await expectRefusal(.failedPrecondition, "new value", what: "no address") {
      try await complete(wrong)
    }
  }

  @Test func `clause 36: what a person asks for themselves goes to the controller`()
    async throws
  {
    let staff = try await Staff.make()
    let house = staff.house
    let asked = try await staff.askMyself(.access)
    #expect(asked.state == .waitingForAcceptance && asked.askedBySubject)
    #expect(try await staff.askMyself(.access).requestID == asked.requestID, "joined")
    // A colleague finds nothing of it; an officer has it in the list.
    let colleague = try await staff.member.organisation.member("Wim \(staff.member.id.prefix(4))")
    try await expectRefusal(.notFound, what: "a colleague looks") {
      try await house.ownRequests.getOwnRequest(
        .with { $0.requestID = asked.requestID }, colleague.options)
    }
    let list = try await house.privacy.listRequests(.init(), staff.officer.options)
    #expect(list.requests.map(\.requestID) == [asked.requestID])
    let accepted = try await staff.approve(asked, as: staff.officer)
    #expect(accepted.hasDecidedAt)
    let done = try await RightsTests.closed(asked.requestID, staff.officer, house.requests)
    #expect(done.state == .completed)
    var archive: [UInt8] = []
    for try await chunk in try await house.ownRequests.fetchOwnArchive(
      .with { $0.requestID = asked.requestID }, staff.member.options)
    { archive += chunk.data }
    let verified = try SignedArchive.verify(archive, keys: try await RightsTests.keys())
    #expect(verified.manifest.subjectID == staff.member.id)
    let paths = verified.files.map(\.path)
    #expect(paths.contains("index.html") && paths.contains("schema.json"))
    try await expectRefusal(.notFound, what: "a colleague fetches") {
      for try await _ in try await house.ownRequests.fetchOwnArchive(
        .with { $0.requestID = asked.requestID }, colleague.options)
      {}
    }
  }

  @Test func `clause 36: the receipt of a request verifies offline`() async throws {
    let staff = try await Staff.make()
    let asked = try await staff.askMyself(.access)
    let receipt = try SignedDocument.verify(
      [UInt8](asked.receipt), keys: try await RightsTests.keys(), as: RequestReceipt.self
    ).content
    #expect(receipt.requestID == asked.requestID && receipt.kind == "access")
    #expect(receipt.dueAt == asked.dueAt.date.formatted(.iso8601))
    #expect(!String(decoding: asked.receipt, as: UTF8.self).contains(staff.member.id))
  }

  @Test func `a request of one kind that is open is joined, and a key gives the same again`()
    async throws
  {
    let staff = try await Staff.make()
    let first = try await staff.ask(.erasure)
    #expect(try await staff.ask(.erasure).requestID == first.requestID)
    var options = staff.officer.options
    try options.metadata.add("idempotency-key", "portability-\(staff.member.id)")
    let asked = PrivacyCreateRequestRequest.with {
      $0.kind = .portability
      $0.subjectID = staff.member.id
      $0.detail.recipient = "Andere Organisatie B.V."
    }
    let made = try await staff.house.privacy.createRequest(asked, options)
    let done = try await RightsTests.closed(made.requestID, staff.officer, staff.house.requests)
    #expect(done.state == .completed)
    // Closed: without the key it would be another one.
    let again = try await staff.house.privacy.createRequest(asked, options)
    #expect(again.requestID == made.requestID && again.state == .completed)
    #expect(try await staff.ask(.portability).requestID != made.requestID)
  }

  @Test func `an erasure takes two officers, and the refusal says what is missing`()
    async throws
  {
    let staff = try await Staff.make()
    let asked = try await staff.ask(.erasure)
    #expect(asked.state == .waitingForApproval)
    try await expectRefusal(
      .failedPrecondition, "the organisation has one", "deputy", what: "the only officer approves"
    ) { try await staff.approve(asked, as: staff.officer) }
    let deputy = try await staff.member.organisation.deputy()
    try await expectRefusal(
      .failedPrecondition, "another privacy officer", what: "who asked approves"
    ) { try await staff.approve(asked, as: staff.officer) }
    #expect(try await staff.house.privacy.getRequest(
      .with { $0.requestID = asked.requestID }, staff.officer.options).state
        == .waitingForApproval)
    _ = try await staff.approve(asked, as: deputy)
    let done = try await RightsTests.closed(asked.requestID, staff.officer, staff.house.requests)
    #expect(done.state == .completed)
  }

  @Test func `clause 44: a refusal has a ground of the law, and the authority's link`()
    async throws
  {
    let staff = try await Staff.make()
    let asked = try await staff.askMyself(.erasure)
    func refuse(_ ground: PrivacyRefusalGround) async throws -> PrivacyPrivacyRequest {
      try await staff.house.requests.refuseRequest(
        .with {
          $0.requestID = asked.requestID
          $0.ground = ground
          $0.explanation = "De fiscus wil het zeven jaar zien."
        }, staff.officer.options)
    }
    try await expectRefusal(.invalidArgument, "does not hold", what: "a ground of another kind") {
      try await refuse(.notPortable)
    }
    try await expectRefusal(.invalidArgument, "ground", what: "no ground") {
      try await refuse(.unspecified)
    }
    let refused = try await refuse(.legalObligation)
    #expect(refused.state == .refused && refused.refusalGround == .legalObligation)
    let seen = try await staff.house.ownRequests.getOwnRequest(
      .with { $0.requestID = asked.requestID }, staff.member.options)
    #expect(seen.authorityLink.hasPrefix("https://"))
    #expect(seen.texts.map(\.text) == ["De fiscus wil het zeven jaar zien."])
    try await expectRefusal(.failedPrecondition, what: "approving what was refused") {
      try await staff.approve(asked, as: staff.officer)
    }
    let places = try await Tables.places(
      of: ["De fiscus wil het zeven jaar zien."], in: staff.house.superuser)
    #expect(places.isEmpty, "in plain text: \(places)")
  }

  @Test func `clause 34: an objection freezes its purpose until it is refused or withdrawn`()
    async throws
  {
    let staff = try await Staff.make()
    let consents = ConsentServiceClient(staff.house.gateway)
    func frozen() async throws -> [PrivacyPurpose] {
      try await consents.listFreezes(
        .with {
          $0.personID = staff.member.id
          $0.onlyInForce = true
        }, staff.officer.options
      ).freezes.map(\.purpose)
    }
    let asked = try await staff.ask(.objection) { $0.purpose = "feedback" }
    #expect(asked.state == .inHand && asked.purpose == "feedback")
    #expect(try await frozen() == [.feedback])
    _ = try await staff.house.requests.refuseRequest(
      .with {
        $0.requestID = asked.requestID
        $0.ground = .compellingInterest
      }, staff.officer.options)
    #expect(try await frozen().isEmpty)
    // What an officer freezes besides outlives the request.
    let again = try await staff.ask(.objection) { $0.purpose = "feedback" }
    func freeze() async throws -> [String] {
      try await consents.freezePurposes(
        .with {
          $0.personID = staff.member.id
          $0.purposes = [.feedback]
          $0.reason = .objection
        }, staff.officer.options
      ).freezes.map(\.freezeID)
    }
    let kept = try await freeze()
    #expect(try await freeze() == kept && kept.count == 1)
    _ = try await staff.house.requests.withdrawRequest(
      .with { $0.requestID = again.requestID }, staff.officer.options)
    #expect(try await frozen() == [.feedback])
    _ = try await consents.releaseFreeze(
      .with { $0.freezeID = kept[0] }, staff.officer.options)
    #expect(try await frozen().isEmpty)
    let all = try await staff.askMyself(.restriction)
    #expect(try await frozen().count > 1)
    _ = try await staff.approve(all, as: staff.officer)
    _ = try await staff.house.requests.completeRequest(
      .with {
        $0.requestID = all.requestID
        $0.outcome = "Alles ligt stil."
      }, staff.officer.options)
    #expect(try await frozen().count > 1, "granted: it stays")
  }

  @Test func `who asked can withdraw, nobody else`() async throws {
    let staff = try await Staff.make()
    let own = try await staff.askMyself(.restriction)
    let others = try await staff.ask(.erasure)
    try await expectRefusal(.failedPrecondition, what: "an officer withdraws a person's own") {
      try await staff.house.requests.withdrawRequest(
        .with { $0.requestID = own.requestID }, staff.officer.options)
    }
    try await expectRefusal(.failedPrecondition, what: "a person withdraws an officer's") {
      try await staff.house.ownRequests.withdrawOwnRequest(
        .with { $0.requestID = others.requestID }, staff.member.options)
    }
    let gone = try await staff.house.ownRequests.withdrawOwnRequest(
      .with { $0.requestID = own.requestID }, staff.member.options)
    #expect(gone.state == .withdrawn)
    #expect(try await staff.askMyself(.restriction).requestID != own.requestID)
    let taken = try await staff.house.requests.withdrawRequest(
      .with { $0.requestID = others.requestID }, staff.officer.options)
    #expect(taken.state == .withdrawn)
  }

  @Test func `clause 33: a rectification is done by an officer, who says what was done`()
    async throws
  {
    let staff = try await Staff.make()
    try await expectRefusal(.invalidArgument, "new_value", what: "nothing to correct") {
      try await staff.ask(.rectification) { $0.field = "naam" }
    }
    try await expectRefusal(.invalidArgument, "no place", what: "more than its kind has") {
      try await staff.ask(.access) { $0.newValue = "Vera van Dijk" }
    }
    let value = "Vera van Dijk \(staff.member.organisation.tag)"
    let asked = try await staff.ask(.rectification) {
      $0.field = "naam"
      $0.newValue = value
    }
    #expect(asked.state == .inHand)
    #expect(asked.texts.map(\.text) == ["naam", value])
    let done = try await staff.house.requests.completeRequest(
      .with {
        $0.requestID = asked.requestID
        $0.outcome = "De naam is verbeterd."
      }, staff.officer.options)
    #expect(done.state == .completed && done.hasCompletedAt)
    #expect(done.texts.map(\.kind) == [.field, .newValue, .outcome])
    let places = try await Tables.places(of: [value], in: staff.house.superuser)
    #expect(places.isEmpty, "in plain text: \(places)")
    let list = try await staff.house.privacy.listRequests(.init(), staff.officer.options)
    #expect(list.requests.allSatisfy { $0.texts.isEmpty })
  }

  @Test func `clause 38: one extension by two months, and overdue requests can be listed`()
    async throws
  {
    let staff = try await Staff.make()
    let asked = try await staff.askMyself(.restriction)
    #expect(asked.dueAt.date == asked.receivedAt.date.addingTimeInterval(28 * 86_400))
    #expect(asked.attention == .none)
    func overdue() async throws -> [String] {
      try await staff.house.privacy.listRequests(
        .with { $0.overdue = true }, staff.officer.options
      ).requests.map(\.requestID)
    }
    #expect(try await overdue().isEmpty)
    let extended = try await staff.house.requests.extendRequest(
      .with {
        $0.requestID = asked.requestID
        $0.reason = "Het archief is groot."
      }, staff.officer.options)
    let days = extended.dueAt.date.timeIntervalSince(asked.dueAt.date) / 86_400
    #expect((58...63).contains(days), "\(days)")
    let again = try await staff.house.requests.extendRequest(
      .with {
        $0.requestID = asked.requestID
        $0.reason = "En nog eens."
      }, staff.officer.options)
    #expect(again.dueAt == extended.dueAt)
    #expect(again.texts.map(\.text) == ["Het archief is groot."])
    // As if it had come long ago.
    let id = try #require(UUID(uuidString: asked.requestID))
    try await staff.house.sql(
      """
      UPDATE privacy.request SET due_at = now() - interval '1 minute' WHERE request_id = \(id)
      """)
    #expect(try await overdue() == [asked.requestID])
    let late = try await staff.house.privacy.getRequest(
      .with { $0.requestID = asked.requestID }, staff.officer.options)
    #expect(late.attention == .overdue)
  }
}
