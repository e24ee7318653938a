import Archive
import Cryptography
import Foundation
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// The end of whole organisations (clause 29), against the running system.
@Suite(.timeLimit(.minutes(10))) struct OrganisationErasureTests {
  @Test func `clause 29: an organisation is erased everywhere after its month, and nobody else`()
    async throws
  {
    let subject = try await RightsTests.subject()
    let other = try await RightsTests.subject()
    let (organisation, house) = (subject.organisation, subject.organisation.house)
    let before = try await Tables.counts(of: other.organisation.uuid, in: house.superuser)
    try await expectRefusal(.failedPrecondition, "has not ended", what: "a living one") {
      try await organisation.askErasure()
    }
    try await organisation.endContract(daysAgo: 3)
    try await expectRefusal(.failedPrecondition, "one calendar month", what: "too early") {
      try await organisation.askErasure()
    }
    try await organisation.endContract(daysAgo: 40)
    let erasure = try await organisation.erased()
    #expect(Set(erasure.steps.map(\.service)) == Set(HousePlan.stores))
    #expect(erasure.steps.allSatisfy { $0.done && $0.rowsErased > 0 }, "\(erasure.steps)")

    let needles = [subject.member, subject.colleague, subject.officer].flatMap { [$0.id, $0.email] }
      + subject.texts + subject.received
    let places = try await Tables.places(of: needles, in: house.superuser)
    #expect(places.isEmpty, "left: \(places)")
    let left = try await Tables.counts(of: organisation.uuid, in: house.superuser)
      .filter { $0.value > 0 && !$0.key.contains("_keys.") }
    #expect(
      left == [
        "identity.organisation": 1, "identity.tenant_erasure": 1, "feedback.tenant_erasure": 1,
        "goals.tenant_erasure": 1, "privacy.tenant_erasure": 1,
      ])
    try await expectRefusal(.unauthenticated, what: "the erased sign in") {
      try await subject.member.signIn()
    }
    for refused in [subject.member, subject.officer] {
      await #expect(throws: RPCError.self) { try await refused.createGoal() }
    }
    try await expectRefusal(.failedPrecondition, "erased", what: "a new contract") {
      try await house.organisations.setContract(
        .with {
          $0.organisationID = organisation.id
          $0.contractBegin = Samples.day(0)
        }, try await house.operators.options())
    }
    let after = try await Tables.counts(of: other.organisation.uuid, in: house.superuser)
    #expect(after == before)
    _ = try await other.member.signIn()
    try await expectCertified(organisation)

    // What the restore of one service's backup brings back, and its tombstone not.
    try await house.sql(
      "DELETE FROM goals.tenant_erasure WHERE tenant_id = \(organisation.uuid)",
      """
      INSERT INTO goals.kept_answer (tenant_id, answer_id, expires_at)
      VALUES (\(organisation.uuid), \(UUID()), now())
      """)
    #expect(try await organisation.askErasure().state == .erased)
    _ = try await organisation.erased()
    let again = try await Tables.counts(of: organisation.uuid, in: house.superuser)
    #expect(again["goals.kept_answer"] == 0 && again["goals.tenant_erasure"] == 1)
    try await expectCertified(organisation)
  }

  /// Checked offline by `ikso verify`, which finds a changed one out.
  private func expectCertified(_ organisation: Organisation) async throws {
    let house = organisation.house
    let answer = try await house.erasures.getOrganisationErasureCertificate(
      .with { $0.organisationID = organisation.id }, try await house.operators.options())
    let bytes = [UInt8](answer.certificate)
    let keys = try await RightsTests.keys()
    let verified = try OrganisationErasureCertificate.verify(bytes, keys: keys)
    #expect(verified.certificate.organisationID == organisation.id)
    #expect(Set(verified.services.map(\.erasure.service)) == Set(HousePlan.stores))
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(!text.contains(organisation.name))
    let folder = try ScratchFolder()
    let keyFile = try folder.write(
      "keys.json", JSONEncoder().encode(keys.mapValues { Hex.encode($0.rawBytes) }))
    func verify(_ bytes: [UInt8]) async throws -> (Child.End, String) {
      let file = try folder.write("\(UUID().uuidString).json", bytes)
      let run = try await Child.run(
        house.plan.binary("ikso"), ["verify", file.path, "--keys", keyFile.path])
      return (run.end, run.output)
    }
    let genuine = try await verify(bytes)
    #expect(genuine.0 == .exit(0), "\(genuine.1)")
    for word in [organisation.id, "kept until", "tenant_erasure", "goals"] {
      #expect(genuine.1.contains(word), "\(word) in \(genuine.1)")
    }
    var changed = bytes
    let middle = changed.count / 2
    changed[middle] = changed[middle] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
    #expect(try await verify(changed).0 == .exit(1))
  }

  @Test func `clause 12h: a hold on one person stops the erasure of all, until it ends`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let member = try await organisation.member("Gijs Geschil")
    let officer = try await organisation.officer()
    let hold = try await house.holds.placeHold(
      .with {
        $0.subjectID = member.id
        $0.ground = .dispute
        $0.reference = "zaak 12"
        $0.expiresOn = Samples.day(30)
      }, officer.options)
    let retention = RetentionServiceClient(house.gateway)
    let operators = try await house.operators.options()
    _ = try await retention.holdRecord(
      .with {
        $0.category = .organisation
        $0.recordID = organisation.id
        $0.ground = "rekening in geschil"
        $0.expiresAt = .init(date: Date().addingTimeInterval(86_400))
      }, operators)
    try await organisation.endContract(daysAgo: 40)
    #expect(try await organisation.askErasure().state == .terminated)
    let waiting = try await eventually("it is on hold") {
      let now = try await organisation.erasure()
      return now?.state == .onHold ? now : nil
    }
    #expect(waiting.holds == 2 && waiting.hasOnHoldUntil && !waiting.hasBegunAt)
    let plan = try await retention.planRetention(.init(), operators).plans
    #expect(plan.contains { $0.category == .organisation && $0.due >= 1 && $0.onHold >= 1 })
    // What is on hold may still be prolonged, and is no orphan.
    _ = try await house.holds.releaseHold(.with { $0.holdID = hold.holdID }, officer.options)
    _ = try await organisation.askErasure()
    _ = try await eventually("one hold is left") {
      try await organisation.erasure()?.holds == 1 ? true : nil
    }
    _ = try await retention.releaseRecord(
      .with {
        $0.category = .organisation
        $0.recordID = organisation.id
      }, operators)
    _ = try await organisation.erased()
    try await expectRefusal(.failedPrecondition, "has begun", what: "a hold that comes too late") {
      try await retention.holdRecord(
        .with {
          $0.category = .organisation
          $0.recordID = organisation.id
          $0.ground = "te laat"
          $0.expiresAt = .init(date: Date().addingTimeInterval(86_400))
        }, operators)
    }
  }

  @Test func `who is not due is not erased, whoever says so`() async throws {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let member = try await organisation.member("Hans Blijft")
    let asIdentity = try house.direct("privacy", as: "identity")
    _ = try await OrganisationErasureDeskServiceClient(asIdentity).reportDueOrganisation(
      .with { $0.organisationID = organisation.id })
    try await until("privacy has asked identity") { try await organisation.erasure() == nil }
    let asPrivacy = try house.direct("identity", as: "privacy")
    try await expectRefusal(.failedPrecondition, what: "erasing without an order") {
      try await TenantDataServiceClient(asPrivacy).eraseTenant(
        .with {
          $0.organisationID = organisation.id
          $0.erasureID = UUID().uuidString
        })
    }
    for service in ["identity", "feedback", "goals"] {
      try await expectRefusal(.notFound, what: "the platform at \(service)") {
        try await TenantDataServiceClient(house.direct(service, as: "privacy")).eraseTenant(
          .with {
            $0.organisationID = Organisation.platformID
            $0.erasureID = UUID().uuidString
          })
      }
    }
    _ = try await member.createGoal()
  }
}

extension House {
  var erasures: OrganisationErasureServiceClient { OrganisationErasureServiceClient(gateway) }
}

extension Organisation {
  /// Has the contract end so many days ago, as time alone would.
  func endContract(daysAgo: Int32) async throws {
    try await house.sql(
      """
      UPDATE identity.organisation
      SET contract_begin = current_date - 400, contract_end = current_date - \(daysAgo)
      WHERE tenant_id = \(uuid)
      """)
  }

  func askErasure() async throws -> IdentityOrganisation {
    try await house.organisations.eraseOrganisation(
      .with { $0.organisationID = id }, try await house.operators.options())
  }

  /// As operators see it; nil: nobody knows of one.
  func erasure() async throws -> PrivacyOrganisationErasure? {
    var request = PrivacyListOrganisationErasuresRequest.with { $0.pageSize = 100 }
    let operators = try await house.operators.options()
    while true {
      let page = try await house.erasures.listOrganisationErasures(request, operators)
      if let own = page.erasures.first(where: { $0.organisationID == id }) { return own }
      guard !page.nextPageToken.isEmpty else { return nil }
      request.pageToken = page.nextPageToken
    }
  }

  /// Asks for it and waits for its end.
  func erased() async throws -> PrivacyOrganisationErasure {
    _ = try await askErasure()
    return try await eventually("the organisation is erased") {
      let now = try await erasure()
      return now?.state == .completed ? now : nil
    }
  }
}
