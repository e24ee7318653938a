import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf

/// An organisation that is no customer: it exists to attack another one and to be attacked.
struct Canary: Codable, Sendable {
  struct Account: Codable, Sendable {
    var email: String
    var password: String
    /// Of the privacy officer, who has to have one.
    var authenticator: Authenticator?
  }

  var organisationID: String
  var participant: Account
  var officer: Account
  var administrator: Account
  /// What is theirs, by the name of the field that a request names it with.
  var possessions: [String: String]
}

/// A canary whose people have signed in.
struct SignedInCanary: Sendable {
  let canary: Canary
  let participant: Person
  let officer: Person
  let administrator: Person

  /// What is theirs, with what they got by signing in.
  var possessions: [String: String] {
    canary.possessions.merging(["session_id": participant.session]) { $1 }
  }

  /// Somebody of theirs whom the policy admits; the participant where it admits none of them.
  func somebody(for roles: Set<String>) -> Person {
    if roles.contains("participant") { return participant }
    if roles.contains("privacy_officer") { return officer }
    return roles.contains("administrator") ? administrator : participant
  }
}

/// Makes the two canaries, once, the way an operator makes any organisation; their accounts are
/// kept in a file of the state folder.
struct Canaries: Sendable {
  let walk: Walk
  let file: URL

  /// Stands in the organisation's name and in the reference of its agreement.
  static let mark = "canary of the isolation self-test, no customer"

  func signIn(_ operators: CallOptions) async throws -> [SignedInCanary] {
    var canaries: [Canary] = []
    if let data = FileManager.default.contents(atPath: file.path) {
      do {
        canaries = try JSONDecoder().decode([Canary].self, from: data)
      } catch {
        throw CleanFailure("\(file.path) cannot be read: remove it, and canaries are made anew")
      }
    }
    // Those of an earlier version lack what its methods did not name yet.
    canaries.removeAll { canary in
      ["freeze_id", "complaint_id", "hold_id"].contains { canary.possessions[$0] == nil }
    }
    while canaries.count < 2 { canaries.append(try await make(canaries.count + 1, operators)) }
    try write(canaries)
    var signedIn: [SignedInCanary] = []
    for (index, canary) in canaries.enumerated() {
      let officer = try await signIn(canary.officer, canary)
      // Which codes have been used, for the next time.
      canaries[index].officer.authenticator = officer.authenticator
      try write(canaries)
      signedIn.append(
        SignedInCanary(
          canary: canaries[index], participant: try await signIn(canary.participant, canary),
          officer: officer, administrator: try await signIn(canary.administrator, canary)))
    }
    return signedIn
  }

  private func signIn(_ account: Canary.Account, _ canary: Canary) async throws -> Person {
    try await walk.signIn(
      Person(
        id: "", name: "", email: account.email, organisationID: canary.organisationID,
        password: account.password, authenticator: account.authenticator))
  }

  private func make(_ number: Int, _ operators: CallOptions) async throws -> Canary {
    let today = Walk.day(Date())
    let organisation = try await walk.gateway.identity.registerOrganisation(
      .with {
        $0.name = "Canary \(number) (\(Self.mark))"
        $0.contractBegin = today
        $0.agreement = .with {
          $0.reference = Self.mark
          $0.signedOn = today
        }
      }, operators)
    _ = try await walk.publish(Data(Samples.statement.utf8), for: organisation, operators)
    let domain = "canary-\(organisation.organisationID.prefix(8)).example.org"
    let earlier = try walk.mailbox.names()
    _ = try await walk.gateway.identity.nameAuthorisedPerson(
      .with {
        $0.organisationID = organisation.organisationID
        $0.name = "Canary Four"
        $0.email = "four@\(domain)"
        $0.validFrom = today
      }, operators)
    let csv = """
      name,email,role\r
      Canary One,one@\(domain),participant\r
      Canary Two,two@\(domain),participant\r
      Canary Three,three@\(domain),administrator\r
      Canary Five,five@\(domain),participant\r

      """
    _ = try await walk.gateway.identity.importParticipants(
      .with {
        $0.organisationID = organisation.organisationID
        $0.csv = Data(csv.utf8)
      }, operators)
    let names = ["one", "two", "three", "four", "five"]
    let mail = try await walk.mailbox.messages(since: earlier) { mail in
      names.allSatisfy { name in mail.contains { $0.to == "\(name)@\(domain)" } }
    }
    func enrol(_ name: String) async throws -> Person {
      // Other organisations' invitations come at the same time.
      guard let code = mail.first(where: { $0.to == "\(name)@\(domain)" })?.code else {
        throw CleanFailure("no invitation has come for \(name)@\(domain): see the mail folder")
      }
      return try await walk.enrol(code)
    }
    let (one, two) = (try await enrol("one"), try await enrol("two"))
    let (three, officer) = (try await enrol("three"), try await enrol("four"))
    return Canary(
      organisationID: organisation.organisationID, participant: account(one),
      officer: account(officer), administrator: account(three),
      possessions: try await possessions(organisation.organisationID, one, two, officer)
        .merging(decisions(three, two, officer)) { $1 }
        .merging(["mail_id": mail.first { $0.to == "one@\(domain)" }?.id ?? ""]) { $1 }
        .merging(["device_id": remembered(try await enrol("five"))]) { $1 }
        .merging(staff(organisation.organisationID, operators)) { $1 }
        .merging(entries(organisation.organisationID, one, officer)) { $1 })
  }

  private func account(_ person: Person) -> Canary.Account {
    Canary.Account(
      email: person.email, password: person.password, authenticator: person.authenticator)
  }

  /// A round with an answer, a goal with a check-in, a request: something for every method to ask
  /// for.
  private func possessions(
    _ organisation: String, _ one: Person, _ two: Person, _ officer: Person
  ) async throws -> [String: String] {
    let gateway = walk.gateway
    let round = try await gateway.feedback.askFeedback(
      .with {
        $0.topic = "Canary"
        $0.question = "Is anybody there?"
        $0.colleagueIds = [two.id]
        $0.visibility = .asker
      }, one.options)
    _ = try await gateway.feedback.giveFeedback(
      .with {
        $0.invitationID = round.invitations[0].invitationID
        $0.answer = "Canary"
      }, two.options)
    let feedback = try await gateway.feedback.listFeedback(.init(), one.options)
    let goal = try await gateway.goals.createGoal(
      .with {
        $0.title = "Canary"
        $0.why = "To be attacked."
        $0.measure = "Nobody sees this."
        $0.dueOn = Walk.day(Date().addingTimeInterval(90 * 86_400))
        $0.feedbackIds = feedback.feedback.map(\.feedbackID)
      }, one.options)
    let request = try await gateway.privacy.createRequest(
      .with {
        $0.kind = .access
        $0.subjectID = one.id
      }, officer.options)
    // Of what nobody calls for.
    let frozen = try await ConsentServiceClient(gateway.client).freezePurposes(
      .with {
        $0.personID = one.id
        $0.purposes = [.publishing]
        $0.reason = .objection
      }, officer.options)
    let hold = try await LegalHoldServiceClient(gateway.client).placeHold(
      .with {
        $0.subjectID = one.id
        $0.ground = .audit
        $0.reference = "Canary"
        $0.expiresOn = Walk.day(Date().addingTimeInterval(365 * 86_400))
      }, officer.options)
    return [
      "hold_id": hold.holdID,
      "freeze_id": frozen.freezes.first?.freezeID ?? "",
      "organisation_id": organisation, "email": one.email, "person_id": one.id,
      "subject_id": one.id, "colleague_id": one.id, "round_id": round.roundID,
      "invitation_id": round.invitations[0].invitationID, "goal_id": goal.goalID,
      "feedback_id": feedback.feedback.first?.feedbackID ?? "", "request_id": request.requestID,
    ]
  }

  /// What an administrator and a privacy officer decide on.
  private func decisions(
    _ administrator: Person, _ two: Person, _ officer: Person
  ) async throws -> [String: String] {
    let client = walk.gateway.client
    let programme = try await ProgrammeServiceClient(client).createProgramme(
      .with {
        $0.name = "Canary"
        $0.kind = .training
        $0.beginsOn = Walk.day(Date())
        $0.endsOn = Walk.day(Date().addingTimeInterval(365 * 86_400))
      }, administrator.options)
    let minors = MinorServiceClient(client)
    _ = try await minors.reportUnder16(
      .with { $0.personID = two.id }, administrator.options)
    let reports = try await minors.listUnder16Reports(.init(), officer.options)
    return [
      "programme_id": programme.programmeID, "report_id": reports.reports.first?.reportID ?? "",
      "manager_id": administrator.id, "after_person_id": two.id, "actor_id": two.id,
    ]
  }

  /// Entries of the registers. A breach is none of them: a report would alarm somebody. What only
  /// operators can name is nobody's.
  private func entries(
    _ organisation: String, _ one: Person, _ officer: Person
  ) async throws -> [String: String] {
    let registers = RegisterServiceClient(walk.gateway.client)
    let transfer = try await registers.recordTransfer(
      .with {
        $0.recipient = "Canary"
        $0.country = "JP"
        $0.basis.mechanism = .adequacyDecision
        $0.beginsOn = Walk.day(Date())
      }, officer.options)
    let demand = try await registers.recordLegalDemand(
      .with {
        $0.authority = "Canary"
        $0.legalBasis = "none"
        $0.matter = "To be attacked."
        $0.receivedAt = .init(date: Date())
      }, officer.options)
    let complaint = try await ComplaintServiceClient(walk.gateway.client).fileComplaint(
      .with { $0.text = "To be attacked." }, one.options)
    let operatorsAlone = [
      "sub_processor_id", "storage_location_id", "collector_id", "breach_id", "case_id",
      "application_id", "record_id",
    ].map { ($0, UUID().canonical) }
    return [
      "transfer_id": transfer.transferID, "legal_demand_id": demand.legalDemandID,
      "complaint_id": complaint.complaintID, "affected_organisation_id": organisation,
    ].merging(operatorsAlone) { $1 }
  }

  /// A program that may act in the organisation, of which nobody has the certificate, and support
  /// that waits for its approval.
  private func staff(
    _ organisation: String, _ operators: CallOptions
  ) async throws -> [String: String] {
    let accounts = ServiceAccountServiceClient(walk.gateway.client)
    let made = try await accounts.createServiceAccount(
      .with {
        $0.name = "canary-\(organisation.prefix(8))"
        $0.scopes = ["ikso.identity.v1.IdentityService/GetOrganisation"]
        $0.organisationIds = [organisation]
      }, operators)
    let account = try await accounts.addCredential(
      .with {
        $0.serviceAccountID = made.serviceAccountID
        $0.certificateIdentity = "sha256:\(String(repeating: "0", count: 64))"
      }, operators)
    let support = try await SupportServiceClient(walk.gateway.client).requestSupportAccess(
      .with {
        $0.organisationID = organisation
        $0.reason = Self.mark
        $0.scopes = ["ikso.identity.v1.IdentityService/GetOrganisation"]
        $0.minutes = 5
      }, operators)
    return [
      "support_access_id": support.supportAccessID,
      "service_account_id": account.serviceAccountID,
      "credential_id": account.credentials.first?.credentialID ?? "",
    ]
  }

  /// A device of somebody who asks to be remembered on it.
  private func remembered(_ person: Person) async throws -> String {
    let gateway = walk.gateway
    let factors = FactorServiceClient(gateway.client)
    var app = Authenticator(
      secret: try await factors.beginTotp(.init(), person.options).secret)
    let first = try await app.code()
    _ = try await factors.confirmTotp(.with { $0.code = first }, person.options)
    let answer = try await gateway.identity.login(
      .with {
        $0.organisationID = person.organisationID
        $0.email = person.email
        $0.password = person.password
      })
    let second = try await app.code()
    let session = try await gateway.signIn.verifyFactor(
      .with {
        $0.challenge = answer.challenge.challenge
        $0.code = second
        $0.rememberDevice = true
      })
    let devices = try await DeviceServiceClient(gateway.client).listDevices(
      .init(), .bearer(session.accessToken))
    return devices.devices.first?.deviceID ?? ""
  }

  private func write(_ canaries: [Canary]) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard
      FileManager.default.createFile(
        atPath: file.path, contents: try encoder.encode(canaries),
        attributes: [.posixPermissions: 0o600])
    else { throw CleanFailure("\(file.path) cannot be written") }
  }
}
