import Archive
import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// The main job, step by step, each call through the gateway.
struct FlowTests {
  @Test func `an organisation is registered, its contract and agreement can be read again`()
    async throws
  {
    let organisation = try await Organisation.make("Gemeente Súdwest-Fryslân")
    let house = organisation.house
    let read = try await house.identity.getOrganisation(
      .with { $0.organisationID = organisation.id }, try await house.operators.options())
    #expect(read.name == organisation.name)
    #expect(read.contractBegin == Samples.day(-30))
    #expect(read.contractEnd == Samples.day(365))
    #expect(read.agreement.reference == "VWO-2026-0042")
    #expect(read.agreement.signedOn == Samples.day(-40))
  }

  @Test func `clause 1: a statement is kept byte for byte, and old versions stay readable`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let operators = try await house.operators.options()
    let second = try await organisation.publish(Samples.statement + "\nVersie twee.\n")
    #expect(second.version == 2)
    let first = try await house.privacy.getStatement(
      .with {
        $0.organisationID = organisation.id
        $0.version = 1
      }, operators)
    #expect(first.markdown == Data(Samples.statement.utf8))
    #expect([UInt8](first.version.sha256) == Digest.sha256(Samples.statement))
    #expect(first.contact == organisation.contact)
    #expect(Int(first.version.sizeBytes) == Samples.statement.utf8.count)
    let current = try await house.privacy.getStatement(
      .with { $0.organisationID = organisation.id }, operators)
    #expect(current.version == second)
    let all = try await house.privacy.listStatementVersions(
      .with { $0.organisationID = organisation.id }, operators)
    #expect(all.versions.map(\.version) == [2, 1])
  }

  @Test func `a statement of one mebibyte is taken`() async throws {
    let organisation = try await Organisation.make(statement: nil)
    let text = String(repeating: "privé € ", count: 95_000) + "einde\n"
    let padded = text + String(repeating: "x", count: 1_048_576 - text.utf8.count)
    let published = try await organisation.publish(padded)
    #expect(published.sizeBytes == 1_048_576)
    let invited = try await organisation.invite("Anna Bakker")[0]
    #expect(try await invited.open().statement.markdown.hasSuffix(padded))
  }

  @Test func `clause 3: the personal statement names person, organisation, purposes and contact`()
    async throws
  {
    let organisation = try await Organisation.make("Stichting ’t Groene Woud")
    let invited = try await organisation.invite("Zoë van ’t Hoff-Ørsted")[0]
    let opened = try await invited.open()
    #expect(opened.organisationID == organisation.id)
    #expect(opened.organisationName == organisation.name)
    #expect(opened.name == invited.name)
    #expect(opened.email == invited.email)
    #expect(opened.expiresAt.date > Date())
    let statement = opened.statement
    #expect(statement.personName == invited.name)
    #expect(statement.organisationName == organisation.name)
    #expect(statement.contact == organisation.contact)
    #expect(statement.version == 1)
    #expect([UInt8](statement.sha256) == Digest.sha256(Samples.statement))
    #expect(statement.purposes.count >= 4)
    #expect(statement.markdown.hasSuffix(Samples.statement))
    for word in [invited.name, organisation.name] + statement.purposes {
      #expect(statement.markdown.contains(word), "\(word)")
    }
    let plain = statement.markdown.replacing("\\", with: "")
    #expect(plain.contains(organisation.contact))
  }

  @Test func `nobody signs in before accepting the current version`() async throws {
    let organisation = try await Organisation.make()
    let identity = organisation.house.identity
    let invited = try await organisation.invite("Bram de Wit")[0]
    let member = try await invited.setPassword()
    let waiting = try await identity.login(member.login)
    #expect(waiting.accessToken.isEmpty && waiting.sessionID.isEmpty)
    #expect(waiting.challenge.step == .statement)
    let shown = waiting.challenge.statement
    #expect(shown.version == 1 && shown.personName == "Bram de Wit")
    let go = IdentityContinueSignInRequest.with { $0.challenge = waiting.challenge.challenge }
    try await expectRefusal(.failedPrecondition, "version 1", what: "going on before acceptance") {
      try await organisation.house.signIn.continueSignIn(go)
    }
    func accept(_ statement: PrivacyPersonalStatement, _ hash: Data) async throws -> UInt32 {
      try await identity.acceptStatement(
        .with {
          $0.credential.challenge = waiting.challenge.challenge
          $0.version = statement.version
          $0.sha256 = hash
        }
      ).version
    }
    try await expectRefusal(.failedPrecondition, "version 1", what: "a wrong hash") {
      try await accept(shown, Data(repeating: 7, count: 32))
    }
    #expect(try await accept(shown, shown.sha256) == 1)
    let first = try await organisation.house.signIn.continueSignIn(go)
    #expect(!first.accessToken.isEmpty && !first.hasChallenge)
    try await expectRefusal(.unauthenticated, what: "the challenge a second time") {
      try await organisation.house.signIn.continueSignIn(go)
    }
    // A new version: the next sign-in waits for it (clause 2).
    try await organisation.publish(Samples.statement + "\nNieuw.\n")
    #expect(try await identity.login(member.login).challenge.statement.version == 2)
    let next = try await identity.showStatement(.with { $0.credential = member.credential })
    #expect(next.version == 2)
    _ = try await identity.acceptStatement(
      .with {
        $0.credential = member.credential
        $0.version = 2
        $0.sha256 = next.sha256
      })
    _ = try await member.signIn()
  }

  @Test func `a person reads their organisation's statement without naming it`() async throws {
    let organisation = try await Organisation.make()
    let member = try await organisation.member("Babette Lezer")
    let privacy = organisation.house.privacy
    let read = try await privacy.getStatement(PrivacyGetStatementRequest(), member.options)
    #expect(read.markdown == Data(Samples.statement.utf8))
    let all = try await privacy.listStatementVersions(
      PrivacyListStatementVersionsRequest(), member.options)
    #expect(all.versions == [read.version])
    try await expectRefusal(.invalidArgument, "organisation_id", what: "an operator names none") {
      try await privacy.getStatement(
        PrivacyGetStatementRequest(), organisation.house.operators.options())
    }
  }

  @Test func `a wrong password and an unknown address get the same answer`() async throws {
    let organisation = try await Organisation.make()
    let member = try await organisation.member("Carla Smit")
    let identity = organisation.house.identity
    let wrong = try await expectRefusal(.unauthenticated) {
      try await identity.login(.with { $0 = member.login; $0.password = "verkeerd wachtwoord 1" })
    }
    let unknown = try await expectRefusal(.unauthenticated) {
      try await identity.login(.with { $0 = member.login; $0.email = "niemand@example.org" })
    }
    let nowhere = try await expectRefusal(.unauthenticated) {
      try await identity.login(
        .with { $0 = member.login; $0.organisationID = UUID().canonical })
    }
    #expect(wrong == unknown && wrong == nowhere)
  }

  @Test func `colleagues answer logged in, an outsider by a link that works once`() async throws {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let people = try await organisation.members("Dirk Mol", "Els Vos", "Fatima El Idrissi")
    let asker = people[0]
    for colleague in people[1...] {
      let found = try await house.identity.findColleague(
        .with { $0.email = colleague.email.uppercased() }, asker.options)
      #expect(found.personID == colleague.id && found.name == colleague.name)
    }
    let question = "Wat deed ik goed in project „Überflieger” 🚀?"
    let round = try await asker.ask(
      Array(people[1...]), outsiders: ["Guus Gast"], topic: "Projectleiding", question: question)
    #expect(round.invitations.count == 3)
    #expect(round.invitations.allSatisfy { $0.state == .open })
    #expect(Set(round.invitations.map(\.colleagueID)) == [people[1].id, people[2].id, ""])
    let tasks = try await house.feedback.listFeedbackTasks(
      FeedbackListFeedbackTasksRequest(), people[1].options)
    #expect(tasks.tasks.map(\.question) == [question])
    #expect(tasks.tasks.map(\.askerID) == [asker.id])
    try await people[1].answer("Rustig, ook onder druk. — Els")
    try await people[2].answer("شكرا: je luistert goed.")

    let code = try await house.mailbox.code(to: organisation.email("Guus Gast"))
    let opened = try await house.feedback.openGuestLink(.with { $0.code = code })
    #expect(opened.askerName == asker.name && opened.question == question)
    #expect(opened.statement.personName == "Guus Gast")
    #expect(opened.statement.markdown.hasSuffix(Samples.statement))
    try await expectRefusal(.failedPrecondition, "version 1", what: "no statement accepted") {
      try await house.feedback.giveGuestFeedback(
        .with {
          $0.code = code
          $0.statementVersion = 1
          $0.statementSha256 = Data(repeating: 1, count: 32)
          $0.answer = "Zonder verklaring."
        })
    }
    let answer = FeedbackGiveGuestFeedbackRequest.with {
      $0.code = code
      $0.statementVersion = opened.statement.version
      $0.statementSha256 = opened.statement.sha256
      $0.answer = "Duidelijk, maar soms te snel."
    }
    _ = try await house.feedback.giveGuestFeedback(answer)
    try await expectRefusal(.failedPrecondition, "used", what: "the used link") {
      try await house.feedback.giveGuestFeedback(answer)
    }

    let received = try await house.feedback.listFeedback(
      FeedbackListFeedbackRequest(), asker.options)
    #expect(received.feedback.count == 3)
    let givers = Set(received.feedback.map { $0.giverID + $0.giverName })
    #expect(givers == [people[1].id, people[2].id, "Guus Gast"])
    let after = try await house.feedback.getFeedbackRound(
      .with { $0.roundID = round.roundID }, asker.options)
    #expect(after.invitations.allSatisfy { $0.state == .answered })
    try await expectRefusal(.notFound, what: "the giver reads what is the asker's") {
      try await house.feedback.getFeedback(
        .with { $0.feedbackID = received.feedback[0].feedbackID }, people[1].options)
    }
  }

  @Test func `a goal links to the feedback it came from, and is checked in on`() async throws {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let people = try await organisation.members("Gerrit Kok", "Hanna Prins")
    _ = try await people[0].ask([people[1]])
    let given = try await people[1].answer()
    let goal = try await people[0].createGoal(
      "Ademhalen vóór antwoorden", feedback: [given.feedbackID])
    #expect(goal.feedbackIds == [given.feedbackID] && goal.state == .open)
    #expect(goal.dueOn == Samples.day(90) && goal.progressPercent == 0)
    let checkIn = try await house.goals.checkIn(
      .with {
        $0.goalID = goal.goalID
        $0.progressPercent = 40
        $0.confidence = 4
        $0.note = "Halverwege; lukt ’s ochtends beter."
        $0.expectedRevision = goal.revision
      }, people[0].options)
    #expect(checkIn.goal.progressPercent == 40 && checkIn.goal.revision > goal.revision)
    try await expectRefusal(.aborted, what: "a stale revision") {
      try await house.goals.checkIn(
        .with {
          $0.goalID = goal.goalID
          $0.progressPercent = 50
          $0.confidence = 4
          $0.expectedRevision = goal.revision
        }, people[0].options)
    }
    let listed = try await house.goals.listCheckIns(
      .with { $0.goalID = goal.goalID }, people[0].options)
    #expect(listed.checkIns == [checkIn.checkIn])
    let done = try await house.goals.completeGoal(
      .with {
        $0.goalID = goal.goalID
        $0.evaluation = "Gelukt."
        $0.expectedRevision = checkIn.goal.revision
      }, people[0].options)
    #expect(done.state == .completed && done.evaluation == "Gelukt.")
    try await expectRefusal(.failedPrecondition, what: "a second completion") {
      try await house.goals.completeGoal(
        .with {
          $0.goalID = goal.goalID
          $0.expectedRevision = done.revision
        }, people[0].options)
    }
    try await expectRefusal(.notFound, what: "feedback that somebody else received") {
      try await people[1].createGoal("Van een ander", feedback: [given.feedbackID])
    }
  }
}
