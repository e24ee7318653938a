import Foundation
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// What takes a marker only in its turn: an answer after a question, a decision after a request.
struct MarkerSteps: Sendable {
  let subject: RightsTests.Subject
  let marker: String

  /// Methods that take something personal, and nothing of the subject that would be kept; by the
  /// reason.
  static let unplantable: [String: Set<String>] = [
    "an address is compared, and not kept": [
      "AcceptStatement", "FindColleague", "Login", "RequestPasswordReset", "ResendInvitation",
      "ShowStatement",
    ],
    "of somebody else": [
      "ImportParticipants", "NameAuthorisedPerson", "RegisterMyself", "SubmitApplication",
      "SubmitForm", "Subscribe",
    ],
    "of an incident or a demand, which must name nobody; kept by a term of its own": [
      "AddBreachEntry", "CloseBreach", "RecordAuthorityNotice", "RecordDisclosure",
      "RecordLegalDemand", "RegisterBreach", "UpdateBreach",
    ],
    "for people under 16, whose sessions it ends": ["RecordParentalConsent"],
  ]

  private var house: House { subject.organisation.house }
  private var member: CallOptions { subject.member.options }
  private var officer: CallOptions { subject.officer.options }

  private func text(_ what: String) -> String { "\(marker) \(what)" }

  /// - Returns: the methods that took one.
  func plant() async throws -> Set<String> {
    try await feedback()
    try await goal()
    try await complaint()
    try await requests()
    _ = try await PeopleServiceClient(house.gateway).requestEmailChange(
      .with {
        $0.personID = subject.member.id
        $0.email = "\(marker)@example.org"
      }, member)
    return [
      "AskFeedback", "GiveFeedback", "GiveGuestFeedback", "CheckIn", "CompleteGoal",
      "FileComplaint", "AnswerComplaint", "CreateOwnRequest", "CreateRequest", "AttachProof",
      "ExtendRequest", "CompleteRequest", "RefuseRequest", "RequestEmailChange",
    ]
  }

  private func feedback() async throws {
    let outsider = "Karel \(marker)"
    _ = try await subject.member.ask(
      [subject.colleague], outsiders: [outsider], topic: text("topic"),
      question: text("question"))
    try await subject.colleague.answer(text("answer"))
    let code = try await house.mailbox.code(to: subject.organisation.email(outsider))
    let opened = try await house.feedback.openGuestLink(.with { $0.code = code })
    _ = try await house.feedback.giveGuestFeedback(
      .with {
        $0.code = code
        $0.statementVersion = opened.statement.version
        $0.statementSha256 = opened.statement.sha256
        $0.answer = text("guest's answer")
      })
  }

  private func goal() async throws {
    let goal = try await subject.member.createGoal(text("title"))
    let checked = try await house.goals.checkIn(
      .with {
        $0.goalID = goal.goalID
        $0.progressPercent = 10
        $0.confidence = 3
        $0.note = text("note")
        $0.expectedRevision = goal.revision
      }, member)
    _ = try await house.goals.completeGoal(
      .with {
        $0.goalID = goal.goalID
        $0.evaluation = text("evaluation")
        $0.expectedRevision = checked.goal.revision
      }, member)
  }

  private func complaint() async throws {
    let complaints = ComplaintServiceClient(house.gateway)
    let filed = try await complaints.fileComplaint(.with { $0.text = text("complaint") }, member)
    _ = try await complaints.answerComplaint(
      .with {
        $0.complaintID = filed.complaintID
        $0.outcome = .refused
        $0.answer = text("answer to it")
      }, officer)
  }

  private func requests() async throws {
    let detail = PrivacyRequestDetail.with {
      $0.field = text("field")
      $0.newValue = text("value")
      $0.explanation = text("explanation")
    }
    func ask() async throws -> String {
      let asked = try await house.ownRequests.createOwnRequest(
        .with {
          $0.kind = .rectification
          $0.detail = detail
        }, member)
      return asked.requestID
    }
    let (first, second) = (try await ask(), try await ask())
    _ = try await house.privacy.createRequest(
      .with {
        $0.kind = .rectification
        $0.subjectID = subject.member.id
        $0.detail = detail
      }, officer)
    _ = try await house.requests.approveRequest(.with { $0.requestID = first }, officer)
    _ = try await house.proofs.attachProof(
      .with {
        $0.requestID = first
        $0.form = .text
        $0.content = Data(text("proof").utf8)
        $0.attestation = .with {
          $0.photo = true
          $0.machineReadableZone = true
          $0.documentNumber = true
          $0.citizenNumber = true
        }
      }, officer)
    _ = try await house.requests.extendRequest(
      .with {
        $0.requestID = first
        $0.reason = text("reason")
      }, officer)
    _ = try await house.requests.completeRequest(
      .with {
        $0.requestID = first
        $0.outcome = text("outcome")
      }, officer)
    _ = try await house.requests.refuseRequest(
      .with {
        $0.requestID = second
        $0.ground = .accurate
        $0.explanation = text("refusal")
      }, officer)
  }
}
