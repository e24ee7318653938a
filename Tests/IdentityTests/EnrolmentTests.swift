import Access
import Cryptography
import Foundation
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

@Suite("Organisations and enrolment")
struct EnrolmentTests {
  @Test func `an organisation is registered and read back`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation(end: "2027-12-31")
      let found = try await house.service.getOrganisation(
        .with { $0.organisationID = tenant.canonical },
        house.asOperator(IdentityServicePolicies.getOrganisation))
      #expect(found.name == "Acme Nederland")
      #expect(found.contractBegin == "2026-01-01")
      #expect(found.contractEnd == "2027-12-31")
      #expect(found.agreement.reference == "V-2026-7")
      #expect(found.agreement.signedOn == "2025-12-01")
    }
  }

  @Test func `what an organisation is registered with must be right`() async throws {
    try await House.with { house in
      func register(
        _ change: (inout IdentityRegisterOrganisationRequest) -> Void
      ) async throws -> Refusal? {
        var request = IdentityRegisterOrganisationRequest.with {
          $0.name = "Acme"
          $0.contractBegin = "2026-01-01"
          $0.agreement.reference = "V-1"
          $0.agreement.signedOn = "2025-12-01"
        }
        change(&request)
        return try await refusal {
          try await house.service.registerOrganisation(
            request, house.asOperator(IdentityServicePolicies.registerOrganisation))
        }
      }
      let unnamed = try await register { $0.name = " " }
      #expect(unnamed == Refusal(code: .invalidArgument, message: "name: must not be empty"))
      let undated = try await register { $0.contractBegin = "1 January" }
      #expect(undated?.message == "contract_begin: must be a date such as 2026-11-23")
      let backwards = try await register { $0.contractEnd = "2025-12-31" }
      #expect(backwards?.message == "contract_end: is before the begin")
      let unsigned = try await register { $0.agreement.reference = "" }
      #expect(unsigned?.message == "agreement.reference: must not be empty")
      let elsewhere = try await register { $0.timeZone = "Europe/Atlantis" }
      #expect(elsewhere?.message == "time_zone: must be a time zone such as Europe/Amsterdam")
    }
  }

  @Test func `a file enrols its people and invites each of them`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let imported = try await house.importFile(
        tenant,
        "email,name,role\r\nada@acme.nl,\"Lovelace, Ada\",coach\r\n"
          + "ben@acme.nl,Ben,manager\r\n")
      #expect(imported == 2)
      house.desk.publish()
      let code = try await house.mails.code(to: "ada@acme.nl")
      let opened = try await house.service.openInvitation(.with { $0.code = code }, house.anyone())
      #expect(opened.name == "Lovelace, Ada")
      #expect(opened.email == "ada@acme.nl")
      #expect(opened.organisationName == "Acme Nederland")
      #expect(opened.statement.personName == "Lovelace, Ada")
    }
  }

  @Test func `an address that is taken refuses the whole file, by its line`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      try await house.importFile(tenant, "name,email,role\nAda,ada@acme.nl,coach\n")
      let answer = try await refusal {
        try await house.importFile(
          tenant, "name,email,role\nBen,ben@acme.nl,coach\nAda,ADA@acme.nl,coach\n")
      }
      #expect(answer?.code == .alreadyExists)
      #expect(answer?.message.hasSuffix("in the organisation: line 3") == true)
      #expect(answer?.message.contains("ada") == false)
      #expect(try await house.count("person", tenant) == 1)
      #expect(try await house.count("invitation", tenant) == 1)
      #expect(try await house.mails.files().count == 1)
      let other = try await house.organisation()
      #expect(try await house.importFile(other, "name,email,role\nAda,ada@acme.nl,coach\n") == 1)
    }
  }

  @Test func `a malformed file changes nothing`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let answer = try await refusal {
        try await house.importFile(tenant, "name,email,role\nAda,ada@acme.nl,coach\nBen,\"ben")
      }
      #expect(
        answer
          == Refusal(
            code: .invalidArgument,
            message: "csv: nothing was imported: line 3, column 5: a quoted field that begins here"
              + " never ends"))
      #expect(try await house.count("person", tenant) == 0)
      #expect(try await house.mails.files().isEmpty)
    }
  }

  @Test func `ten thousand people are one file`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let lines = (1...10_000).map { "Person \($0),p\($0)@acme.nl,participant" }
      let imported = try await house.importFile(
        tenant, (["name,email,role"] + lines).joined(separator: "\r\n"))
      #expect(imported == 10_000)
      #expect(try await house.count("person", tenant) == 10_000)
      #expect(try await house.count("invitation", tenant) == 10_000)
    }
  }

  @Test func `without an active contract nobody is enrolled and nobody signs in`() async throws {
    try await House.with { house in
      let early = try await house.organisation(begin: "2026-10-01")
      let file = "name,email,role\nAda,ada@acme.nl,coach\n"
      let refused = try await refusal { try await house.importFile(early, file) }
      #expect(refused?.code == .failedPrecondition)
      #expect(refused?.message.contains("begins on 2026-10-01") == true)
      let tenant = try await house.organisation(end: "2026-09-30")
      _ = try await house.enrol(tenant, "ada@acme.nl")
      _ = try await house.login(tenant, "ada@acme.nl")
      house.clock.advance(10 * 86_400)
      let ended = try await refusal { try await house.login(tenant, "ada@acme.nl") }
      #expect(ended?.code == .failedPrecondition)
      #expect(ended?.message.contains("ended on 2026-09-30") == true)
      let wrong = try await refusal { try await house.login(tenant, "ada@acme.nl", "wrong") }
      #expect(wrong?.code == .unauthenticated)
    }
  }

  @Test func `an invitation serves once, until it expires or is replaced`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      house.desk.publish()
      func open(_ code: String) async throws -> Refusal? {
        try await refusal {
          try await house.service.openInvitation(.with { $0.code = code }, house.anyone())
        }
      }
      try await house.importFile(
        tenant, "name,email,role\nAda,ada@acme.nl,coach\nBen,ben@acme.nl,coach\n")
      let first = try await house.mails.code(to: "ada@acme.nl")
      #expect(try await open("AAAA") == Refusal(code: .notFound, message: "the link is not known"))
      let unknown = LinkCode.generate(tenant: tenant).text
      #expect(try await open(unknown)?.message == "the link is not known")
      _ = try await house.service.resendInvitation(
        .with {
          $0.organisationID = tenant.canonical
          $0.email = "Ada@acme.nl"
        }, house.asOperator(IdentityServicePolicies.resendInvitation))
      #expect(try await open(first)?.message.hasPrefix("a newer invitation") == true)
      let codes = try await house.mails.codes(to: "ada@acme.nl")
      let second = try #require(codes.first { $0 != first })
      try await house.setPassword(second)
      let used = try await open(second)
      #expect(used?.code == .failedPrecondition)
      #expect(used?.message.hasPrefix("the invitation has been used") == true)
      let ben = try await house.mails.code(to: "ben@acme.nl")
      house.clock.advance(14 * 86_400)
      let expired = try await refusal { try await house.setPassword(ben) }
      #expect(expired?.message.hasPrefix("the invitation has expired") == true)
    }
  }

  @Test func `a new invitation is answered alike for known, unknown and signed-up addresses`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let mails = try await house.mails.files().count
      for email in ["ada@acme.nl", "nobody@acme.nl"] {
        let answer = try await refusal {
          try await house.service.resendInvitation(
            .with {
              $0.organisationID = tenant.canonical
              $0.email = email
            }, house.asOperator(IdentityServicePolicies.resendInvitation))
        }
        #expect(answer == nil)
      }
      #expect(try await house.mails.files().count == mails)
    }
  }

  @Test func `a password that the policy refuses leaves the invitation open`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      try await house.importFile(tenant, "name,email,role\nAda Lovelace,ada@acme.nl,coach\n")
      let code = try await house.mails.code(to: "ada@acme.nl")
      let answer = try await refusal { try await house.setPassword(code, "Ada.Lovelace2026") }
      #expect(answer?.code == .invalidArgument)
      #expect(answer?.message.hasPrefix("password: is little more than your name") == true)
      try await house.setPassword(code)
      #expect(try await house.count("credential", tenant) == 1)
    }
  }
}
