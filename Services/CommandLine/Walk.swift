import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf

/// Somebody in a walk, as far as they have come.
struct Person: Sendable {
  var id: String
  var name: String
  var email: String
  var organisationID: String
  var password: String
  /// Of those who have to have a second factor.
  var authenticator: Authenticator?
  var token = ""
  var session = ""

  var options: CallOptions { .bearer(token) }
}

/// What all walks through a running system do: organisations, invitations, signing in.
struct Walk: Sendable {
  let gateway: Gateway
  let mailbox: Mailbox
  let transcript: Transcript

  func signInOperator(_ account: OperatorAccount) async throws -> CallOptions {
    let answer = try await transcript.call(
      "IdentityService.Login",
      IdentityLoginRequest.with {
        $0.organisationID = OperatorAccount.organisationID
        $0.email = account.email
        $0.password = account.password
      }
    ) { request throws(RPCError) in try await gateway.identity.login(request) }
    return .bearer(answer.accessToken)
  }

  func registerOrganisation(
    _ name: String, _ options: CallOptions
  ) async throws -> IdentityOrganisation {
    let today = Date()
    return try await transcript.call(
      "IdentityService.RegisterOrganisation",
      IdentityRegisterOrganisationRequest.with {
        $0.name = name
        $0.contractBegin = Self.day(today)
        $0.contractEnd = Self.day(today.addingTimeInterval(365 * 86_400))
        $0.agreement = .with {
          $0.reference = "DPA-\(Self.day(today))"
          $0.signedOn = Self.day(today)
        }
      }
    ) { request throws(RPCError) in
      try await gateway.identity.registerOrganisation(request, options)
    }
  }

  func publish(
    _ statement: Data, for organisation: IdentityOrganisation, _ options: CallOptions
  ) async throws -> PrivacyStatementVersion {
    try await transcript.call(
      "PrivacyService.PublishStatement",
      PrivacyPublishStatementRequest.with {
        $0.organisationID = organisation.organisationID
        $0.markdown = statement
        $0.contact = "privacy@example.org"
      }
    ) { request throws(RPCError) in
      try await gateway.privacy.publishStatement(request, options)
    }
  }

  /// Imports the file and returns the codes of up to `limit` of the invitations that went out.
  func importParticipants(
    _ csv: Data, into organisation: IdentityOrganisation, inviting limit: Int,
    _ options: CallOptions
  ) async throws -> [String] {
    let earlier = try mailbox.names()
    let imported = try await transcript.call(
      "IdentityService.ImportParticipants",
      IdentityImportParticipantsRequest.with {
        $0.organisationID = organisation.organisationID
        $0.csv = csv
      }
    ) { request throws(RPCError) in
      try await gateway.identity.importParticipants(request, options)
    }
    let count = min(limit, Int(imported.imported))
    return try await mailbox.messages(since: earlier) { $0.count >= count }
      .prefix(limit).compactMap(\.code)
  }

  func open(_ code: String) async throws -> IdentityOpenInvitationResponse {
    try await transcript.call(
      "IdentityService.OpenInvitation", IdentityOpenInvitationRequest.with { $0.code = code }
    ) { request throws(RPCError) in try await gateway.identity.openInvitation(request) }
  }

  /// With a random password: now and then one is taken for a breached one, and another is drawn.
  func setPassword(
    _ code: String, for invited: IdentityOpenInvitationResponse
  ) async throws -> Person {
    var draws = 1
    while true {
      let person = Person(
        id: invited.personID, name: invited.name, email: invited.email,
        organisationID: invited.organisationID, password: Self.newPassword())
      do throws(RPCError) {
        try await setPassword(of: person, code)
        return person
      } catch {
        guard error.code == .invalidArgument, draws < Self.passwordDraws else { throw error }
        draws += 1
      }
    }
  }

  /// Of a password for one person; that three in a row are refused is no chance.
  private static let passwordDraws = 3

  private func setPassword(of person: Person, _ code: String) async throws(RPCError) {
    _ = try await transcript.call(
      "IdentityService.SetPassword",
      IdentitySetPasswordRequest.with {
        $0.invitationCode = code
        $0.password = person.password
      }
    ) { request throws(RPCError) in try await gateway.identity.setPassword(request) }
  }

  func accept(_ statement: PrivacyPersonalStatement, as person: Person) async throws {
    _ = try await transcript.call(
      "IdentityService.AcceptStatement",
      IdentityAcceptStatementRequest.with {
        $0.credential.password = .with {
          $0.organisationID = person.organisationID
          $0.email = person.email
          $0.password = person.password
        }
        $0.version = statement.version
        $0.sha256 = statement.sha256
      }
    ) { request throws(RPCError) in try await gateway.identity.acceptStatement(request) }
  }

  /// With everything that has to follow the password.
  func signIn(_ person: Person) async throws -> Person {
    let answer = try await transcript.call(
      "IdentityService.Login", loginRequest(person)
    ) { request throws(RPCError) in try await gateway.identity.login(request) }
    return try await goOn(answer, as: person)
  }

  func loginRequest(_ person: Person) -> IdentityLoginRequest {
    .with {
      $0.organisationID = person.organisationID
      $0.email = person.email
      $0.password = person.password
    }
  }

  /// From the invitation to the token.
  func enrol(_ code: String) async throws -> Person {
    let invited = try await open(code)
    let person = try await setPassword(code, for: invited)
    try await accept(invited.statement, as: person)
    return try await signIn(person)
  }

  /// Names the Authorised Person, or the deputy; gives the code of their invitation.
  func nameAuthorisedPerson(
    of organisation: IdentityOrganisation, deputy: Bool = false, _ options: CallOptions
  ) async throws -> String {
    let earlier = try mailbox.names()
    _ = try await transcript.call(
      "IdentityService.NameAuthorisedPerson",
      IdentityNameAuthorisedPersonRequest.with {
        $0.organisationID = organisation.organisationID
        $0.name = deputy ? "Dirk Visser" : "Ada Visser"
        $0.email = deputy ? "deputy@example.org" : "privacy@example.org"
        $0.validFrom = Self.day(Date())
        $0.deputy = deputy
      }
    ) { request throws(RPCError) in
      try await gateway.identity.nameAuthorisedPerson(request, options)
    }
    return try await newCode(since: earlier)
  }

  /// That of the first message with one that has come since.
  func newCode(since earlier: Set<String>) async throws -> String {
    let messages = try await mailbox.messages(since: earlier) { $0.contains { $0.code != nil } }
    return messages.compactMap(\.code).first ?? ""
  }

  /// A calendar day, ISO 8601.
  static func day(_ date: Date) -> String {
    date.formatted(.iso8601.year().month().day())
  }

  static func newPassword() -> String {
    Base64URL.encode(SecureRandom.bytes(18))
  }
}
