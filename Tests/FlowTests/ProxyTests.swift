import HTTP2
import RPC
import Reactor
import Schemas
import TLS
import Testing

/// The gateway between a caller and a service: what one of them does early, often or not at all.
struct ProxyTests {
  private static let goals = "/ikso.goals.v1.GoalsService/"

  @Test(.timeLimit(.minutes(1)))
  func `who is answered before the end of the request is told to stop sending`() async throws {
    let house = try House.current()
    let anybody = try TLSContext.client(
      trustFile: house.plan.ca, certificateChainFile: nil, privateKeyFile: nil)
    for type in ["application/grpc", "application/json", "application/grpc-web"] {
      let answer = try await RawExchange.run(
        house.endpoint(of: "gateway"), tls: anybody,
        headers: RawExchange.headers(Self.goals + "CreateGoal", contentType: type), body: [0],
        ending: false)
      #expect(answer.end == .finished, "\(type): \(answer)")
      #expect(answer.headers != nil)
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func `callers who cancel by the thousand do not end the calls of others`() async throws {
    try await DeadlineTests.withLockedGoal { member, goal, waiting in
      let call = Task {
        try await DeadlineTests.checkIn(on: goal, as: member, timeout: .seconds(110))
      }
      try await DeadlineTests.expectWaiting(1, waiting)
      // Each as many as one connection may: together they are the gateway's at the service.
      for _ in 0..<8 { try await Cancelling.run(900, as: member) }
      #expect(try await waiting() == 1, "the call was lost")
      call.cancel()
      let refused = try await refusal("the cancelled call") { try await call.value }
      #expect(refused.code == .cancelled)
    }
  }
}

/// Calls that are cancelled as soon as the service has them.
// Invariant behind @unchecked: touched on the reactor only.
private final class Cancelling: HTTP2StreamHandler, @unchecked Sendable {
  /// As many as one connection opens at once.
  private static let batch = 100

  private let connection: HTTP2Connection
  private let headers: HeaderBlock
  private var streams: [HTTP2Stream] = []

  private init(_ connection: HTTP2Connection, _ headers: HeaderBlock) {
    self.connection = connection
    self.headers = headers
  }

  static func run(_ count: Int, as member: Member) async throws {
    let house = try House.current()
    let reactor = house.reactors.next()
    let anybody = try TLSContext.client(
      trustFile: house.plan.ca, certificateChainFile: nil, privateKeyFile: nil)
    let connection = try await HTTP2Connector.connect(
      to: house.endpoint(of: "gateway"), tls: anybody, on: reactor, deadline: .now + .seconds(60))
    let create = RawExchange.headers(
      "/ikso.goals.v1.GoalsService/CreateGoal", token: member.token)
    for _ in 0..<count / batch {
      let calls = Cancelling(connection, create)
      try await withCheckedThrowingContinuation { continuation in
        reactor.execute { calls.begin(continuation) }
      }
    }
    reactor.execute { connection.close() }
  }

  /// Opens the calls, and cancels them when a call behind them has been answered: then the service
  /// has them all.
  private func begin(_ continuation: CheckedContinuation<Void, any Error>) {
    do {
      for _ in 0..<Self.batch {
        streams.append(try connection.request(headers, endStream: false, handler: self))
      }
      let last = Last { [self] reason in
        for stream in streams { stream.reset(.cancel) }
        streams = []
        continuation.resume(with: Result { if reason != .finished { throw Lost(reason: reason) } })
      }
      let listed = RawExchange.headers("/ikso.goals.v1.GoalsService/ListGoals")
      _ = try connection.request(listed, endStream: true, handler: last)
    } catch {
      continuation.resume(throwing: error)
    }
  }

  struct Lost: Error { let reason: HTTP2CloseReason }

  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {}
  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {}
  func trailersReceived(_ trailers: HeaderBlock) {}
  func streamWritable() {}
  func streamClosed(_ reason: HTTP2CloseReason) {}

  private final class Last: HTTP2StreamHandler {
    private let end: (HTTP2CloseReason) -> Void

    init(_ end: @escaping (HTTP2CloseReason) -> Void) { self.end = end }

    func headersReceived(_ headers: HeaderBlock, endStream: Bool) {}
    func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {}
    func trailersReceived(_ trailers: HeaderBlock) {}
    func streamWritable() {}
    func streamClosed(_ reason: HTTP2CloseReason) { end(reason) }
  }
}
