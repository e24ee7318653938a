import Archive
import Cryptography
import Foundation
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Legal holds, certificates, downloads and proofs of identity, over the wire.
struct HoldTests {
  @Test func `clause 12h: a legal hold keeps a person's data until it is released`()
    async throws
  {
    let staff = try await RequestTests.Staff.make()
    let house = staff.house
    let deputy = try await staff.member.organisation.deputy()
    func place(until day: String) async throws -> PrivacyLegalHold {
      try await house.holds.placeHold(
        .with {
          $0.subjectID = staff.member.id
          $0.ground = .dispute
          $0.reference = "zaak 7"
          $0.expiresOn = day
        }, staff.officer.options)
    }
    for day in [Samples.day(-1), Samples.day(4_000), "2027-02-30", "morgen"] {
      try await expectRefusal(.invalidArgument, "expires_on", what: "a hold until \(day)") {
        try await place(until: day)
      }
    }
    let hold = try await place(until: Samples.day(30))
    #expect(hold.inForce && hold.ownerID == staff.officer.id)
    let asked = try await staff.ask(.erasure)
    try await expectRefusal(.failedPrecondition, "dispute", what: "approving on a hold") {
      try await staff.approve(asked, as: deputy)
    }
    let released = try await house.holds.releaseHold(
      .with { $0.holdID = hold.holdID }, staff.officer.options)
    #expect(!released.inForce && released.hasReleasedAt)
    _ = try await staff.approve(asked, as: deputy)
    let done = try await RightsTests.closed(asked.requestID, staff.officer, house.requests)
    #expect(done.state == .completed, "\(done.steps)")
    let holds = try await house.holds.listHolds(.init(), staff.officer.options).holds
    #expect(holds.map(\.holdID) == [hold.holdID] && holds[0].subjectID.isEmpty)
  }

  @Test func `an approved erasure that meets a hold waits for its end`() async throws {
    let subject = try await RequestTests.Staff.make()
    let deputy = try await subject.member.organisation.deputy()
    let house = subject.house
    try await OwnPrivacy.with { own in
      let service = try await own.start()
      let holds = LegalHoldServiceClient(service.client)
      let asked = try await OwnPrivacy.patiently {
        try await service.privacy.createRequest(
          .with {
            $0.kind = .erasure
            $0.subjectID = subject.member.id
          }, subject.officer.options)
      }
      // What came between the approval and the first step.
      let hold = try await holds.placeHold(
        .with {
          $0.subjectID = subject.member.id
          $0.ground = .audit
          $0.reference = "controle"
          $0.expiresOn = Samples.day(30)
        }, subject.officer.options)
      let id = try #require(UUID(uuidString: asked.requestID))
      _ = try await own.superuser.run([
        "UPDATE privacy.request SET state = 'running' WHERE request_id = \(id)",
        """
        INSERT INTO privacy.request_due (tenant_id, organisation_id, request_id, next_attempt_at)
        VALUES ('00000000-0000-0000-0000-000000000000', \(subject.member.organisation.uuid), \(id),
          now())
        """,
      ])
      try await until("the erasure is on hold") {
        let now = try await service.privacy.getRequest(
          .with { $0.requestID = asked.requestID }, subject.officer.options)
        return now.state == .onHold && now.nextAttemptAt == hold.expiresAt
      }
      _ = try await house.identity.findColleague(
        .with { $0.email = subject.member.email }, deputy.options)
      _ = try await holds.releaseHold(
        .with { $0.holdID = hold.holdID }, subject.officer.options)
      let done = try await RightsTests.closed(
        asked.requestID, subject.officer, service.requests)
      #expect(done.state == .completed, "\(done.steps)")
      await own.kill(service)
    }
  }

  @Test func `ikso verify tells a genuine erasure certificate from a changed one`()
    async throws
  {
    let staff = try await RequestTests.Staff.make()
    let erased = try await RightsTests.request(.erasure, about: staff.member, by: staff.officer)
    let answer = try await staff.house.requests.getErasureCertificate(
      .with { $0.requestID = erased.requestID }, staff.officer.options)
    let text = String(decoding: answer.certificate, as: UTF8.self)
    let folder = try ScratchFolder()
    let keys = try await RightsTests.keys().mapValues { Hex.encode($0.rawBytes) }
    let keyFile = try folder.write("keys.json", JSONEncoder().encode(keys))
    let tool = staff.house.plan.binary("ikso")
    func verify(_ name: String, _ bytes: Data) async throws -> (Child.End, String) {
      let file = try folder.write(name, bytes)
      let run = try await Child.run(tool, ["verify", file.path, "--keys", keyFile.path])
      return (run.end, run.output)
    }
    let genuine = try await verify("certificate.json", answer.certificate)
    #expect(genuine.0 == .exit(0), "\(genuine.1)")
    for service in HousePlan.stores { #expect(genuine.1.contains(service), "\(genuine.1)") }
    #expect(genuine.1.contains("of the organisation's log of accesses"), "\(genuine.1)")
    try await placed(answer.certificate, staff)
    #expect(!text.contains(staff.member.id) && !genuine.1.contains(staff.member.id))
    let changed = try await verify(
      "changed.json", Data(text.replacing("\"report\":\"ey", with: "\"report\":\"ez").utf8))
    #expect(changed.0 == .exit(1), "\(changed.1)")
    try await expectRefusal(.notFound, "certificate", what: "the certificate of an access") {
      let access = try await RightsTests.request(
        .access, about: staff.officer, by: staff.officer)
      return try await staff.house.requests.getErasureCertificate(
        .with { $0.requestID = access.requestID }, staff.officer.options)
    }
  }

  /// The log that the officer reads now begins with the one that the certificate has a place in.
  private func placed(_ certificate: Data, _ staff: RequestTests.Staff) async throws {
    let verified = try ErasureCertificate.verify(
      [UInt8](certificate), keys: try await RightsTests.keys()
    ).certificate
    let place = try #require(verified.logPlace)
    let then = try #require(SignedNote(place.checkpoint).flatMap { LogCheckpoint($0.text) })
    let log = AccessLogServiceClient(staff.house.gateway)
    let answer = try await log.getLogCheckpoint(.init(), staff.officer.options)
    let now = try #require(SignedNote(answer.note).flatMap { LogCheckpoint($0.text) })
    let since = try await log.proveConsistency(
      .with {
        $0.fromSize = UInt64(then.size)
        $0.toSize = UInt64(now.size)
      }, staff.officer.options)
    #expect(
      MerkleProof.isConsistent(
        from: then.size, root: then.root, to: now.size, root: now.root,
        proof: since.hashes.map { [UInt8]($0) }))
    let leaves = try await log.listLogLeaves(
      .with { $0.from = UInt64(place.index) }, staff.officer.options)
    for try await leaf in leaves {
      #expect(leaf.eventID == place.eventID && leaf.subjectID.isEmpty)
      #expect([UInt8](leaf.sealedSha256) == (try verified.digest()))
      break
    }
  }

  @Test func `clause 35: an archive goes to the recipient by a code that works once`()
    async throws
  {
    let staff = try await RequestTests.Staff.make()
    let house = staff.house
    let made = try await staff.ask(.portability) { $0.recipient = "Nieuwe Werkgever B.V." }
    _ = try await RightsTests.closed(made.requestID, staff.officer, house.requests)
    func create() async throws -> PrivacyDownload {
      try await house.downloads.createDownload(
        .with { $0.requestID = made.requestID }, staff.officer.options)
    }
    func open(_ code: String) async throws -> [UInt8] {
      var archive: [UInt8] = []
      for try await chunk in try await house.downloads.openDownload(.with { $0.code = code }) {
        archive += chunk.data
      }
      return archive
    }
    let earlier = try await create()
    let download = try await create()
    #expect(download.recipient == "Nieuwe Werkgever B.V.")
    try await expectRefusal(.notFound, what: "a code that was replaced") {
      try await open(earlier.code)
    }
    let archive = try await open(download.code)
    let verified = try SignedArchive.verify(archive, keys: try await RightsTests.keys())
    #expect(verified.manifest.subjectID == staff.member.id)
    try await expectRefusal(.notFound, what: "a code that was used") {
      try await open(download.code)
    }
    let late = try await create()
    let id = try #require(UUID(uuidString: made.requestID))
    try await house.sql(
      "UPDATE privacy.download SET expires_at = now() WHERE request_id = \(id)")
    try await expectRefusal(.notFound, what: "a code that is over") { try await open(late.code) }
    #expect(try await Tables.places(of: [late.code], in: house.superuser).isEmpty)
    let access = try await RightsTests.request(.access, about: staff.member, by: staff.officer)
    try await expectRefusal(.failedPrecondition, what: "a code for an access request") {
      try await house.downloads.createDownload(
        .with { $0.requestID = access.requestID }, staff.officer.options)
    }
  }

  /// Attaches a copy on which all is blacked out, but as it says.
  private func attach(
    _ form: PrivacyProofForm, _ content: [UInt8], to request: PrivacyPrivacyRequest,
    _ staff: RequestTests.Staff, photo: Bool = true
  ) async throws {
    _ = try await staff.house.proofs.attachProof(
      .with {
        $0.requestID = request.requestID
        $0.form = form
        $0.content = Data(content)
        $0.attestation = .with {
          $0.photo = photo
          $0.machineReadableZone = true
          $0.documentNumber = true
          $0.citizenNumber = true
        }
      }, staff.officer.options)
  }

  @Test func `clause 37: a copy with a citizen number is refused, a checked one deleted`()
    async throws
  {
    let staff = try await RequestTests.Staff.make()
    let house = staff.house
    let asked = try await staff.ask(.erasure)
    let id = try #require(UUID(uuidString: asked.requestID))
    func kept() async throws -> Int64 {
      try await house.sql(
        "SELECT count(*) AS n FROM privacy.proof WHERE request_id = \(id)"
      )[0][0].get("n")
    }
    // 111222333 passes the 11-test.
    try await expectRefusal(.invalidArgument, "citizen number", what: "a citizen number") {
      try await attach(.text, Array("Naam: Vera, BSN 1112.22.333".utf8), to: asked, staff)
    }
    for (form, content) in [
      (PrivacyProofForm.text, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"),
      (.pdf, "%PDF-1.4\nBT (L898902C36UTO7408122F1204159ZE184226B<<<<<10) Tj ET"),
    ] {
      try await expectRefusal(.invalidArgument, "machine-readable zone", what: "\(form)") {
        try await attach(form, Array(content.utf8), to: asked, staff)
      }
    }
    try await expectRefusal(.invalidArgument, "citizen number", what: "one in a PDF") {
      try await attach(.pdf, Array("%PDF-1.4\nBT (BSN 111222333) Tj ET".utf8), to: asked, staff)
    }
    try await expectRefusal(.invalidArgument, "photo", what: "a photo that is not blacked out") {
      try await attach(.image, [0xFF, 0xD8, 0xFF, 0xE0], to: asked, staff, photo: false)
    }
    #expect(try await kept() == 0)
    let image = [0xFF, 0xD8, 0xFF, 0xE0] + Array("een foto zonder gezicht".utf8)
    try await attach(.image, image, to: asked, staff)
    let fetched = try await house.proofs.getProof(
      .with { $0.requestID = asked.requestID }, staff.officer.options)
    #expect([UInt8](fetched.content) == image && !fetched.hasCheckedAt)
    let checked = try await house.proofs.checkProof(
      .with {
        $0.requestID = asked.requestID
        $0.identified = true
      }, staff.officer.options)
    #expect(checked.identified && checked.hasCheckedAt && checked.attestation.photo)
    let after = try await house.proofs.getProof(
      .with { $0.requestID = asked.requestID }, staff.officer.options)
    #expect(after.content.isEmpty && after.identified)
    let copy = try await house.sql(
      "SELECT sealed_copy IS NULL AS gone FROM privacy.proof WHERE request_id = \(id)")[0][0]
    #expect(try copy.get("gone", as: Bool.self))
  }

  @Test func `clause 37: a copy that nobody checked goes when its request is closed`()
    async throws
  {
    let staff = try await RequestTests.Staff.make()
    let asked = try await staff.ask(.erasure)
    let id = try #require(UUID(uuidString: asked.requestID))
    func copies() async throws -> Int64 {
      try await staff.house.sql(
        "SELECT count(sealed_copy) AS n FROM privacy.proof WHERE request_id = \(id)"
      )[0][0].get("n")
    }
    try await attach(.text, Array("Naam: Vera".utf8), to: asked, staff)
    #expect(try await copies() == 1)
    _ = try await staff.house.requests.refuseRequest(
      .with {
        $0.requestID = asked.requestID
        $0.ground = .notIdentified
        $0.explanation = "Wij konden u niet herkennen."
      }, staff.officer.options)
    #expect(try await copies() == 0)
    try await expectRefusal(.failedPrecondition, what: "attaching one afterwards") {
      try await attach(.text, Array("Naam: Vera".utf8), to: asked, staff)
    }
  }
}
