import Foundation
import HTTP2
import RPC
import Schemas
import SwiftProtobuf
import TLS
import Testing

/// What comes off the wire of a broken or hostile client, at the gateway and at a service.
struct WireTests {
  /// Where calls can come in: by the gateway with a token, and at a service with a certificate.
  private func doors() throws -> [(name: String, endpoint: Endpoint, tls: TLSContext)] {
    let house = try House.current()
    let anybody = try TLSContext.client(
      trustFile: house.plan.ca, certificateChainFile: nil, privateKeyFile: nil)
    return [
      ("gateway", try house.endpoint(of: "gateway"), anybody),
      ("goals", try house.endpoint(of: "goals"), try house.tls(as: "gateway")),
    ]
  }

  private static let path = "/ikso.goals.v1.GoalsService/CreateGoal"

  private func goal(_ title: String) throws -> [UInt8] {
    try GoalsCreateGoalRequest.with { $0.title = title }.serializedBytes()
  }

  /// The goals of a person after an attack, by their titles.
  private func titles(_ member: Member) async throws -> [String] {
    try await member.organisation.house.goals.listGoals(
      GoalsListGoalsRequest(), member.options
    ).goals.map(\.title)
  }

  @Test func `a message cut off, or longer or shorter than it says, is an error and no goal`()
    async throws
  {
    let member = try await Organisation.make().member("Hugo Draad")
    let message = try goal("afgekapt")
    let bodies: [(what: String, bytes: [UInt8])] = [
      ("half a prefix", [0, 0]),
      ("a prefix alone", RawExchange.framed([], claiming: message.count)),
      ("half a message", RawExchange.framed(Array(message.dropLast(3)), claiming: message.count)),
      ("two messages", RawExchange.framed(message) + RawExchange.framed(message)),
      ("no message", []),
      ("an unknown flag", [7] + RawExchange.framed(message).dropFirst()),
      ("compressed without an encoding", [1] + RawExchange.framed(message).dropFirst()),
      ("no protobuf", RawExchange.framed([0xFF, 0xFF, 0xFF])),
      ("a field cut off", RawExchange.framed([0x0A, 0x7F, 0x61])),
      ("a text that is not UTF-8", RawExchange.framed([0x0A, 0x02, 0xC3, 0x28])),
    ]
    for door in try doors() {
      for body in bodies {
        let answer = try await RawExchange.run(
          door.endpoint, tls: door.tls,
          headers: RawExchange.headers(Self.path, token: member.token), body: body.bytes)
        let status = try #require(answer.status, "\(body.what) at \(door.name): \(answer)")
        #expect(status != .ok, "\(body.what) at \(door.name)")
        #expect(!answer.message.isEmpty, "\(body.what) at \(door.name) is not explained")
      }
    }
    #expect(try await titles(member).isEmpty)
  }

  @Test func `a message above the limit is refused as soon as it says how long it is`()
    async throws
  {
    let member = try await Organisation.make().member("Iris Draad")
    for door in try doors() {
      let answer = try await RawExchange.run(
        door.endpoint, tls: door.tls,
        headers: RawExchange.headers(Self.path, token: member.token),
        body: RawExchange.framed([1, 2, 3], claiming: 2_000_000_000))
      #expect(answer.status == .resourceExhausted, "\(door.name): \(answer)")
      #expect(answer.message.contains("2000000000") || answer.message.contains("limit"))
    }
    try await expectRefusal(.resourceExhausted, what: "5 MB by the gateway") {
      try await member.createGoal(String(repeating: "x", count: 5_000_000))
    }
    try await member.createGoal("daarna")
    #expect(try await titles(member) == ["daarna"])
  }

  @Test func `an unknown method, service or path is UNIMPLEMENTED`() async throws {
    let member = try await Organisation.make().member("Jan Draad")
    let paths = [
      "/ikso.goals.v1.GoalsService/Nothing", "/ikso.nothing.v1.NothingService/Get",
      "/ikso.goals.v1.GoalsService/", "/ikso.goals.v1.GoalsService", "/", "//", "/x/y/z",
      "/ikso.goals.v1.GoalsService/CreateGoal/", "/IKSO.goals.v1.GoalsService/CreateGoal",
    ]
    for door in try doors() {
      for path in paths {
        let answer = try await RawExchange.run(
          door.endpoint, tls: door.tls, headers: RawExchange.headers(path, token: member.token),
          body: RawExchange.framed([]))
        #expect(answer.status == .unimplemented, "\(path) at \(door.name): \(answer)")
      }
    }
  }

  @Test func `another content type, verb or version is refused`() async throws {
    let member = try await Organisation.make().member("Kees Draad")
    let message = RawExchange.framed(try goal("verkeerd soort"))
    for door in try doors() {
      for type in ["text/html", "application/json", "application/grpcx", ""] {
        let answer = try await RawExchange.run(
          door.endpoint, tls: door.tls,
          headers: RawExchange.headers(Self.path, token: member.token, contentType: type),
          body: message)
        let http = answer.headers?[first: ":status"]
        #expect(http == "415" || answer.status != .ok, "'\(type)' at \(door.name): \(answer)")
      }
      var get = RawExchange.headers(Self.path, token: member.token)
      get.fields[0] = HeaderField(name: ":method", value: "GET")
      let answer = try await RawExchange.run(
        door.endpoint, tls: door.tls, headers: get, body: [])
      #expect(answer.headers?[first: ":status"] != "200" || answer.status != .ok, "\(answer)")
    }
    #expect(try await titles(member).isEmpty)
  }

  @Test func `a header list above the limit is refused, and the connection's others go on`()
    async throws
  {
    let member = try await Organisation.make().member("Loes Draad")
    for door in try doors() {
      var headers = RawExchange.headers(Self.path, token: member.token)
      headers.append("x-long", String(repeating: "a", count: 200_000))
      let answer: RawExchange.Answer? = try? await RawExchange.run(
        door.endpoint, tls: door.tls, headers: headers,
        body: RawExchange.framed(try goal("te lang hoofd")))
      #expect(answer?.status != .ok, "\(door.name)")
      #expect(answer?.headers?[first: ":status"] != "200" || answer?.status != nil)
    }
    try await member.createGoal("daarna")
    #expect(try await titles(member) == ["daarna"])
  }

  @Test func `a malformed timeout is refused, a passed deadline is told`() async throws {
    let member = try await Organisation.make().member("Mien Draad")
    for door in try doors() {
      for timeout in ["soon", "123456789S", "-1S", "5", ""] {
        var headers = RawExchange.headers(Self.path, token: member.token)
        headers.append("grpc-timeout", timeout)
        let answer = try await RawExchange.run(
          door.endpoint, tls: door.tls, headers: headers,
          body: RawExchange.framed(try goal("verkeerde tijd")))
        // As grpc-go answers it: the protocol was broken, not the request.
        #expect(answer.status == .internalError, "'\(timeout)' at \(door.name): \(answer)")
        #expect(answer.message.contains("grpc-timeout"))
      }
      var headers = RawExchange.headers(Self.path, token: member.token)
      headers.append("grpc-timeout", "1n")
      let answer = try await RawExchange.run(
        door.endpoint, tls: door.tls, headers: headers,
        body: RawExchange.framed(try goal("te laat")))
      #expect(answer.status == .deadlineExceeded, "\(door.name): \(answer)")
    }
    #expect(try await titles(member).isEmpty)
  }

  @Test func `a call with a header that the gateway sets itself gains nothing by it`()
    async throws
  {
    let member = try await Organisation.make().member("Nico Draad")
    let house = member.organisation.house
    for name in ["x-forwarded-client-cert", "forwarded", "x-forwarded-for", "x-request-id"] {
      var headers = RawExchange.headers(
        "/ikso.subject.v1.SubjectDataService/EraseSubject", token: member.token)
      headers.append(name, "spiffe://ikso/privacy")
      let answer = try await RawExchange.run(
        house.endpoint(of: "gateway"), tls: doors()[0].tls, headers: headers,
        body: RawExchange.framed([]))
      #expect(answer.status == .unimplemented, "\(name): \(answer)")
    }
  }
}
