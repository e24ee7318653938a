import Archive
import Cryptography
import Foundation
import HTTP2
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// A person's rights: what they may see of themselves, and that nothing is left after an erasure.
struct RightsTests {
  /// Somebody with something in every service, and all that they wrote.
  struct Subject {
    let member: Member
    let colleague: Member
    let officer: Member
    let goal: GoalsGoal
    /// Texts of their own, each found nowhere else.
    let texts: [String]
    /// What others wrote to them.
    let received: [String]

    var organisation: Organisation { member.organisation }
  }

  /// Begins what the subject has answered others.
  static let givenPrefix = "gegeven"

  static func subject() async throws -> Subject {
    let organisation = try await Organisation.make()
    let tag = organisation.tag
    let house = organisation.house
    let member = try await organisation.member("Ilse Ø'Brien-\(tag)")
    let colleague = try await organisation.member("Joost \(tag)")
    let topic = "onderwerp \(tag) één"
    let question = "vraag \(tag) twee"
    let round = try await member.ask(
      [colleague], outsiders: ["Karel \(tag)"], topic: topic, question: question)
    let received = "antwoord \(tag) van een ander"
    try await colleague.answer(received)
    let code = try await house.mailbox.code(to: organisation.email("Karel \(tag)"))
    let opened = try await house.feedback.openGuestLink(.with { $0.code = code })
    let outside = "=gast \(tag), met \"aanhalingstekens\"\nen een regel"
    _ = try await house.feedback.giveGuestFeedback(
      .with {
        $0.code = code
        $0.statementVersion = opened.statement.version
        $0.statementSha256 = opened.statement.sha256
        $0.answer = outside
      })
    _ = try await colleague.ask([member], topic: "terug \(tag)", question: "en jij \(tag)?")
    let given = "\(givenPrefix) \(tag) drie"
    try await member.answer(given)
    let feedback = try await house.feedback.listFeedback(
      FeedbackListFeedbackRequest(), member.options)
    let title = "doel \(tag) vier"
    let goal = try await member.createGoal(title, feedback: feedback.feedback.map(\.feedbackID))
    let note = "notitie \(tag) vijf"
    _ = try await house.goals.checkIn(
      .with {
        $0.goalID = goal.goalID
        $0.progressPercent = 10
        $0.confidence = 3
        $0.note = note
        $0.expectedRevision = goal.revision
      }, member.options)
    #expect(round.invitations.count == 2 && feedback.feedback.count == 2)
    return Subject(
      member: member, colleague: colleague, officer: try await organisation.officer(), goal: goal,
      texts: [topic, question, given, title, note], received: [received, outside])
  }

  /// Asked for, approved by a deputy where another officer must, and waited for until it is closed.
  static func request(
    _ kind: PrivacyRequestKind, about member: Member, by officer: Member
  ) async throws -> PrivacyPrivacyRequest {
    let house = member.organisation.house
    let request = try await house.privacy.createRequest(
      .with {
        $0.kind = kind
        $0.subjectID = member.id
      }, officer.options)
    if request.state == .waitingForApproval {
      let deputy = try await member.organisation.deputy()
      _ = try await house.requests.approveRequest(
        .with { $0.requestID = request.requestID }, deputy.options)
    }
    return try await closed(request.requestID, officer, house.requests)
  }

  /// The request once nothing more is to happen to it, as its stream tells.
  static func closed(
    _ id: String, _ officer: Member, _ requests: RequestServiceClient
  ) async throws -> PrivacyPrivacyRequest {
    var options = officer.options
    options.timeout = .seconds(120)
    var last = PrivacyPrivacyRequest()
    for try await request in try await requests.watchRequest(
      .with { $0.requestID = id }, options)
    { last = request }
    return last
  }

  static func archive(
    _ request: PrivacyPrivacyRequest, by officer: Member
  ) async throws -> [UInt8] {
    var archive: [UInt8] = []
    let chunks = try await officer.organisation.house.privacy.fetchArchive(
      .with { $0.requestID = request.requestID }, officer.options)
    for try await chunk in chunks {
      #expect(chunk.data.count <= 64 * 1_024)
      archive += chunk.data
    }
    return archive
  }

  static func keys() async throws -> [String: Ed25519PublicKey] {
    let answer = try await House.current().privacy.getArchiveKeys(PrivacyGetArchiveKeysRequest())
    return try Dictionary(
      uniqueKeysWithValues: answer.keys.map {
        ($0.keyID, try Ed25519PublicKey(rawBytes: [UInt8]($0.publicKey)))
      })
  }

  @Test func `clause 33: an access request collects from every service into one signed archive`()
    async throws
  {
    let subject = try await Self.subject()
    let request = try await Self.request(.access, about: subject.member, by: subject.officer)
    #expect(request.state == .completed)
    #expect(request.kind == .access && request.subjectID == subject.member.id)
    #expect(request.dueAt.date == request.receivedAt.date.addingTimeInterval(28 * 86_400))
    #expect(Set(request.steps.map(\.service)) == Set(HousePlan.stores))
    #expect(request.steps.allSatisfy { $0.done }, "\(request.steps)")

    let bytes = try await Self.archive(request, by: subject.officer)
    #expect(UInt64(bytes.count) == request.archiveBytes)
    let (manifest, files) = try SignedArchive.verify(bytes, keys: try await Self.keys())
    #expect(manifest.subjectID == subject.member.id)
    #expect(manifest.organisationID == subject.organisation.id)
    #expect(manifest.requestID == request.requestID)
    let texts = Dictionary(
      uniqueKeysWithValues: files.map { ($0.path, String(decoding: $0.bytes, as: UTF8.self)) })
    for table in ["identity/person", "identity/session", "feedback/round", "feedback/feedback",
      "goals/goal", "goals/check_in", "goals/goal_feedback", "privacy/acceptance"]
    {
      #expect(texts["data/\(table).json"] != nil, "\(table) of \(texts.keys.sorted())")
      #expect(texts["data/\(table).csv"] != nil, "\(table)")
    }
    let person = try #require(records(texts["data/identity/person.json"]).first)
    #expect(person["name"] == subject.member.name && person["email"] == subject.member.email)
    let all = texts.filter { $0.key.hasSuffix(".json") }.values.flatMap { records($0) }
      .flatMap(\.values)
    for text in subject.texts + subject.received { #expect(all.contains(text), "\(text)") }
    let goals = records(texts["data/goals/goal.json"])
    #expect(goals.map { $0["title"] } == [subject.goal.title])
    // RFC 4180, and no formula for a spreadsheet to run.
    let csv = try #require(texts["data/feedback/feedback.csv"])
    let quoted = subject.received[1].replacing("\"", with: "\"\"")
    #expect(csv.contains("\"'\(quoted)\""), "\(csv)")
    #expect(csv.hasSuffix("\r\n"))
    // Nothing of anybody else's: neither a password hash nor the other's name or address.
    #expect(!all.contains { $0.contains("$argon2") || $0.contains(subject.colleague.email) })
  }

  @Test func `after an erasure no column of any table holds anything of the person`()
    async throws
  {
    let subject = try await Self.subject()
    let house = subject.organisation.house
    let access = try await Self.request(.access, about: subject.member, by: subject.officer)
    let bytes = try await Self.archive(access, by: subject.officer)
    let needles =
      [subject.member.id, subject.member.email, subject.member.name, subject.goal.goalID]
      + subject.texts + subject.received
    let before = try await Tables.places(of: needles, in: house.superuser)
    for table in ["identity.person", "feedback.round", "goals.goal", "privacy.acceptance"] {
      #expect(before.contains { $0.hasPrefix(table) }, "the scan is blind to \(table): \(before)")
    }
    let sealed = try await Tables.places(
      of: subject.texts + subject.received + [subject.member.name, subject.member.email],
      in: house.superuser)
    #expect(sealed.isEmpty, "in plain text: \(sealed)")

    let erasure = try await Self.request(.erasure, about: subject.member, by: subject.officer)
    #expect(erasure.state == .completed, "\(erasure.steps)")
    #expect(erasure.subjectID.isEmpty)
    #expect(Set(erasure.steps.map(\.service)) == Set(HousePlan.stores))
    for step in erasure.steps {
      #expect(step.done && step.found.allSatisfy { $0.rows == 0 }, "\(step)")
      #expect(!step.found.isEmpty, "\(step.service) did not scan")
    }
    let scanned = Set(
      erasure.steps.flatMap { step in step.found.map { "\(step.service) \($0.table)" } })
    for table in try await Tables.all(house.superuser) where table.name != "migration" {
      let service = table.schema.replacing("_keys", with: "")
      #expect(scanned.contains("\(service) \(table.name)"), "\(table) was not scanned")
    }

    let after = try await Tables.places(of: needles, in: house.superuser)
    #expect(after.isEmpty, "left: \(after)")
    try await expectRefusal(.unauthenticated, what: "the erased sign in") {
      try await house.identity.login(subject.member.login)
    }
    try await expectRefusal(.notFound, what: "the erased are looked for") {
      try await house.identity.findColleague(
        .with { $0.email = subject.member.email }, subject.colleague.options)
    }
    try await expectRefusal(.notFound, what: "the archive went with the person") {
      try await Self.archive(access, by: subject.officer)
    }
    let verified = try SignedArchive.verify(bytes, keys: try await Self.keys())
    #expect(verified.manifest.subjectID == subject.member.id)
    // The colleague still has what is theirs.
    let kept = try await house.feedback.listFeedback(
      FeedbackListFeedbackRequest(), subject.colleague.options)
    #expect(kept.feedback.map(\.giverID) == [""] && kept.feedback.map(\.giverName) == [""])
  }

  @Test func `the erased person's token opens nothing and writes nothing`() async throws {
    let subject = try await Self.subject()
    let house = subject.organisation.house
    let erasure = try await Self.request(.erasure, about: subject.member, by: subject.officer)
    #expect(erasure.state == .completed)
    await #expect(throws: RPCError.self) { try await subject.member.createGoal("Nog één") }
    await #expect(throws: RPCError.self) { try await subject.member.ask([subject.colleague]) }
    let goals = try? await house.goals.listGoals(GoalsListGoalsRequest(), subject.member.options)
    #expect(goals?.goals.isEmpty != false)
    let places = try await Tables.places(of: [subject.member.id], in: house.superuser)
    #expect(places.isEmpty, "\(places)")
    try await expectRefusal(.notFound, what: "a second erasure") {
      try await Self.request(.erasure, about: subject.member, by: subject.officer)
    }
  }

  @Test func `ikso verify tells a genuine archive from a changed one, offline`() async throws {
    let subject = try await Self.subject()
    let request = try await Self.request(.access, about: subject.member, by: subject.officer)
    let bytes = try await Self.archive(request, by: subject.officer)
    let folder = try ScratchFolder()
    let keys = try await Self.keys().mapValues { Hex.encode($0.rawBytes) }
    let keyFile = try folder.write("keys.json", JSONEncoder().encode(keys))
    let tool = subject.organisation.house.plan.binary("ikso")
    func verify(_ name: String, _ bytes: [UInt8], keys: URL) async throws -> (Child.End, String) {
      let file = try folder.write(name, bytes)
      let run = try await Child.run(tool, ["verify", file.path, "--keys", keys.path])
      return (run.end, run.output)
    }
    let genuine = try await verify("genuine.tar", bytes, keys: keyFile)
    #expect(genuine.0 == .exit(0), "\(genuine.1)")
    #expect(genuine.1.contains(subject.member.id))

    // One bit of the data, somewhere in the text of a goal.
    let title = Array(subject.goal.title.utf8)
    let position = try #require(bytes.firstRange(of: title)?.lowerBound)
    var changed = bytes
    changed[position] ^= 0x20
    let tampered = try await verify("changed.tar", changed, keys: keyFile)
    #expect(tampered.0 == .exit(1) && tampered.1.contains("changed"), "\(tampered)")

    // The signature itself.
    var forged = bytes
    let subjectText = Array(subject.member.id.utf8)
    let place = try #require(bytes.firstRange(of: subjectText)?.lowerBound)
    forged[place] = forged[place] == UInt8(ascii: "1") ? UInt8(ascii: "2") : UInt8(ascii: "1")
    let signature = try await verify("forged.tar", forged, keys: keyFile)
    #expect(signature.0 == .exit(1) && signature.1.contains("signature"), "\(signature)")

    let cut = try await verify("cut.tar", Array(bytes.prefix(bytes.count / 2)), keys: keyFile)
    #expect(cut.0 == .exit(1), "\(cut)")

    let another = Hex.encode(try Ed25519PrivateKey.generate().publicKey.rawBytes)
    let strange = try folder.write(
      "strange.json", JSONEncoder().encode(keys.mapValues { _ in another }))
    let stranger = try await verify("genuine2.tar", bytes, keys: strange)
    #expect(stranger.0 == .exit(1), "\(stranger)")
  }

  @Test func `the logs hold no name, address or text of a person`() async throws {
    let subject = try await Self.subject()
    let house = subject.organisation.house
    let secrets =
      subject.texts + subject.received
      + [subject.member.email, subject.member.name, subject.member.password, subject.member.token]
    for (name, process) in house.plan.services {
      let log = try String(
        decoding: Data(contentsOf: URL(filePath: process.log)), as: UTF8.self)
      let found = secrets.filter { log.contains($0) }
      #expect(found.isEmpty, "the log of \(name) holds \(found.count) personal values")
    }
  }

  private func records(_ json: String?) -> [[String: String]] {
    let data = Data((json ?? "").utf8)
    return (try? JSONDecoder().decode([[String: String]].self, from: data)) ?? []
  }
}
