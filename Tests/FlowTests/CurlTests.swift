import Cryptography
import Foundation
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Calls that anybody can type: curl at the gateway, and at a service with a certificate.
struct CurlTests {
  private static let goals = "ikso.goals.v1.GoalsService"
  private static let login = "ikso.identity.v1.IdentityService/Login"

  private func doors() throws -> [Curl] { [try Curl.gateway(), try Curl.direct("goals")] }

  private func bearer(_ member: Member) -> [String] { ["authorization: Bearer \(member.token)"] }

  private func json(_ object: [String: Any]) throws -> [UInt8] {
    [UInt8](try JSONSerialization.data(withJSONObject: object))
  }

  private func goal(_ title: String) throws -> [UInt8] {
    try json(["title": title, "why": "x", "measure": "y", "dueOn": Samples.day(30)])
  }

  private func titles(_ answer: Curl.Answer) throws -> [String] {
    let goals = try answer.json()["goals"] as? [[String: Any]] ?? []
    return goals.compactMap { $0["title"] as? String }
  }

  @Test func `curl signs in, and a wrong password says so in a way programs can read`()
    async throws
  {
    let member = try await Organisation.make().member("Anna Krul")
    let curl = try Curl.gateway()
    var account = ["organisationId": member.organisation.id, "email": member.email]
    account["password"] = member.password
    let answer = try await curl.post(Self.login, body: json(account))
    #expect(answer.status == 200 && answer["content-type"] == "application/json", "\(answer)")
    let signedIn = try answer.json()
    #expect(signedIn["personId"] as? String == member.id)
    let token = try #require(signedIn["accessToken"] as? String)
    let listed = try await curl.post(
      "\(Self.goals)/ListGoals", json: "{}", ["authorization: Bearer \(token)"])
    #expect(listed.status == 200 && listed.text == "{}", "\(listed)")

    account["password"] = "x" + member.password
    let refused = try await curl.post(Self.login, body: json(account))
    #expect(refused.status == 401, "\(refused)")
    #expect(try refused.error().code == "unauthenticated")
    #expect(try refused.error().reason() == "SIGN_IN_FAILED")
    #expect(refused["x-request-id"]?.isEmpty == false)
  }

  @Test func `goals are made and listed by POST, by GET and in protobuf`() async throws {
    for (number, curl) in try doors().enumerated() {
      let member = try await Organisation.make().member("Bas Krul")
      let title = "Doel \(number) – 🌷 \"met\" \\ tekens"
      let made = try await curl.post(
        "\(Self.goals)/CreateGoal", body: goal(title), bearer(member))
      #expect(made.status == 200, "\(curl.name): \(made)")
      #expect(try made.json()["title"] as? String == title)
      #expect(try made.json()["state"] as? String == "GOAL_STATE_OPEN")

      let list = "\(Self.goals)/ListGoals"
      let posted = try await curl.post(list, json: "{\"pageSize\": 5}", bearer(member))
      #expect(try titles(posted) == [title], "\(curl.name): \(posted)")
      let got = try await curl.get(
        list, [("connect", "v1"), ("encoding", "json"), ("message", "{\"page_size\":5}")],
        bearer(member))
      #expect(got.status == 200 && got.body == posted.body, "\(curl.name): \(got)")
      #expect(got["cache-control"] == "private, no-store")

      let request = try GoalsListGoalsRequest.with { $0.pageSize = 5 }.serializedBytes() as [UInt8]
      let binary = try await curl.post(list, "application/proto", request, bearer(member))
      #expect(binary["content-type"] == "application/proto")
      let answer = try GoalsListGoalsResponse(serializedBytes: binary.body)
      #expect(answer.goals.map(\.title) == [title], "\(curl.name): \(binary)")
      let encoded = Base64URL.encode(request)
      let gotBinary = try await curl.get(
        list, [("connect", "v1"), ("encoding", "proto"), ("base64", "1"), ("message", encoded)],
        bearer(member))
      #expect(gotBinary.body == binary.body, "\(curl.name): \(gotBinary)")
    }
  }

  @Test func `a request that is wrong is told in which field`() async throws {
    let member = try await Organisation.make().member("Cor Krul")
    for curl in try doors() {
      let answer = try await curl.post("\(Self.goals)/CreateGoal", body: goal(""), bearer(member))
      #expect(answer.status == 400, "\(curl.name): \(answer)")
      let error = try answer.error()
      #expect(error.code == "invalid_argument")
      let detail = try #require(error.details("BadRequest").first, "\(curl.name): \(answer)")
      let violations = try RPCBadRequest(serializedBytes: detail).fieldViolations
      #expect(violations.map(\.field) == ["title"])
      #expect(violations.allSatisfy { !$0.description_p.isEmpty })

      for broken in ["{", "[]", "{\"title\": 5}", "{\"noSuchField\": true}", ""] {
        let answer = try await curl.post(
          "\(Self.goals)/CreateGoal", json: broken, bearer(member))
        #expect(answer.status == 400, "\(broken) at \(curl.name): \(answer)")
        #expect(try answer.error().code == "invalid_argument", "\(broken) at \(curl.name)")
      }
    }
  }

  @Test func `what is no call of ours is answered in HTTP`() async throws {
    let member = try await Organisation.make().member("Dora Krul")
    for curl in try doors() {
      let unknown = try await curl.post("\(Self.goals)/Nothing", json: "{}", bearer(member))
      #expect(unknown.status == 404, "\(curl.name): \(unknown)")
      #expect(try unknown.error().code == "unimplemented")
      let elsewhere = try await curl.post("ikso.nothing.v1.Nothing/Get", json: "{}")
      #expect(elsewhere.status == 404, "\(curl.name): \(elsewhere)")
      #expect(try elsewhere.error().code == "unimplemented")

      let strange = try await curl.post(
        "\(Self.goals)/CreateGoal", "text/html", Array("<p>".utf8), bearer(member))
      #expect(strange.status == 415, "\(curl.name): \(strange)")
      #expect(strange["accept-post"]?.contains("application/json") == true)
      let query = [("connect", "v1"), ("encoding", "json"), ("message", "{}")]
      let changed = try await curl.get("\(Self.goals)/CreateGoal", query, bearer(member))
      #expect(changed.status == 405 && changed["allow"] == "POST", "\(curl.name): \(changed)")
      let unnamed = try await curl.get(
        "\(Self.goals)/ListGoals", [("message", "{}")], bearer(member))
      #expect(unnamed.status == 415, "\(curl.name): \(unnamed)")
    }
  }

  @Test func `without a token, every protocol tells the same error in its own form`()
    async throws
  {
    let empty = RawExchange.framed([])
    for curl in try doors() {
      let list = "\(Self.goals)/ListGoals"
      let unary = try await curl.post(list, json: "{}")
      #expect(unary.status == 401 && unary["www-authenticate"] == "Bearer", "\(unary)")
      let wanted = try unary.error()
      #expect(wanted.code == "unauthenticated")
      #expect(try wanted.reason() == "TOKEN_NEEDED")

      let web = try await curl.post(list, "application/grpc-web+proto", empty)
      #expect(web.status == 200 && web["grpc-status"] == nil, "\(web)")
      let trailers = try #require(web.frames().last)
      #expect(trailers.flag == Frame.trailers)
      let grpc = try await curl.post(list, "application/grpc", empty, ["te: trailers"])
      let text = try await curl.post(
        list, "application/grpc-web-text", Array(Data(empty).base64EncodedData()))
      let ends = [
        trailers.fields(), try #require(text.textFrames().last).fields(),
        Dictionary(grpc.fields.map { ($0.name, $0.value) }) { "\($0), \($1)" },
      ]
      for end in ends {
        #expect(end["grpc-status"] == "16", "\(curl.name): \(end)")
        #expect(end["grpc-message"]?.removingPercentEncoding == wanted.message)
        #expect(end["www-authenticate"] == "Bearer")
        #expect(try status(end).details.map(\.value) == wanted.details("ErrorInfo"))
      }
    }
  }

  /// The google.rpc.Status of gRPC's trailers.
  private func status(_ trailers: [String: String]) throws -> RPCStatus {
    let value = try #require(trailers["grpc-status-details-bin"])
    let padding = String(repeating: "=", count: (4 - value.utf8.count % 4) % 4)
    return try RPCStatus(serializedBytes: try #require(Data(base64Encoded: value + padding)))
  }

  @Test func `gRPC-Web answers with messages, and the status behind them`() async throws {
    let member = try await Organisation.make().member("Eva Krul")
    let goal = try await member.createGoal("Per web")
    let request = RawExchange.framed([])
    let list = "\(Self.goals)/ListGoals"
    for curl in try doors() {
      let web = try await curl.post(list, "application/grpc-web+proto", request, bearer(member))
      let text = try await curl.post(
        list, "application/grpc-web-text", Array(Data(request).base64EncodedData()),
        bearer(member))
      for frames in [try web.frames(), try text.textFrames()] {
        #expect(frames.map(\.flag) == [0, Frame.trailers], "\(curl.name): \(web)")
        let answer = try GoalsListGoalsResponse(serializedBytes: frames[0].bytes)
        #expect(answer.goals == [goal])
        #expect(frames[1].fields() == ["grpc-status": "0"])
      }
    }
  }
}
