import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf

/// A client organisation of one test's own: registered by the operator, with a statement, and with
/// as many people as the test asks for.
struct Organisation: Sendable {
  static let platformID = "00000000-0000-0000-0000-000000000000"

  let house: House
  let id: String
  let name: String
  /// Eight letters and digits that no other test has; part of every address and text.
  let tag: String

  var uuid: UUID { UUID(uuidString: id)! }

  /// Registers an organisation and publishes its statement.
  static func make(
    _ name: String = "Voorbeeld & Zoon B.V.", statement: String? = Samples.statement
  ) async throws -> Organisation {
    let house = try House.current()
    let tag = Hex.encode(SecureRandom.bytes(4))
    let operators = try await house.operators.options()
    let answer = try await house.identity.registerOrganisation(
      Samples.registration("\(name) \(tag)"), operators)
    let organisation = Organisation(
      house: house, id: answer.organisationID, name: answer.name, tag: tag)
    if let statement { _ = try await organisation.publish(statement) }
    return organisation
  }

  @discardableResult
  func publish(_ markdown: String) async throws -> PrivacyStatementVersion {
    try await house.privacy.publishStatement(
      .with {
        $0.organisationID = id
        $0.markdown = Data(markdown.utf8)
        $0.contact = contact
      }, try await house.operators.options())
  }

  var contact: String { "privacy-\(tag)@example.org" }

  func email(_ name: String) -> String {
    let letters = name.lowercased().unicodeScalars.filter { ("a"..."z").contains($0) }
    return "\(String(String.UnicodeScalarView(letters))).\(tag)@example.org"
  }

  /// Enrols people, who are invited by mail and have not opened the mail yet.
  func invite(_ names: String..., role: String = "participant") async throws -> [Invited] {
    let csv = "name,email,role\r\n" + names.map { "\($0),\(email($0)),\(role)\r\n" }.joined()
    _ = try await house.identity.importParticipants(
      .with {
        $0.organisationID = id
        $0.csv = Data(csv.utf8)
      }, try await house.operators.options())
    var invited: [Invited] = []
    for name in names {
      let code = try await house.mailbox.code(to: email(name))
      invited.append(Invited(organisation: self, name: name, email: email(name), code: code))
    }
    return invited
  }

  /// Somebody who has been through all of it and is signed in.
  func member(_ name: String, role: String = "participant") async throws -> Member {
    try await invite(name, role: role)[0].onboard()
  }

  func members(_ names: String...) async throws -> [Member] {
    var members: [Member] = []
    for name in names { members.append(try await member(name)) }
    return members
  }

  /// Names the Authorised Person, or the deputy, who is then invited.
  func inviteOfficer(
    _ name: String = "Ada Visser", deputy: Bool = false
  ) async throws -> Invited {
    let email = email("officer \(name)")
    _ = try await house.identity.nameAuthorisedPerson(
      .with {
        $0.organisationID = id
        $0.name = name
        $0.email = email
        $0.validFrom = Samples.day(0)
        $0.deputy = deputy
      }, try await house.operators.options())
    return Invited(
      organisation: self, name: name, email: email, code: try await house.mailbox.code(to: email))
  }

  func officer(_ name: String = "Ada Visser") async throws -> Member {
    try await inviteOfficer(name).onboard()
  }

  /// A deputy of the Authorised Person; whoever was it before is it no more.
  func deputy() async throws -> Member {
    let letters = UUID().canonical.filter { ("a"..."f").contains($0) }
    return try await inviteOfficer("Dirk \(letters)", deputy: true).onboard()
  }
}

/// Somebody with an invitation in their mail.
struct Invited: Sendable {
  let organisation: Organisation
  let name: String
  let email: String
  let code: String

  private var identity: IdentityServiceClient { organisation.house.identity }

  func open() async throws -> IdentityOpenInvitationResponse {
    try await identity.openInvitation(.with { $0.code = code })
  }

  func accept(_ statement: PrivacyPersonalStatement) async throws {
    _ = try await identity.acceptStatement(
      .with {
        $0.credential.invitationCode = code
        $0.version = statement.version
        $0.sha256 = statement.sha256
      })
  }

  /// Sets the password that this person has from then on; they have no token yet.
  func setPassword() async throws -> Member {
    let opened = try await open()
    let member = Member(
      organisation: organisation, id: opened.personID, name: name, email: email,
      password: Samples.password(), token: "", session: "")
    _ = try await identity.setPassword(
      .with {
        $0.invitationCode = code
        $0.password = member.password
      })
    return member
  }

  func onboard() async throws -> Member {
    try await accept(try await open().statement)
    return try await setPassword().signIn()
  }
}

/// Somebody who has a password, and after `signIn` a token.
struct Member: Sendable {
  let organisation: Organisation
  let id: String
  let name: String
  let email: String
  let password: String
  let token: String
  let session: String
  /// Of those who have to have a second factor.
  var authenticator: Authenticator?

  var options: CallOptions { .bearer(token) }
  var uuid: UUID { UUID(uuidString: id)! }

  var login: IdentityLoginRequest {
    .with {
      $0.organisationID = organisation.id
      $0.email = email
      $0.password = password
    }
  }

  var credential: IdentityCredential {
    .with {
      $0.password = .with {
        $0.organisationID = organisation.id
        $0.email = email
        $0.password = password
      }
    }
  }

  /// With everything that has to follow the password but the statement.
  func signIn() async throws -> Member {
    let house = organisation.house
    var authenticator = authenticator
    var answer = try await house.identity.login(login)
    if answer.challenge.step == .factorSetup {
      let challenge = answer.challenge.challenge
      let setup = try await house.signIn.beginFactor(.with { $0.challenge = challenge })
      let made = try Authenticator(secret: setup.secret)
      let code = made.code()
      answer = try await house.signIn.confirmFactor(
        .with {
          $0.challenge = challenge
          $0.code = code
        }
      ).signIn
      authenticator = made
    } else if answer.challenge.step == .factor, let authenticator {
      let challenge = answer.challenge.challenge
      answer = try await house.signIn.verifyFactor(
        .with {
          $0.challenge = challenge
          $0.code = authenticator.code()
        })
    }
    guard !answer.hasChallenge else { throw NotSignedIn(step: answer.challenge.step) }
    return Member(
      organisation: organisation, id: id, name: name, email: email, password: password,
      token: answer.accessToken, session: answer.sessionID, authenticator: authenticator)
  }

  struct NotSignedIn: Error { let step: IdentitySignInStep }

  @discardableResult
  func createGoal(
    _ title: String = "Vergaderingen op tijd afronden", feedback: [String] = []
  ) async throws -> GoalsGoal {
    try await organisation.house.goals.createGoal(
      .with {
        $0.title = title
        $0.why = "Collega's plannen hun dag eromheen."
        $0.measure = "Vier van de vijf binnen het uur."
        $0.dueOn = Samples.day(90)
        $0.feedbackIds = feedback
      }, options)
  }

  /// Asks for feedback; `outsiders` are the names of people without an account.
  func ask(
    _ colleagues: [Member], outsiders: [String] = [], topic: String = "Het weekoverleg",
    question: String = "Wat moet ik houden, en wat anders doen?"
  ) async throws -> FeedbackFeedbackRound {
    try await organisation.house.feedback.askFeedback(
      .with {
        $0.topic = topic
        $0.question = question
        $0.colleagueIds = colleagues.map(\.id)
        $0.outsiders = outsiders.map { name in
          .with {
            $0.name = name
            $0.email = organisation.email(name)
          }
        }
        $0.visibility = .asker
      }, options)
  }

  /// Answers the oldest question that this person has been asked.
  @discardableResult
  func answer(_ text: String = "Goed voorbereid.") async throws -> FeedbackGiveFeedbackResponse {
    let feedback = organisation.house.feedback
    let tasks = try await feedback.listFeedbackTasks(FeedbackListFeedbackTasksRequest(), options)
    guard let task = tasks.tasks.first else { throw NothingAsked(name: name) }
    return try await feedback.giveFeedback(
      .with {
        $0.invitationID = task.invitationID
        $0.answer = text
      }, options)
  }

  struct NothingAsked: Error { let name: String }
}
