import Foundation
import Postgres
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// A contract from its draft to its end (clause 5), against the running system.
struct ContractTests {
  @Test func `clause 5: without an active contract and agreement nothing of people is taken`()
    async throws
  {
    let house = try House.current()
    let operators = try await house.operators.options()
    let draft = try await house.identity.registerOrganisation(
      .with { $0.name = "Nog te tekenen B.V." }, operators)
    #expect(draft.state == .draft)
    func enrol() async throws -> UInt32 {
      try await house.identity.importParticipants(
        .with {
          $0.organisationID = draft.organisationID
          $0.csv = Data("name,email,role\r\nAda,ada@example.org,participant\r\n".utf8)
        }, operators
      ).imported
    }
    try await expectRefusal(.failedPrecondition, "no contract", what: "a draft") {
      try await enrol()
    }
    func set(_ change: @Sendable (inout IdentitySetContractRequest) -> Void) async throws
      -> IdentityOrganisation
    {
      var request = IdentitySetContractRequest.with {
        $0.organisationID = draft.organisationID
        $0.contractBegin = Samples.day(-1)
      }
      change(&request)
      return try await house.organisations.setContract(request, operators)
    }
    #expect(try await set { _ in }.state == .draft)
    try await expectRefusal(.failedPrecondition, "processing agreement", what: "no agreement") {
      try await enrol()
    }
    let active = try await set {
      $0.agreement.reference = "VWO-9"
      $0.agreement.signedOn = Samples.day(-1)
    }
    #expect(active.state == .active)
    #expect(try await enrol() == 1)
  }

  @Test func `a terminated contract leaves export, and no writing`() async throws {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let member = try await organisation.member("Gijs Oud")
    let officer = try await organisation.officer()
    let goal = try await member.createGoal()
    _ = try await member.ask([], outsiders: ["Gast \(organisation.tag)"])
    let code = try await house.mailbox.code(to: organisation.email("Gast \(organisation.tag)"))
    let opened = try await house.feedback.openGuestLink(.with { $0.code = code })
    try await organisation.endContract(daysAgo: 3)
    let read = try await house.identity.getOrganisation(
      .with { $0.organisationID = organisation.id }, try await house.operators.options())
    #expect(read.state == .terminated)
    try await expectRefusal(.failedPrecondition, "ended on", what: "a participant signs in") {
      try await member.signIn()
    }
    try await expectRefusal(.failedPrecondition, "ended on", what: "an import") {
      try await organisation.invite("Te Laat")
    }
    try await expectRefusal(.failedPrecondition, "not active", what: "a guest's answer") {
      try await house.feedback.giveGuestFeedback(
        .with {
          $0.code = code
          $0.statementVersion = opened.statement.version
          $0.statementSha256 = opened.statement.sha256
          $0.answer = "Te laat."
        })
    }
    let signedIn = try await officer.signIn()
    try await expectRefusal(.permissionDenied, what: "a goal of the officer") {
      try await signedIn.createGoal()
    }
    let request = try await RightsTests.request(.access, about: member, by: signedIn)
    #expect(request.state == .completed)
    let archive = try await RightsTests.archive(request, by: signedIn)
    #expect(String(decoding: archive, as: UTF8.self).contains(goal.title))
  }
}
