import Foundation
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Enrolment by file: what a real organisation hands in.
struct ImportTests {
  @Test func `ten thousand people are enrolled at once, each with an invitation`() async throws {
    let organisation = try await Organisation.make("Groot Concern N.V.")
    let house = organisation.house
    let count = 10_000
    var csv = "\u{FEFF}email,role,name\r\n"
    for number in 1...count {
      csv += "p\(number).\(organisation.tag)@example.org,participant,"
      csv += "\"Jansen-Ångström, \"\"P\(number)\"\"\"\r\n"
    }
    var options = try await house.operators.options()
    options.timeout = .seconds(110)
    let answer = try await house.identity.importParticipants(
      .with {
        $0.organisationID = organisation.id
        $0.csv = Data(csv.utf8)
      }, options)
    #expect(answer.imported == UInt32(count))
    let counts = try await Tables.counts(of: organisation.uuid, in: house.superuser)
    #expect(counts["identity.person"] == count)
    #expect(counts["identity.invitation"] == count)
    #expect(counts["identity_keys.person_key"] == count)
    for number in [1, 5_000, count] {
      let email = "p\(number).\(organisation.tag)@example.org"
      let invited = Invited(
        organisation: organisation, name: "Jansen-Ångström, \"P\(number)\"", email: email,
        code: try await house.mailbox.code(to: email))
      let opened = try await invited.open()
      #expect(opened.name == invited.name && opened.email == email)
    }
    // The house goes on: somebody of them works with it.
    let email = "p77.\(organisation.tag)@example.org"
    let member = try await Invited(
      organisation: organisation, name: "Jansen-Ångström, \"P77\"", email: email,
      code: try await house.mailbox.code(to: email)
    ).onboard()
    try await member.createGoal()
  }

  @Test func `quotes, commas, line breaks and other scripts arrive as they were written`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let names = ["O'Neill, \"Shaq\"", "Nguyễn Thị Ánh", "Иван Петров", "李 小龍", "Zoë 🌷"]
    var csv = "\"name\",\"role\",\"email\"\n"
    for (number, name) in names.enumerated() {
      csv += "\"\(name.replacing("\"", with: "\"\""))\",participant,"
      csv += "n\(number).\(organisation.tag)@example.org\n"
    }
    _ = try await house.identity.importParticipants(
      .with {
        $0.organisationID = organisation.id
        $0.csv = Data(csv.utf8)
      }, try await house.operators.options())
    for (number, name) in names.enumerated() {
      let code = try await house.mailbox.code(to: "n\(number).\(organisation.tag)@example.org")
      #expect(try await house.identity.openInvitation(.with { $0.code = code }).name == name)
    }
  }
}
