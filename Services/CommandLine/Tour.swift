import ArgumentParser
import Foundation
import RPC
import Schemas
import SwiftProtobuf

struct Tour: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Walk through the whole product against a running system.",
    discussion: """
      Registers two organisations, invites people, asks for feedback and gives it, sets a goal, \
      tries to look over the wall between the organisations, and ends with an access request and \
      an erasure. Each call and its answer is printed. Exits with 0 when each step went as it must.
      """)

  @OptionGroup var gateway: GatewayOptions
  @OptionGroup var operators: OperatorOptions

  @Option(help: "The organisation's privacy statement: Markdown, UTF-8, up to 1 MiB.")
  var statement: String?

  @Option(help: "The participants: CSV with name, email, role; at least three people.")
  var participants: String?

  @Option(
    help: """
      A folder for the archive and the keys to verify it with. [default: in IKSO_STATE, else here]
      """)
  var output: String?

  func run() async throws {
    let statement = try read(statement) ?? Data(Samples.statement.utf8)
    let participants = try read(participants) ?? Data(Samples.participants.utf8)
    let account = try operators.account()
    let mailbox = try operators.mailbox()
    try await withReactors { reactors in
      let gateway = try gateway.connect(reactors)
      let walk = Walk(gateway: gateway, mailbox: mailbox, transcript: Transcript())
      let steps = TourSteps(walk: walk, folder: output)
      try await steps.run(statement: statement, participants: participants, as: account)
      await gateway.close()
    }
  }

  private func read(_ path: String?) throws -> Data? {
    guard let path else { return nil }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ValidationError("the file \(path) cannot be read")
    }
    return data
  }
}

/// The six steps of the walk.
struct TourSteps: Sendable {
  let walk: Walk
  let folder: String?

  var gateway: Gateway { walk.gateway }
  var transcript: Transcript { walk.transcript }

  func run(statement: Data, participants: Data, as account: OperatorAccount) async throws {
    transcript.chapter("1. The operator registers a client organisation")
    let operators = try await walk.signInOperator(account)
    let organisation = try await walk.registerOrganisation("Voorbeeld B.V.", operators)
    let officerCode = try await walk.nameAuthorisedPerson(of: organisation, operators)
    _ = try await walk.publish(statement, for: organisation, operators)
    let codes = try await walk.importParticipants(
      participants, into: organisation, inviting: 3, operators)
    guard codes.count == 3 else {
      throw CleanFailure("the walk needs at least three participants; \(codes.count) were invited")
    }

    transcript.chapter("2. A participant is shown the statement, accepts it and signs in")
    let asker = try await firstSignIn(codes[0])

    transcript.chapter("3. Two colleagues and one outsider give feedback")
    let colleagues = [try await walk.enrol(codes[1]), try await walk.enrol(codes[2])]
    let feedback = try await askAndAnswer(asker, colleagues)

    transcript.chapter("4. A development goal, linked to that feedback")
    let goal = try await setGoal(asker, feedback)

    transcript.chapter("5. A participant of another organisation finds none of it")
    try await lookOverTheWall(operators, statement, asker, feedback, goal)

    transcript.chapter("6. The Authorised Person requests access, then erasure")
    let officer = try await walk.enrol(officerCode)
    try await requestAccess(officer, about: asker)
    let deputyCode = try await walk.nameAuthorisedPerson(
      of: organisation, deputy: true, operators)
    try await requestErasure(officer, approvedBy: walk.enrol(deputyCode), of: asker)

    transcript.chapter("Done")
    transcript.say("Each step went as it must.")
  }

  /// There is no token until the statement was accepted, which the sign-in shows.
  private func firstSignIn(_ code: String) async throws -> Person {
    let invited = try await walk.open(code)
    transcript.say("The personal statement begins:")
    for line in invited.statement.markdown.split(separator: "\n").prefix(8) {
      transcript.say("  | \(line)")
    }
    let person = try await walk.setPassword(code, for: invited)
    let answer = try await transcript.call(
      "IdentityService.Login", walk.loginRequest(person)
    ) { request throws(RPCError) in try await gateway.identity.login(request) }
    guard answer.accessToken.isEmpty, answer.challenge.step == .statement,
      answer.challenge.statement.version == invited.statement.version
    else {
      throw CleanFailure("the sign-in does not ask for version \(invited.statement.version)")
    }
    return try await walk.goOn(answer, as: person)
  }

  private func askAndAnswer(
    _ asker: Person, _ colleagues: [Person]
  ) async throws -> AskedFeedback {
    var ids: [String] = []
    for colleague in colleagues {
      let found = try await transcript.call(
        "IdentityService.FindColleague",
        IdentityFindColleagueRequest.with { $0.email = colleague.email }
      ) { request throws(RPCError) in
        try await gateway.identity.findColleague(request, asker.options)
      }
      ids.append(found.personID)
    }
    let earlier = try walk.mailbox.names()
    let round = try await transcript.call(
      "FeedbackService.AskFeedback",
      FeedbackAskFeedbackRequest.with {
        $0.topic = "The way I run our weekly meeting"
        $0.question = "What should I keep, and what should I do differently?"
        $0.colleagueIds = ids
        $0.outsiders = [
          .with {
            $0.name = "Guus Gast"
            $0.email = "guus@example.com"
          }
        ]
        $0.visibility = .asker
      }
    ) { request throws(RPCError) in
      try await gateway.feedback.askFeedback(request, asker.options)
    }
    for colleague in colleagues { try await answer(colleague, "Keep the agenda; end on time.") }
    try await answerAsGuest(try await walk.newCode(since: earlier))
    let received = try await transcript.call(
      "FeedbackService.ListFeedback", FeedbackListFeedbackRequest()
    ) { request throws(RPCError) in
      try await gateway.feedback.listFeedback(request, asker.options)
    }
    guard received.feedback.count == 3 else {
      throw CleanFailure("three answers were given; \(received.feedback.count) have come")
    }
    return AskedFeedback(round: round, received: received.feedback)
  }

  private func answer(_ colleague: Person, _ text: String) async throws {
    let tasks = try await transcript.call(
      "FeedbackService.ListFeedbackTasks", FeedbackListFeedbackTasksRequest()
    ) { request throws(RPCError) in
      try await gateway.feedback.listFeedbackTasks(request, colleague.options)
    }
    guard let task = tasks.tasks.first else {
      throw CleanFailure("\(colleague.name) is asked nothing")
    }
    _ = try await transcript.call(
      "FeedbackService.GiveFeedback",
      FeedbackGiveFeedbackRequest.with {
        $0.invitationID = task.invitationID
        $0.answer = text
      }
    ) { request throws(RPCError) in
      try await gateway.feedback.giveFeedback(request, colleague.options)
    }
  }

  private func answerAsGuest(_ code: String) async throws {
    let opened = try await transcript.call(
      "FeedbackService.OpenGuestLink", FeedbackOpenGuestLinkRequest.with { $0.code = code }
    ) { request throws(RPCError) in try await gateway.feedback.openGuestLink(request) }
    let answer = FeedbackGiveGuestFeedbackRequest.with {
      $0.code = code
      $0.statementVersion = opened.statement.version
      $0.statementSha256 = opened.statement.sha256
      $0.answer = "You listen well. Say earlier what you need."
    }
    _ = try await transcript.call("FeedbackService.GiveGuestFeedback", answer) {
      request throws(RPCError) in try await gateway.feedback.giveGuestFeedback(request)
    }
    try await transcript.refused(
      "FeedbackService.GiveGuestFeedback", answer, with: .failedPrecondition
    ) { request throws(RPCError) in try await gateway.feedback.giveGuestFeedback(request) }
    transcript.say("The link works once.")
  }

  private func setGoal(_ asker: Person, _ feedback: AskedFeedback) async throws -> GoalsGoal {
    let goal = try await transcript.call(
      "GoalsService.CreateGoal",
      GoalsCreateGoalRequest.with {
        $0.title = "End meetings on time"
        $0.why = "My colleagues plan their day around it."
        $0.measure = "Four of five meetings end within the hour."
        $0.dueOn = Walk.day(Date().addingTimeInterval(90 * 86_400))
        $0.feedbackIds = feedback.received.map(\.feedbackID)
      }
    ) { request throws(RPCError) in try await gateway.goals.createGoal(request, asker.options) }
    let checkIn = try await transcript.call(
      "GoalsService.CheckIn",
      GoalsCheckInRequest.with {
        $0.goalID = goal.goalID
        $0.progressPercent = 20
        $0.confidence = 4
        $0.note = "Two meetings ended on time this week."
        $0.expectedRevision = goal.revision
      }
    ) { request throws(RPCError) in try await gateway.goals.checkIn(request, asker.options) }
    _ = try await transcript.call(
      "GoalsService.ListCheckIns", GoalsListCheckInsRequest.with { $0.goalID = goal.goalID }
    ) { request throws(RPCError) in try await gateway.goals.listCheckIns(request, asker.options) }
    return checkIn.goal
  }
}

/// What the asker has to show for it.
struct AskedFeedback: Sendable {
  let round: FeedbackFeedbackRound
  let received: [FeedbackFeedback]
}
