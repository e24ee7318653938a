import Cryptography
import Foundation
import ProgramSupport
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Feedback

@Suite(.serialized) struct MethodTests {
  func question(_ practice: Practice) -> FeedbackAskFeedbackRequest {
    .with {
      $0.topic = "Chairing"
      $0.question = "How do I chair a meeting?"
      $0.visibility = .asker
      $0.colleagueIds = practice.neighbours.people[1...].map(\.uuidString)
      $0.outsiders = [
        .with {
          $0.name = "Ann Guest"
          $0.email = "ann@example.org"
        }
      ]
    }
  }

  /// Clause 22.
  @Test func `who reads a question is written down under the name of the asker, once a call`()
    async throws
  {
    try await Practice.with { practice in
      let (service, people) = (practice.service, practice.neighbours.people)
      for _ in 0..<3 {
        _ = try await service.askFeedback(question(practice), practice.call(people[0]))
      }
      #expect(try await practice.accesses.waiting() == 0)
      // Nothing is asked of the asker.
      _ = try await service.listFeedbackTasks(.with { _ in }, practice.call(people[0]))
      #expect(try await practice.accesses.waiting() == 0)
      let tasks = try await service.listFeedbackTasks(.with { _ in }, practice.call(people[1]))
      #expect(tasks.tasks.count == 3)
      let code = try #require(try await practice.mails().first?.code)
      _ = try await service.openGuestLink(.with { $0.code = code }, practice.anyone)
      let notes = try await practice.accesses.fetch(of: practice.neighbours.tenant).notes
      #expect(notes.map(\.subject) == [people[0], people[0]])
      let details = try notes.map {
        try PrivacyAccessDetail(serializedBytes: try #require($0.detail))
      }
      #expect(Set(details.map(\.actor)) == [.person, .codeHolder])
      #expect(details.allSatisfy { $0.kind == .read && $0.purpose == "feedback" })
      let colleague = try #require(details.first { $0.actor == .person })
      #expect(colleague.actorID == people[1].canonical && colleague.data == ["topic", "question"])
    }
  }

  @Test func `a question is answered by a colleague and by an outsider`() async throws {
    try await Practice.with { practice in
      let (service, people) = (practice.service, practice.neighbours.people)
      let round = try await service.askFeedback(question(practice), practice.call(people[0]))
      #expect(round.invitations.map(\.outsiderName) == ["", "", "Ann Guest"])

      let tasks = try await service.listFeedbackTasks(.with { _ in }, practice.call(people[1]))
      #expect(tasks.tasks.map(\.invitationID) == [round.invitations[0].invitationID])
      #expect(tasks.tasks[0].visibility == .asker)
      let given = try await service.giveFeedback(
        .with {
          $0.invitationID = tasks.tasks[0].invitationID
          $0.answer = "Calmly"
        }, practice.call(people[1]))

      let mail = try await practice.mails()
      #expect(mail.count == 1 && mail[0].plainText.contains("Bo Beer van Voorbeeld BV"))
      let code = try #require(mail[0].code)
      #expect(mail[0].plainText.contains("https://ikso.example/feedback#\(code)\n"))
      let opened = try await service.openGuestLink(
        .with { $0.code = code }, practice.anyone)
      #expect(opened.askerName == "Bo Beer" && opened.question == "How do I chair a meeting?")
      #expect(opened.statement.personName == "Ann Guest" && opened.statement.version == 3)
      #expect(opened.expiresAt.seconds == 1_800_000_000 + 30 * 86_400)

      let answer = FeedbackGiveGuestFeedbackRequest.with {
        $0.code = String(code)
        $0.statementVersion = 2
        $0.statementSha256 = Neighbours.hash
        $0.answer = "Warmly"
      }
      let old = try await refusal { try await service.giveGuestFeedback(answer, practice.anyone) }
      #expect(old == "FAILED_PRECONDITION: version 3 must be accepted")
      var current = answer
      current.statementVersion = 3
      let key = practice.anyone(key: "guest-1")
      let guest = try await service.giveGuestFeedback(current, key)
      #expect(try await service.giveGuestFeedback(current, key) == guest, "asked again")
      #expect(practice.neighbours.acceptances == [round.invitations[2].invitationID])
      let again = try await refusal {
        try await service.giveGuestFeedback(current, practice.anyone)
      }
      #expect(again == "FAILED_PRECONDITION: the link has been used")
      var other = current
      other.answer = "Coldly"
      let reused = try await refusal { try await service.giveGuestFeedback(other, key) }
      #expect(reused?.hasPrefix("FAILED_PRECONDITION: the idempotency-key came before") == true)

      let got = try await service.listFeedback(.with { _ in }, practice.call(people[0]))
      #expect(Set(got.feedback.map(\.feedbackID)) == [given.feedbackID, guest.feedbackID])
      let one = try await service.getFeedback(
        .with { $0.feedbackID = guest.feedbackID }, practice.call(people[0]))
      #expect(one.answer == "Warmly" && one.giverName == "Ann Guest" && one.giverID.isEmpty)
      #expect(one.givenAt == guest.givenAt)
      let states = try await service.getFeedbackRound(
        .with { $0.roundID = round.roundID }, practice.call(people[0]))
      #expect(states.invitations.map(\.state) == [.answered, .open, .answered])
    }
  }

  @Test func `a colleague whom identity does not know ends the call before anything is stored`()
    async throws
  {
    try await Practice.with { practice in
      var request = question(practice)
      request.colleagueIds.append(UUID().uuidString)
      let asker = practice.call(practice.neighbours.people[0])
      let refused = try await refusal { try await practice.service.askFeedback(request, asker) }
      #expect(refused == "NOT_FOUND: colleague not found")
      #expect(try await practice.mails().isEmpty)
      let tasks = try await practice.service.listFeedbackTasks(
        .with { _ in }, practice.call(practice.neighbours.people[1]))
      #expect(tasks.tasks.isEmpty)
    }
  }

  @Test func `a link that never was is not known`() async throws {
    try await Practice.with { practice in
      let unknown = GuestCode.make(tenant: practice.neighbours.tenant).text
      for code in ["", "x", unknown] {
        let opened = try await refusal {
          try await practice.service.openGuestLink(.with { $0.code = code }, practice.anyone)
        }
        #expect(opened == "NOT_FOUND: the link is not known")
        let given = try await refusal {
          try await practice.service.giveGuestFeedback(
            .with {
              $0.code = code
              $0.answer = "A"
            }, practice.anyone(key: "guessed"))
        }
        #expect(given == "NOT_FOUND: the link is not known")
      }
    }
  }

  @Test func `what is wrong is named by its field`() async throws {
    try await Practice.with { practice in
      let asker = practice.call(practice.neighbours.people[0])
      var request = question(practice)
      request.visibility = .unspecified
      let visibility = try await refusal {
        try await practice.service.askFeedback(request, asker)
      }
      #expect(visibility == "INVALID_ARGUMENT: visibility must say who will read the answers")
      request.visibility = .asker
      request.outsiders[0].email = "ann"
      let email = try await refusal { try await practice.service.askFeedback(request, asker) }
      #expect(email?.contains("outsiders[0].email must be an e-mail address") == true)
      let token = try await refusal {
        try await practice.service.listFeedback(.with { $0.pageToken = "x" }, asker)
      }
      #expect(token?.hasPrefix("INVALID_ARGUMENT: page_token") == true)
    }
  }
}
