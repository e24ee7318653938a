import Cryptography
import Foundation
import ProgramSupport
import RPC
import Schemas
import Testing

/// Streams, compression and deadlines as curl sees them.
struct CurlStreamTests {
  private static let goals = "ikso.goals.v1.GoalsService"
  private static let fetch = "ikso.privacy.v1.PrivacyService/FetchArchive"
  private static let watch = "grpc.health.v1.Health/Watch"

  private func framed(_ text: String) -> [UInt8] { RawExchange.framed(Array(text.utf8)) }

  @Test func `a stream comes through the gateway in JSON, message by message, with its end`()
    async throws
  {
    let subject = try await RightsTests.subject()
    let request = try await RightsTests.request(
      .access, about: subject.member, by: subject.officer)
    let archive = try await RightsTests.archive(request, by: subject.officer)
    let bearer = ["authorization: Bearer \(subject.officer.token)"]
    let answer = try await Curl.gateway().post(
      Self.fetch, "application/connect+json",
      framed("{\"requestId\": \"\(request.requestID)\"}"), bearer)
    #expect(answer.status == 200 && answer["content-type"] == "application/connect+json")
    let frames = try answer.frames()
    var fetched: [UInt8] = []
    for frame in frames.dropLast() {
      #expect(frame.flag == 0)
      let message = try JSONDecoder().decode([String: String].self, from: Data(frame.bytes))
      fetched += [UInt8](try #require(Data(base64Encoded: message["data"] ?? "")))
    }
    #expect(Digest.sha256(fetched) == Digest.sha256(archive))
    #expect(frames.last == Frame(flag: Frame.endOfStream, bytes: Array("{}".utf8)))
  }

  @Test func `the error of a stream looks like that of a call with one answer`() async throws {
    let member = try await Organisation.make().member("Frits Krul")
    let gateway = try Curl.gateway()
    let nobody = try await gateway.post(Self.fetch, "application/connect+json", framed("{}"))
    #expect(nobody.status == 200, "\(nobody)")
    let end = try #require(try nobody.frames().last).end()
    let error = try #require(end.error)
    let unary = try await gateway.post("\(Self.goals)/ListGoals", json: "{}")
    #expect(try error.code == unary.error().code)
    #expect(try error.reason() == unary.error().reason())
    #expect(try error.details?.map(\.type) == unary.error().details?.map(\.type))
    #expect(end.metadata == ["www-authenticate": ["Bearer"]])

    let wrong = try await gateway.post(
      Self.fetch, "application/connect+json", framed("{}"),
      ["authorization: Bearer \(member.token)"])
    let refused = try #require(try wrong.frames().last).end()
    #expect(refused.error?.code == "permission_denied", "\(wrong)")
  }

  @Test func `a watch at a service tells the state, and its deadline in the end of the stream`()
    async throws
  {
    for service in HousePlan.stores {
      let answer = try await Curl.direct(service).post(
        Self.watch, "application/connect+json", framed("{}"), ["connect-timeout-ms: 500"])
      let frames = try answer.frames()
      #expect(frames.map(\.flag) == [0, Frame.endOfStream], "\(service): \(answer)")
      #expect(frames[0].bytes == Array("{\"status\":\"SERVING\"}".utf8))
      #expect(try frames[1].end().error?.code == "deadline_exceeded")
    }
  }

  @Test func `a deadline that passes is answered 504, in the form of the protocol`()
    async throws
  {
    try await DeadlineTests.withLockedGoal { member, goal, _ in
      let checkIn = Array(
        """
        {"goalId": "\(goal.goalID)", "progressPercent": 50, "confidence": 3,
         "expectedRevision": "\(goal.revision)"}
        """.utf8)
      let headers = ["authorization: Bearer \(member.token)", "connect-timeout-ms: 500"]
      for curl in [try Curl.gateway(), try Curl.direct("goals")] {
        let answer = try await curl.post("\(Self.goals)/CheckIn", body: checkIn, headers)
        #expect(answer.status == 504, "\(curl.name): \(answer)")
        #expect(try answer.error().code == "deadline_exceeded")
        #expect(try answer.error().reason() == "DEADLINE")
      }
    }
  }

  @Test func `gzip goes both ways`() async throws {
    let member = try await Organisation.make().member("Gijs Krul")
    let folder = try ScratchFolder()
    let goal: [String: String] = [
      "title": "Geperst", "why": String(repeating: "Omdat het kan.", count: 200),
      "measure": "y", "dueOn": Samples.day(30),
    ]
    let bearer = ["authorization: Bearer \(member.token)"]
    for curl in [try Curl.gateway(), try Curl.direct("goals")] {
      let plain = try folder.write("goal", JSONEncoder().encode(goal))
      let run = try await Child.run(URL(filePath: "/usr/bin/gzip"), ["--force", plain.path])
      #expect(run.end == .exit(0), "\(run.output)")
      let packed = [UInt8](try Data(contentsOf: plain.appendingPathExtension("gz")))
      // Who sends gzip is answered in gzip; curl unpacks it if it asked for it.
      let made = try await curl.post(
        "\(Self.goals)/CreateGoal", body: packed, bearer + ["content-encoding: gzip"],
        options: ["--compressed"])
      #expect(made["content-encoding"] == "gzip", "\(curl.name): \(made)")
      #expect(try made.json()["why"] as? String == goal["why"], "\(curl.name): \(made)")
      let open = try await curl.post("\(Self.goals)/ListGoals", json: "{}", bearer)
      #expect(open["content-encoding"] == nil && open.status == 200, "\(open)")

      let broken = try await curl.post(
        "\(Self.goals)/CreateGoal", body: Array(packed.dropLast(20)),
        bearer + ["content-encoding: gzip"])
      #expect(broken.status == 500, "\(curl.name): \(broken)")
      #expect(try broken.error().code == "internal")
      let unknown = try await curl.post(
        "\(Self.goals)/CreateGoal", body: packed, bearer + ["content-encoding: br"])
      #expect(unknown.status == 501 && unknown["accept-encoding"] == "gzip", "\(unknown)")
    }
  }

  @Test func `a body above the limit is answered before it has all come`() async throws {
    let member = try await Organisation.make().member("Hans Krul")
    let body = Array("{\"title\": \"\(String(repeating: "x", count: 6_000_000))\"}".utf8)
    for curl in [try Curl.gateway(), try Curl.direct("goals")] {
      let answer = try await curl.post(
        "\(Self.goals)/CreateGoal", body: body, ["authorization: Bearer \(member.token)"])
      #expect(answer.status == 429, "\(curl.name): \(answer)")
      #expect(try answer.error().code == "resource_exhausted")
    }
  }
}
