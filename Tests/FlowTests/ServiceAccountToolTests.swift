import Cryptography
import Foundation
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// `ikso service-account` as an operator types it.
@Suite(.timeLimit(.minutes(10))) struct ServiceAccountToolTests {
  @Test func `an operator makes, changes over and ends an account on the command line`()
    async throws
  {
    let organisation = try await Organisation.make()
    let (house, folder) = (organisation.house, try ScratchFolder())
    let name = "cli-\(organisation.tag)"
    let created = try await ikso(
      house, "create", "--name", name, "--scope", Tool.read, "--organisation", organisation.id)
    #expect(created.end == .exit(0), "\(created.output)")
    #expect(UUID(uuidString: created.output) != nil, "\(created.output)")
    let account = created.output
    var credentials: [String] = []
    var tools: [Tool] = []
    // Two at a time, so that one takes over from the other.
    for number in 1...2 {
      let tool = Tool(house: house, id: account, name: name, key: try .generate())
      let file = try folder.write("key-\(number).pem", Array(tool.pem.utf8))
      let added = try await ikso(house, "add-key", account, "--public-key", file.path)
      #expect(added.end == .exit(0) && added.output.contains("never used"), "\(added.output)")
      credentials.append(String(added.output.prefix { $0 != " " }))
      tools.append(tool)
    }
    for tool in tools { _ = try await tool.issue(in: organisation) }
    #expect(try await ikso(house, "revoke", account, credentials[0]).end == .exit(0))
    try await expectRefusal(.unauthenticated, what: "the revoked key") {
      try await tools[0].issue(in: organisation)
    }
    _ = try await tools[1].issue(in: organisation)
    let listed = try await ikso(house, "list").output.split(separator: "\n").map(String.init)
    let line = try #require(listed.firstIndex { $0.hasPrefix("\(account) \(name): ") })
    #expect(listed[line].contains(": 1 organisation,") && listed[line].contains(Tool.read))
    let lines = listed[(line + 1)...].prefix { $0.hasPrefix("  ") }
    #expect(lines.contains { $0.contains(credentials[0]) && $0.contains("revoked") })
    #expect(lines.contains { $0.contains(credentials[1]) && $0.contains("last used") })
    #expect(try await ikso(house, "disable", account).end == .exit(0))
    try await expectRefusal(.unauthenticated, what: "the disabled account") {
      try await tools[1].issue(in: organisation)
    }
  }

  @Test func `what is typed wrong is told, with what would be right`() async throws {
    let house = try House.current()
    for (arguments, words) in [
      (["create", "--scope", Tool.read], "name"),
      (["create", "--name", "X", "--scope", Tool.read, "--all-organisations"], "name"),
      (["create", "--name", "some-tool", "--scope", "ikso.x/Y", "--all-organisations"], "scopes"),
      (["add-key", UUID().uuidString], "--public-key FILE"),
      (["add-key", UUID().uuidString, "--certificate", "spiffe://ikso/some-tool"], "not found"),
    ] {
      let (end, output) = try await ikso(house, arguments)
      #expect(end != .exit(0) && output.contains(words), "\(arguments): \(output)")
    }
  }

  private func ikso(
    _ house: House, _ arguments: String...
  ) async throws -> (end: Child.End, output: String) {
    try await ikso(house, arguments)
  }

  private func ikso(
    _ house: House, _ arguments: [String]
  ) async throws -> (end: Child.End, output: String) {
    try await Child.run(
      house.plan.binary("ikso"), ["service-account"] + arguments,
      environment: [
        "IKSO_GATEWAY": house.plan.gateway, "IKSO_CA": house.plan.ca,
        "IKSO_OPERATOR": house.plan.operator,
      ])
  }
}
