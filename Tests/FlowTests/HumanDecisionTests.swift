import Access
import Foundation
import Postgres
import RPC
import Schemas
import Testing

/// That software decides nothing about people (clause 27; GDPR Art. 22).
struct HumanDecisionTests {
  /// Fields by which a request names somebody whom something is done to.
  private static let named: Set<String> = [
    "person_id", "person_ids", "subject_id", "complaint_id", "report_id", "application_id",
  ]

  /// Methods that name somebody and may be called by a program or a process, with the reason.
  private static let exempt: [String: String] = [
    "ikso.identity.v1.IdentityService/GetColleagues": "reads names",
    "ikso.identity.v1.PersonDeskService/CheckPerson": "reads whether they are there",
    "ikso.identity.v1.PersonDeskService/RectifyPerson": "carries out what an officer accepted",
    "ikso.notice.v1.NoticeService/SendNotice": "tells somebody by mail what was decided",
    "ikso.privacy.v1.StatementDeskService/CheckAcceptance": "reads what the person did",
    "ikso.privacy.v1.StatementDeskService/RecordAcceptance": "writes down what the person did",
    "ikso.privacy.v1.StatementDeskService/RenderStatement": "shows a text",
    "ikso.subject.v1.SubjectDataService/EraseSubject": "carries out what an officer approved",
    "ikso.subject.v1.SubjectDataService/ExportSubject": "carries out what an officer accepted",
    "ikso.subject.v1.SubjectDataService/RestrictSubject": "says what is refused for the person",
    "ikso.subject.v1.SubjectDataService/ScanSubject": "looks whether something is left",
  ]

  @Test func `clause 27: whatever is done to somebody is done by a person who has signed in`() {
    let naming = Set(
      SchemaCatalogue.messages.filter { message in
        message.fields.contains { Self.named.contains($0.name) }
      }.map(\.name))
    let methods = SchemaCatalogue.services.flatMap(\.methods).filter { naming.contains($0.request) }
    #expect(methods.count > 30)
    for method in methods where Self.exempt[method.descriptor.fullName] == nil {
      let policy = method.policy
      #expect(
        !policy.anyone && policy.services.isEmpty && !policy.roles.contains(.service),
        "\(method.descriptor.fullName) affects people and can be called by a program")
      #expect(!policy.roles.isEmpty)
    }
    let known = Set(methods.map(\.descriptor.fullName))
    #expect(Set(Self.exempt.keys).subtracting(known).isEmpty, "take these out")
  }

  @Test func `clause 27: what is carried out in the background says on whose order`() {
    // Every request that has an effect on somebody travels with the person behind it.
    for name in ["ikso.subject.v1.SubjectRequest", "ikso.identity.v1.RectifyPersonRequest"] {
      let message = SchemaCatalogue.messages.first { $0.name == name }
      #expect(message?.fields.contains { $0.name == "ordered_by" } == true, "\(name)")
    }
  }

  @Test func `clause 27: each decision about somebody is kept with who took it`() async throws {
    let decisions = [
      "identity.security_event.actor_id", "privacy.complaint.answered_by",
      "privacy.instruction.decided_by", "privacy.legal_hold.owner_id", "privacy.proof.checked_by",
      "privacy.purpose_freeze.frozen_by", "privacy.purpose_freeze.released_by",
      "privacy.request.decided_by", "privacy.request.requested_by",
    ]
    let rows = try await House.current().superuser.run([
      """
      SELECT n.nspname || '.' || c.relname || '.' || a.attname AS place
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY(\(Tables.schemas)) AND a.attnum > 0 AND NOT a.attisdropped
        AND a.atttypid = 'uuid'::regtype
      """
    ])[0]
    let places = Set(try rows.map { try $0.get("place", as: String.self) })
    let missing = decisions.filter { !places.contains($0) }
    #expect(missing.isEmpty, "\(missing)")
  }

  @Test func `clause 27: nobody is ranked: no field holds a rank, a score or a grade`() {
    let words = ["rank", "score", "grade", "rating", "percentile", "quartile"]
    let fields = SchemaCatalogue.messages.flatMap { message in
      message.fields.map { (message.name, $0.name) }
    }
    let found = fields.filter { _, field in
      field.split(separator: "_").contains { words.contains(String($0)) }
    }
    #expect(found.isEmpty, "\(found)")
  }
}
