import HTTP2
import RPC
import Reactor
import Schemas
import TLS
import Testing

/// The gateway between a caller and a service: what one of them does early, often or not at all.
struct ProxyTests {
  private static let goals = "/ikso.goals.v1.GoalsService/"

  @Test(.timeLimit(.minutes(10)))
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
      for _ in 0..<8 {
        let crowd = try await Crowd.make(as: member)
        for _ in 0..<9 {
          try await crowd.open(100)
          crowd.cancel()
        }
        crowd.leave()
      }
      #expect(try await waiting() == 1, "the call was lost")
      call.cancel()
      let refused = try await refusal("the cancelled call") { try await call.value }
      #expect(refused.code == .cancelled)
      try await DeadlineTests.expectWaiting(0, waiting)
    }
  }

  @Test(.timeLimit(.minutes(2)))
  func `an organisation with as many calls open as it may does not hold up another's`()
    async throws
  {
    let busy = try await Organisation.make().member("Drukke Dirk")
    let other = try await Organisation.make().member("Rustige Rita")
    var crowds: [Crowd] = []
    // The kernel deals connections out to the gateway's reactors, each with a count of its own.
    while try await !isRefused(busy), crowds.count < 50 {
      let crowd = try await Crowd.make(as: busy)
      try await crowd.open(900)
      crowds.append(crowd)
    }
    #expect(crowds.count < 50, "the organisation was never refused")
    try await other.createGoal("Rustig aan")
    for crowd in crowds { crowd.leave() }
  }

  /// Whether one more call of the member's organisation is too many.
  private func isRefused(_ member: Member) async throws -> Bool {
    do {
      try await member.createGoal("Nog een")
      return false
    } catch let error as RPCError where error.code == .resourceExhausted {
      return true
    }
  }
}

/// Calls on a connection of their own that wait for the rest of their requests.
// Invariant behind @unchecked: `streams` is touched on the reactor only.
private final class Crowd: HTTP2StreamHandler, @unchecked Sendable {
  private let connection: HTTP2Connection
  private let headers: HeaderBlock
  private var streams: [HTTP2Stream] = []

  private init(_ connection: HTTP2Connection, _ headers: HeaderBlock) {
    self.connection = connection
    self.headers = headers
  }

  static func make(as member: Member) async throws -> Crowd {
    let house = try House.current()
    let anybody = try TLSContext.client(
      trustFile: house.plan.ca, certificateChainFile: nil, privateKeyFile: nil)
    let connection = try await HTTP2Connector.connect(
      to: house.endpoint(of: "gateway"), tls: anybody, on: house.reactors.next(),
      deadline: .now + .seconds(60))
    return Crowd(
      connection,
      RawExchange.headers("/ikso.goals.v1.GoalsService/CreateGoal", token: member.token))
  }

  /// Opens calls, and returns when one behind them has been answered: then the service has them.
  func open(_ count: Int) async throws {
    try await withCheckedThrowingContinuation { continuation in
      connection.reactor.execute { [self] in
        do {
          for _ in 0..<count {
            streams.append(try connection.request(headers, endStream: false, handler: self))
          }
          let last = Last { reason in
            continuation.resume(
              with: Result { if reason != .finished { throw Lost(reason: reason) } })
          }
          let listed = RawExchange.headers("/ikso.goals.v1.GoalsService/ListGoals")
          _ = try connection.request(listed, endStream: true, handler: last)
        } catch {
          continuation.resume(throwing: error)
        }
      }
    }
  }

  func cancel() {
    connection.reactor.execute { [self] in
      for stream in streams { stream.reset(.cancel) }
      streams = []
    }
  }

  func leave() { connection.reactor.execute { [self] in connection.close() } }

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
