import Cryptography
import Foundation
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Clauses that the privacy service keeps, with what it refuses for them, over the wire.
@Suite(.timeLimit(.minutes(10))) struct PrivacyClauseTests {
  @Test func `clause 34: who withdraws by a request is served no more, at once and until decided`()
    async throws
  {
    let staff = try await RequestTests.Staff.make()
    let house = staff.house
    try await expectRefusal(.invalidArgument, "purpose", what: "of nothing") {
      try await staff.askMyself(.withdrawal)
    }
    let asked = try await house.ownRequests.createOwnRequest(
      .with {
        $0.kind = .withdrawal
        $0.detail.purpose = "development"
      }, staff.member.options)
    #expect(asked.kind == .withdrawal && asked.state == .waitingForAcceptance)
    let frozen = try await ConsentServiceClient(house.gateway).listFreezes(
      .with { $0.personID = staff.member.id }, staff.officer.options
    ).freezes
    #expect(frozen.map(\.purpose) == [.development] && frozen.map(\.reason) == [.withdrawal])
    try await until("goals refuses") {
      do {
        _ = try await house.goals.listGoals(.init(), staff.member.options)
        return false
      } catch {
        return (error as? RPCError)?.reason == "PURPOSE_FROZEN"
      }
    }
    _ = try await house.ownRequests.withdrawOwnRequest(
      .with { $0.requestID = asked.requestID }, staff.member.options)
    try await until("goals serves again") {
      (try? await house.goals.listGoals(.init(), staff.member.options)) != nil
    }
  }

  @Test func `clause 38: what is overdue is not extended any more`() async throws {
    let staff = try await RequestTests.Staff.make()
    let asked = try await staff.askMyself(.access)
    let id = try #require(UUID(uuidString: asked.requestID))
    try await staff.house.sql(
      """
      UPDATE privacy.request SET due_at = now() - interval '1 minute' WHERE request_id = \(id)
      """)
    try await expectRefusal(.failedPrecondition, what: "an extension after the due date") {
      try await staff.house.requests.extendRequest(
        .with {
          $0.requestID = asked.requestID
          $0.reason = "Te laat."
        }, staff.officer.options)
    }
  }

  @Test func `clause 12d: a demand and what was disclosed for it are the organisation's own`()
    async throws
  {
    let (own, other) = (try await Organisation.make(), try await Organisation.make())
    let (officer, stranger) = (try await own.officer(), try await other.officer())
    let registers = RegisterServiceClient(own.house.gateway)
    let received = Date().addingTimeInterval(-60)
    var demand = Samples.legalDemand(of: "")
    demand.receivedAt = .init(date: received)
    let made = try await registers.recordLegalDemand(demand, officer.options)
    func disclose(_ ground: String, at date: Date, _ member: Member) async throws
      -> PrivacyLegalDemand
    {
      try await registers.recordDisclosure(
        .with {
          $0.legalDemandID = made.legalDemandID
          $0.disclosed = "Inlogtijden van een account"
          $0.ground = ground
          $0.disclosedAt = .init(date: date)
        }, member.options)
    }
    try await expectRefusal(.invalidArgument, "ground", what: "without a ground") {
      try await disclose("", at: received.addingTimeInterval(30), officer)
    }
    try await expectRefusal(.invalidArgument, "disclosed_at", what: "before the demand") {
      try await disclose("Art. 126nd", at: received.addingTimeInterval(-30), officer)
    }
    try await expectRefusal(.notFound, what: "another organisation's officer") {
      try await disclose("Art. 126nd", at: received.addingTimeInterval(30), stranger)
    }
    let told = try await disclose("Art. 126nd", at: received.addingTimeInterval(30), officer)
    #expect(told.disclosures.map(\.ground) == ["Art. 126nd"])
    let listed = try await registers.listLegalDemands(.init(), officer.options).demands
    #expect(listed.map(\.legalDemandID) == [made.legalDemandID])
    #expect(listed[0].disclosures.map(\.disclosed) == ["Inlogtijden van een account"])
    #expect(try await registers.listLegalDemands(.init(), stranger.options).demands.isEmpty)
  }

  @Test func `clause 12g: a collector gets billing contacts alone, and only operators name one`()
    async throws
  {
    let (own, other) = (try await Organisation.make(), try await Organisation.make())
    let (officer, stranger) = (try await own.officer(), try await other.officer())
    let registers = RegisterServiceClient(own.house.gateway)
    let request = PrivacyRecordCollectorRequest.with {
      $0.organisationID = own.id
      $0.name = "Incasso \(own.tag)"
      $0.reference = "Opdracht 9"
    }
    try await expectRefusal(.permissionDenied, what: "an officer names one") {
      try await registers.recordCollector(request, officer.options)
    }
    let operators = try await own.house.operators.options()
    let made = try await registers.recordCollector(request, operators)
    #expect(made.dataCategory == "billing contacts")
    let listed = try await registers.listCollectors(.init(), officer.options).collectors
    #expect(listed.map(\.collectorID) == [made.collectorID])
    #expect(try await registers.listCollectors(.init(), stranger.options).collectors.isEmpty)
    let later = try await registers.recordCollector(request, operators)
    let first = try await registers.listCollectors(.with { $0.pageSize = 1 }, officer.options)
    let second = try await registers.listCollectors(
      .with {
        $0.pageSize = 1
        $0.pageToken = first.nextPageToken
      }, officer.options)
    #expect(
      [first, second].map { $0.collectors.map(\.collectorID) }
        == [[later.collectorID], [made.collectorID]])
    #expect(second.nextPageToken.isEmpty)
  }

  @Test func `clause 19: only necessary cookies are set without consent, and the page tells all`()
    async throws
  {
    let house = try House.current()
    let registers = RegisterServiceClient(house.gateway)
    let operators = try await house.operators.options()
    let tag = UUID().canonical.prefix(8)
    for (name, isNecessary) in [("need-\(tag)", true), ("count-\(tag)", false)] {
      _ = try await registers.setCookie(
        .with {
          $0.name = name
          $0.party = "IKSO"
          $0.purpose = "Voor de test \(tag)"
          $0.necessary = isNecessary
          $0.lifetimeDays = 1
        }, operators)
    }
    let page = try await registers.getCookiePage(.init())
    #expect(page.allowed.contains("need-\(tag)") && !page.allowed.contains("count-\(tag)"))
    #expect(page.html.contains("count-\(tag)") && !page.html.contains("<script"))
    let consented = try await registers.getCookiePage(.with { $0.consented = true })
    #expect(consented.allowed.contains("count-\(tag)"))
    try await expectRefusal(.invalidArgument, "lifetime_days", what: "for ever") {
      try await registers.setCookie(
        .with {
          $0.name = "ever-\(tag)"
          $0.party = "IKSO"
          $0.purpose = "Altijd"
          $0.lifetimeDays = 401
        }, operators)
    }
    for name in ["need-\(tag)", "count-\(tag)"] {
      _ = try await registers.removeCookie(.with { $0.name = name }, operators)
    }
    #expect(!(try await registers.getCookiePage(.init()).html.contains(String(tag))))
  }

  @Test func `clause 31: data lie in the Netherlands, and in the EU where that is instructed`()
    async throws
  {
    let organisation = try await Organisation.make()
    let officer = try await organisation.officer()
    let registers = RegisterServiceClient(organisation.house.gateway)
    let operators = try await organisation.house.operators.options()
    func record(_ country: String, of id: String) async throws -> PrivacyStorageLocation {
      try await registers.recordStorageLocation(
        .with {
          $0.organisationID = id
          $0.service = "feedback"
          $0.kind = .data
          $0.country = country
          $0.place = "Zaal \(organisation.tag)"
        }, operators)
    }
    func instruct(_ countries: [String]) async throws -> PrivacyStorageInstruction {
      try await registers.instructStorage(
        .with {
          $0.countries = countries
          $0.reference = "Brief 1"
        }, officer.options)
    }
    for id in ["", organisation.id] {
      try await expectRefusal(.invalidArgument, "FR is not allowed", what: "uninstructed") {
        try await record("FR", of: id)
      }
    }
    try await expectRefusal(.invalidArgument, "US", what: "out of the EU") {
      try await instruct(["US"])
    }
    #expect(try await instruct(["FR"]).countries == ["FR"])
    let location = try await record("FR", of: organisation.id)
    try await expectRefusal(.invalidArgument, "FR is not allowed", what: "everybody's data") {
      try await record("FR", of: "")
    }
    try await expectRefusal(.failedPrecondition, "data lie in FR", what: "while they lie there") {
      try await instruct([])
    }
    _ = try await registers.endStorageLocation(
      .with {
        $0.organisationID = organisation.id
        $0.storageLocationID = location.storageLocationID
      }, operators)
    #expect(try await instruct([]).countries.isEmpty)
  }

  @Test func `clause 32: Privacy Shield is no ground, nor is none`() async throws {
    let organisation = try await Organisation.make()
    let officer = try await organisation.officer()
    let registers = RegisterServiceClient(organisation.house.gateway)
    func record(
      _ country: String, _ mechanism: PrivacyTransferMechanism, _ reference: String = ""
    ) async throws -> PrivacyTransfer {
      try await registers.recordTransfer(
        .with {
          $0.recipient = "Acme \(organisation.tag)"
          $0.country = country
          $0.basis.mechanism = mechanism
          $0.basis.reference = reference
          $0.beginsOn = Samples.day(0)
        }, officer.options)
    }
    do {
      _ = try await record("US", .privacyShield, "Privacy Shield 2016/1250")
      Issue.record("Privacy Shield was taken")
    } catch let error {
      let refused = try #require(error as? RPCError)
      #expect(refused.code == .invalidArgument && refused.reason == "PRIVACY_SHIELD_VOID")
    }
    try await expectRefusal(.invalidArgument, "basis.mechanism", what: "without a ground") {
      try await record("US", .unspecified)
    }
    try await expectRefusal(.invalidArgument, "basis.reference", what: "clauses without a name") {
      try await record("US", .standardContractualClauses)
    }
    try await expectRefusal(.invalidArgument, "no adequacy decision", what: "no decision") {
      try await record("CN", .adequacyDecision)
    }
    #expect(try await registers.listTransfers(.init(), officer.options).transfers.allSatisfy {
      $0.recipient != "Acme \(organisation.tag)"
    })
    let made = try await record("US", .standardContractualClauses, "2021/914, 1 maart")
    #expect(made.basis.mechanism == .standardContractualClauses)
  }

  @Test func `clause 30: a sub-processor needs an agreement and a ground, and an operator`()
    async throws
  {
    let organisation = try await Organisation.make()
    let officer = try await organisation.officer()
    let registers = RegisterServiceClient(organisation.house.gateway)
    let operators = try await organisation.house.operators.options()
    func announce(
      _ options: CallOptions, _ change: (inout PrivacyAnnounceSubProcessorRequest) -> Void
    ) async throws -> PrivacySubProcessor {
      var request = PrivacyAnnounceSubProcessorRequest.with {
        $0.name = "Hosting \(organisation.tag)"
        $0.service = "servers"
        $0.agreementReference = "DPA"
        $0.agreementSignedOn = Samples.day(-1)
        $0.country = "NL"
        $0.safeguards = "encryption"
      }
      change(&request)
      return try await registers.announceSubProcessor(request, options)
    }
    try await expectRefusal(.permissionDenied, what: "an officer announces one") {
      try await announce(officer.options) { _ in }
    }
    try await expectRefusal(.invalidArgument, "agreement_reference", what: "no agreement") {
      try await announce(operators) { $0.agreementReference = "" }
    }
    try await expectRefusal(.invalidArgument, "basis.mechanism", what: "outside, on no ground") {
      try await announce(operators) { $0.country = "US" }
    }
    try await expectRefusal(.notFound, what: "a change of one that is not there") {
      try await announce(operators) { $0.subProcessorID = UUID().canonical }
    }
    let made = try await announce(operators) { _ in }
    try await organisation.house.sql(
      """
      UPDATE privacy.sub_processor SET announced_at = announced_at - interval '300 days',
        objections_until = objections_until - interval '300 days',
        in_force_at = in_force_at - interval '300 days'
      WHERE name = \("Hosting \(organisation.tag)")
      """)
    try await expectRefusal(.failedPrecondition, "objection period", what: "too late") {
      try await registers.objectToSubProcessor(
        .with {
          $0.subProcessorID = made.subProcessorID
          $0.reason = "onbekend"
        }, officer.options)
    }
    _ = try await registers.endSubProcessor(
      .with { $0.subProcessorID = made.subProcessorID }, operators)
  }

  @Test func `clauses 14 and 15: each activity has its ground, each datum whether it is needed`()
    async throws
  {
    let organisation = try await Organisation.make()
    let member = try await organisation.member("Gré Grond")
    let activities = try await ActivityServiceClient(organisation.house.gateway).listActivities(
      .init(), member.options
    ).activities
    #expect(activities.allSatisfy { $0.ground != .unspecified && $0.role != .unspecified })
    #expect(activities.allSatisfy { !$0.retention.isEmpty && !$0.transfer.isEmpty })
    // What somebody is shown before they sign in says the same of what concerns them.
    let shown = try await organisation.invite("Gerda Grond")[0].open().statement.markdown
    let told = activities.filter { $0.people.contains("participants") }
    #expect(told.count > 10)
    #expect(
      shown.components(separatedBy: "(verplicht: ").count - 1
        == told.flatMap(\.data).filter(\.isCompulsory).count)
    #expect(
      shown.components(separatedBy: "(vrijwillig: ").count - 1
        == told.flatMap(\.data).filter { !$0.isCompulsory }.count)
    // What is called compulsory is: nobody is invited without a name and an address.
    for line in [",\(organisation.email("x")),participant", "Xan Zonder,,participant"] {
      let operators = try await organisation.house.operators.options()
      try await expectRefusal(.invalidArgument, what: line) {
        try await organisation.house.identity.importParticipants(
          .with {
            $0.organisationID = organisation.id
            $0.csv = Data("name,email,role\r\n\(line)\r\n".utf8)
          }, operators)
      }
    }
  }
}
