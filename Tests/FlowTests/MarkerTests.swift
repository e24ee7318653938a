import Access
import Archive
import Cryptography
import Foundation
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

@testable import IKSO

/// Whatever the product is told of a person goes with them: a marker of its own in every personal
/// field of every method that takes it, then the erasure, then a search everywhere.
@Suite(.timeLimit(.minutes(10))) struct MarkerTests {
  /// What would end the walk before its end: sessions, passwords and suspensions; what keeps an
  /// erasure from being carried out; and requests of its kind, of which one is open at a time.
  private static let left: Set<String> = [
    "Logout", "EndSession", "EndOtherSessions", "EndPersonSessions", "ChangePassword",
    "CheckPassword", "SuspendPerson", "ReportUnder16", "SetUnder16", "PlaceHold", "CreateRequest",
    "RequestEmailChange",
  ]

  @Test func `clauses 24, 33: an erasure leaves no marker in table, log, dump, export, answer`()
    async throws
  {
    let subject = try await RightsTests.subject()
    let (organisation, house) = (subject.organisation, subject.organisation.house)
    let administrator = try await organisation.member("Bea Beheer", role: "administrator")
    let planting = Planting(subject)
    for (caller, role) in [
      (subject.member, Role.participant), (subject.officer, .privacyOfficer),
      (administrator, .administrator),
    ] {
      try await planting.plant(as: caller, role, leaving: Self.left)
    }
    // What needs more than a well-formed request, in its order.
    let steps = MarkerSteps(subject: subject, marker: planting.marker)
    let planted = try await planting.accepted.union(steps.plant())
    let personal = SchemaCatalogue.messages.filter { message in
      message.fields.contains { (.personal ... .confidential).contains($0.personalData) }
    }.flatMap(\.requestOf)
    let taking = Set(
      Samples.publicMethods.map(\.descriptor).filter { personal.contains($0.fullName) }
        .map(\.name))
    let reasons = MarkerSteps.unplantable.values.reduce(into: Set<String>()) { $0.formUnion($1) }
    #expect(
      taking.subtracting(planted).subtracting(reasons).sorted() == [],
      "plant a marker by these in MarkerSteps, or say there why not")
    // Those that take one without; a method that comes later is tried without a line here.
    let taken: Set = [
      "AskFeedback", "CorrectPerson", "CreateGoal", "CreateOwnRequest", "FileComplaint",
      "ReportBreach",
    ]
    #expect(planted.isSuperset(of: taken), "only these took a marker: \(planted.sorted())")

    let erased = try await RightsTests.request(.erasure, about: subject.member, by: subject.officer)
    #expect(erased.state == .completed, "\(erased)")
    let needles = [planting.marker, subject.member.id, subject.member.email] + subject.texts
    try await until("nothing of theirs waits any more") {
      try await Tables.places(of: needles, in: house.superuser).isEmpty
    }
    for service in ["gateway"] + HousePlan.stores {
      let lines = try house.logLines(of: service).filter { $0.contains(planting.marker) }
      #expect(lines.isEmpty, "\(service) logs what it was told: \(lines.prefix(3))")
    }
    try await Self.searchDump(needles)
    let export = try await RightsTests.request(
      .access, about: subject.colleague, by: subject.officer)
    let archive = try await RightsTests.archive(export, by: subject.officer)
    // What somebody has said to others is theirs as well, and stays with them without the name.
    let own = needles.filter { !$0.hasPrefix(RightsTests.givenPrefix) }
    let files = try SignedArchive.verify(archive, keys: try await RightsTests.keys()).files
    let found = files.filter { file in
      let text = String(decoding: file.bytes, as: UTF8.self)
      return own.contains(where: text.contains)
    }
    #expect(found.isEmpty, "in a colleague's export: \(found.map(\.path))")
    let answered = try await MarkerReading(subject, administrator, request: erased.requestID)
      .expectNone(of: own)
    let expected: Set = [
      "GetRequest", "ListAccesses", "ListFeedback", "ListGoals", "ListPeople", "ListRequests",
      "ListSecurityEvents",
    ]
    #expect(answered.isSuperset(of: expected), "only these answered: \(answered.sorted())")
  }

  /// A dump that is made now, in which a search finds what is there.
  static func searchDump(_ needles: [String]) async throws {
    let folder = try ScratchFolder()
    let dump = folder.url.appending(path: "dump.sql")
    let dsn = "\(try HousePlan.variable("IKSO_TEST_POSTGRES")) dbname=ikso"
    let (end, output) = try await Child.run(
      URL(filePath: "/usr/bin/pg_dump"), ["--file", dump.path, dsn])
    #expect(end == .exit(0), "\(output)")
    func lines(_ text: String) async throws -> String {
      try await Child.run(
        URL(filePath: "/usr/bin/grep"), ["-ciF", "--", text, dump.path],
        environment: ["LC_ALL": "C"]
      ).output
    }
    #expect(try await lines("CREATE TABLE") != "0")
    for needle in needles.flatMap({ $0.split(separator: "\n") }) {
      #expect(try await lines(String(needle)) == "0", "\(needle) is in a fresh dump")
      let digits = needle.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      #expect(try await lines(digits) == "0", "\(needle) is in a fresh dump, as bytes")
    }
  }
}

/// Calls methods with a marker in each field that holds something of a person.
final class Planting {
  let subject: RightsTests.Subject
  let marker: String
  /// In each text of the organisation's, whoever it is about.
  private let everywhere: Bool
  /// Methods that took one.
  private(set) var accepted: Set<String> = []
  private var identifiers: [String: String]

  init(_ subject: RightsTests.Subject, everywhere: Bool = false) {
    (self.subject, self.everywhere) = (subject, everywhere)
    marker = "merk\(subject.organisation.tag)"
    identifiers = [
      "organisation_id": subject.organisation.id, "person_id": subject.member.id,
      "subject_id": subject.member.id, "colleague_id": subject.colleague.id,
      "goal_id": subject.goal.goalID, "feedback_id": subject.goal.feedbackIds.first ?? "",
      "email": subject.colleague.email,
    ]
  }

  func plant(as caller: Member, _ role: Role, leaving left: Set<String>) async throws {
    let methods = Samples.publicMethods.filter {
      $0.policy.roles.contains(role) && !left.contains($0.descriptor.name)
        && $0.descriptor.kind == .unary
    }
    for method in methods {
      // What others say is about the subject only where it names them.
      if !everywhere, caller.id != subject.member.id, !names(method.request) { continue }
      let request = try fill(method)
      guard request.unknownFields.data.firstRange(of: Data(marker.utf8)) != nil else { continue }
      do {
        _ = try await caller.organisation.house.gateway.unary(
          method.descriptor, request, caller.options, as: Google_Protobuf_Empty.self)
        accepted.insert(method.descriptor.name)
      } catch {
        // What is refused keeps nothing; that a service fails is something else.
        #expect(
          ![.internalError, .unknown, .unavailable].contains(error.code),
          "\(method.descriptor.fullName): \(error)")
      }
    }
  }

  private func names(_ message: String) -> Bool {
    SchemaCatalogue.messages.first { $0.name == message }?.fields.contains {
      ["person_id", "subject_id"].contains($0.name)
    } ?? false
  }

  /// Identifiers that nobody has here are nobody's.
  private func fill(_ method: SchemaMethod) throws -> Google_Protobuf_Empty {
    while true {
      let filler = RequestFiller(identifiers: identifiers) { [marker, everywhere] message, field in
        if everywhere { return "\(marker) \(field)" }
        let known = SchemaCatalogue.messages.first { $0.name == message }?.fields
          .first { $0.name == field }
        guard let known, (.personal ... .confidential).contains(known.personalData) else {
          return "Canary"
        }
        return "\(marker) \(field)"
      }
      do {
        return try filler.request(of: method.descriptor.fullName)
      } catch let unknown as RequestFiller.UnknownField {
        let name = unknown.name.hasSuffix("_ids") ? String(unknown.name.dropLast()) : unknown.name
        identifiers[name] = UUID().canonical
      }
    }
  }
}
