import HTTP2
import SwiftProtobuf
import Testing

@testable import RPC

@Suite(.timeLimit(.minutes(5))) struct `Calls of pages from other origins` {
  private func call(
    _ fields: [String: String], allowed: [String]?
  ) async throws -> WireCall.Answer {
    let policy = try allowed.map { try CORSPolicy(allowedOrigins: $0) }
    var answer = WireCall.Answer()
    try await RPCFixture.run([.echo], configure: { $0.cors = policy }) { fixture in
      let raw = try await WireCall.open(fixture, "Echo", fields)
      await raw.send(Array("\"a\"".utf8), endStream: true)
      answer = await raw.answer()
    }
    return answer
  }

  private let page = "https://app.example.com"
  private var preflight: [String: String] {
    [
      ":method": "OPTIONS", "content-type": "", "te": "", "origin": page,
      "access-control-request-method": "POST",
      "access-control-request-headers": "authorization,content-type",
    ]
  }

  @Test func `an allowed page may ask, call and read`() async throws {
    let asked = try await call(preflight, allowed: [page])
    #expect(asked.headers[first: ":status"] == "204" && asked.data.isEmpty)
    #expect(asked.headers[first: "access-control-allow-origin"] == page)
    #expect(
      asked.headers[first: "access-control-allow-headers"] == "authorization,content-type")
    #expect(asked.headers[first: "access-control-allow-methods"] == "GET, POST")
    #expect(asked.headers[first: "access-control-allow-credentials"] == nil)
    let fields = ["content-type": "application/json", "origin": page]
    let called = try await call(fields, allowed: [page])
    #expect(called.headers[first: "access-control-allow-origin"] == page)
    #expect(called.headers[first: "access-control-expose-headers"] == "*")
    #expect(called.headers[first: "vary"] == "origin")
    let refused = try await call(fields.merging([":path": "/x/Y"]) { _, b in b }, allowed: [page])
    #expect(refused.headers[first: ":status"] == "404")
    #expect(refused.headers[first: "access-control-allow-origin"] == page)
  }

  @Test func `another page may not, and without a policy none may`() async throws {
    let other = try await call(preflight, allowed: ["https://other.example.com"])
    #expect(other.headers[first: ":status"] == "403")
    #expect(other.headers[first: "access-control-allow-origin"] == nil)
    let closed = try await call(preflight, allowed: nil)
    #expect(closed.headers[first: ":status"] == "405")
    let called = try await call(
      ["content-type": "application/json", "origin": page], allowed: nil)
    #expect(called.headers[first: "access-control-allow-origin"] == nil)
  }

  @Test(arguments: [
    "app.example.com", "https://app.example.com/", "https://App.example.com", "https://", "null",
  ])
  func `a setting that no browser would match is refused`(_ origin: String) {
    #expect(throws: CORSError(origin: origin)) { try CORSPolicy(allowedOrigins: [origin]) }
  }
}

@Suite struct `Details of errors` {
  private enum Trouble: PublicError {
    case goalCompleted
    case titleTooLong(Int)

    var status: RPCError { .failedPrecondition("no") }
  }

  @Test func `details come back from gRPC's trailers`() throws {
    let sent = RPCError.resourceExhausted("busy").because("TENANT_BUSY")
      .retrying(after: .milliseconds(1_500)).exceeding(quotaOf: "organisation", "5 calls")
      .violating("a", "1").violating("b", "2")
      .missing(precondition: "STATEMENT", of: "statement/3", "accept it")
    let answer = Answer(wire: .grpc, requestID: nil)
    let trailers = answer.trailers(sent.naming("example.org"), Metadata())
    let read = try #require(ResponseStatus.error(in: trailers))
    #expect(read.reason == "TENANT_BUSY")
    #expect(read.detail(RPCErrorInfo.self)?.domain == "example.org")
    #expect(sent.naming(nil).detail(RPCErrorInfo.self) == nil)
    #expect(read.detail(RPCRetryInfo.self)?.retryDelay.seconds == 1)
    #expect(read.detail(RPCQuotaFailure.self)?.violations.count == 1)
    #expect(read.detail(RPCBadRequest.self)?.fieldViolations.map(\.field) == ["a", "b"])
    #expect(read.detail(RPCPreconditionFailure.self)?.violations.first?.type == "STATEMENT")
    #expect(read.metadata.all("retry-after") == ["2"])
    #expect(read.code == .resourceExhausted && read.message == "busy")
  }

  @Test func `an error of a domain has its case as the reason`() {
    #expect(Trouble.goalCompleted.answer.reason == "GOAL_COMPLETED")
    #expect(Trouble.titleTooLong(3).answer.reason == "TITLE_TOO_LONG")
    #expect(RPCError.answering(Trouble.goalCompleted, requestID: "").reason == "GOAL_COMPLETED")
  }

  @Test func `without details there is no trailer for them`() {
    let trailers = Answer(wire: .grpc, requestID: nil).trailers(.notFound("x"), Metadata())
    #expect(trailers.map(\.name) == ["grpc-status", "grpc-message"])
  }
}
