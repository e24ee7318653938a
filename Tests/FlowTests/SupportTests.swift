import Access
import Foundation
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// IKSO's staff in a client's organisation, through the gateway and in every service.
@Suite(.timeLimit(.minutes(10))) struct SupportTests {
  private static let scopes = [
    "ikso.identity.v1.PeopleService/*", "ikso.privacy.v1.PrivacyService/*",
  ]

  @Test func `support reads what was approved, changes nothing, and ends everywhere at once`()
    async throws
  {
    let (own, other) = (try await Organisation.make(), try await Organisation.make())
    let house = own.house
    let support = SupportServiceClient(house.gateway)
    let operators = try await house.operators.options()
    let administrator = try await own.member("Bea Beheer", role: "administrator")
    let member = try await own.member("Daan Deelnemer")
    let stranger = try await other.member("Xaf Elders", role: "administrator")
    let asked = try await support.requestSupportAccess(
      .with {
        $0.organisationID = own.id
        $0.reason = "Ticket 4711: een deelnemer ziet haar programma niet"
        $0.scopes = Self.scopes
        $0.minutes = 30
      }, operators)
    try await hears(administrator, of: asked)
    let begin = IdentityBeginSupportRequest.with {
      $0.organisationID = own.id
      $0.supportAccessID = asked.supportAccessID
    }
    let approve = IdentityApproveSupportAccessRequest.with {
      $0.supportAccessID = asked.supportAccessID
    }
    try await expectRefusal(.failedPrecondition, "not approved", what: "before the approval") {
      try await support.beginSupport(begin, operators)
    }
    try await expectRefusal(.notFound, what: "an approval by another organisation") {
      try await support.approveSupportAccess(approve, stranger.options)
    }
    try await expectRefusal(.permissionDenied, what: "an approval by a participant") {
      try await support.approveSupportAccess(approve, member.options)
    }
    try await expectRefusal(.permissionDenied, what: "an approval by the operator") {
      try await support.approveSupportAccess(approve, operators)
    }
    let old = try await TokenSmith.make().token(
      [.administrator], of: administrator, authenticated: .seconds(-1_000), issued: .seconds(-5))
    try await expectRefusal(.unauthenticated, "15 minutes", what: "with an old sign-in") {
      try await support.approveSupportAccess(approve, .bearer(old))
    }
    _ = try await support.approveSupportAccess(approve, administrator.options)
    let token = CallOptions.bearer(try await support.beginSupport(begin, operators).accessToken)
    try await reads(own, member, token)
    try await refuses(own, other, member, token)
    try await named(own, house, asked)
    let seen = try await support.listSupportAccess(.init(), administrator.options).supportAccess
    #expect(seen.map(\.supportAccessID) == [asked.supportAccessID])
    #expect(seen[0].hasLastUsedAt && seen[0].state == .approved)
    #expect(try await support.listSupportAccess(.init(), stranger.options).supportAccess.isEmpty)
    _ = try await support.endSupportAccess(
      .with { $0.supportAccessID = asked.supportAccessID }, administrator.options)
    let privacy = PrivacyServiceClient(try house.direct("privacy", as: "gateway"))
    try await until("privacy refuses the token") {
      do {
        _ = try await privacy.getStatement(.init(), token)
        return false
      } catch let error as RPCError {
        return error.code == .unauthenticated && error.message.contains("revoked")
      }
    }
    try await expectRefusal(.failedPrecondition, "over (ended)", what: "after its end") {
      try await support.beginSupport(begin, operators)
    }
  }

  /// Who may approve has a mail, which leads to the request and does not repeat it.
  private func hears(_ person: Member, of asked: IdentitySupportAccess) async throws {
    let mail = try await eventually("who may approve has a mail") {
      try person.organisation.house.mailbox.messages(to: person.email).first {
        $0.plainText.contains("/support#\(asked.supportAccessID)")
      }
    }
    #expect(mail.subject == "IKSO vraagt om toegang" && !mail.plainText.contains("4711"))
  }

  private func reads(
    _ own: Organisation, _ member: Member, _ token: CallOptions
  ) async throws {
    let people = PeopleServiceClient(own.house.gateway)
    let found = try await people.getPerson(.with { $0.personID = member.id }, token)
    #expect(found.name == member.name)
    #expect(try await people.listPeople(.init(), token).people.count == 2)
    #expect(try await own.house.privacy.getStatement(.init(), token).contact == own.contact)
    _ = try await own.house.privacy.listRequests(.init(), token)
  }

  /// Whatever changes something, whatever is out of its scope, and whatever is another's.
  private func refuses(
    _ own: Organisation, _ other: Organisation, _ member: Member, _ token: CallOptions
  ) async throws {
    for method in Samples.publicMethods where !method.policy.roles.contains(.support) {
      guard let sample = Samples.requests[method.descriptor.fullName] else { continue }
      try await expectRefusal(.permissionDenied, what: method.descriptor.fullName) {
        try await AnyCall.run(method.descriptor, sample.make(.absent()), token)
      }
    }
    try await expectRefusal(.permissionDenied, "scopes", what: "out of its scope") {
      try await own.house.identity.getOrganisation(.with { $0.organisationID = own.id }, token)
    }
    try await expectRefusal(.notFound, what: "another organisation") {
      try await own.house.privacy.getStatement(.with { $0.organisationID = other.id }, token)
    }
  }

  private func named(
    _ own: Organisation, _ house: House, _ access: IdentitySupportAccess
  ) async throws {
    for (service, method) in [("identity", "GetPerson"), ("privacy", "GetStatement")] {
      try await until("\(service) logs who of the staff called \(method)") {
        try house.logLines(of: service).contains {
          $0.contains("support:\(access.requestedBy)") && $0.contains(method)
            && $0.contains(own.id)
        }
      }
    }
  }
}
