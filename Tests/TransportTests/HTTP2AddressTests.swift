import Reactor
import Testing

@testable import HTTP2

@Suite struct HTTP2AddressTests {
  @Test func `a port in use is named`() async throws {
    let server = try Server()
    let error = #expect(throws: HTTP2Error.self) {
      try HTTP2Listener(address: server.endpoint, reactors: server.group, tls: nil, accept: echo)
    }
    guard case .addressInUse(server.endpoint) = error else { throw Unexpected(error) }
    #expect(error?.description.contains(server.endpoint.description) == true)
    await server.end()
  }

  @Test func `an address of another host is named`() async throws {
    let group = try ReactorGroup(count: 1)
    let address = Endpoint(host: "192.0.2.1", port: 9_999)
    let error = #expect(throws: HTTP2Error.self) {
      try HTTP2Listener(address: address, reactors: group, tls: nil, accept: echo)
    }
    guard case .addressUnavailable(address, _) = error else { throw Unexpected(error) }
  }

  @Test func `several reactors share the port that the system chose`() async throws {
    let server = try Server(reactors: 3)
    #expect(server.listener.boundPort > 0)
    for _ in 0..<12 {
      let connection = try await server.connect()
      #expect(await (try connection.send("/")).ended.value == .finished)
    }
    #expect(await server.listener.connectionCount() == 12)
    await server.end()
  }

  @Test func `a listener's port is free again after it has drained`() async throws {
    let server = try Server()
    _ = try await server.connect()
    await server.listener.drain(grace: .zero)
    let again = try HTTP2Listener(
      address: server.endpoint, reactors: server.group, tls: nil, accept: echo)
    let connection = try await server.connect()
    #expect(await (try connection.send("/")).ended.value == .finished)
    await again.drain(grace: .zero)
    await server.end()
  }

  @Test func `a listener and a connection take names and IPv6`() async throws {
    let group = try ReactorGroup(count: 1)
    group.start()
    for host in ["localhost", "::1"] {
      let listener = try HTTP2Listener(
        address: Endpoint(host: host, port: 0), reactors: group, tls: nil, accept: echo)
      let connection = try await HTTP2Connector.connect(
        to: Endpoint(host: host, port: listener.boundPort), tls: nil, on: group.reactors[0],
        deadline: .now + .seconds(600))
      #expect(await (try connection.send("/")).ended.value == .finished)
      await listener.drain(grace: .zero)
    }
    group.shutdown()
  }

  @Test func `a refusal, an unknown host and a silent one are told apart`() async throws {
    let group = try ReactorGroup(count: 1)
    group.start()
    let reactor = group.reactors[0]
    let silent = try RawServer()
    let free = try RawServer().port
    func connect(_ endpoint: Endpoint, within time: Duration) async -> HTTP2Error? {
      await failure {
        _ = try await HTTP2Connector.connect(
          to: endpoint, tls: nil, on: reactor, deadline: .now + time)
      }
    }
    let refused = await connect(Endpoint(host: "127.0.0.1", port: free), within: .seconds(600))
    guard case .connectFailed = refused else { throw Unexpected(refused) }
    #expect(refused?.description.contains("Connection refused") == true)
    let late = await connect(
      Endpoint(host: "127.0.0.1", port: silent.port), within: .milliseconds(10))
    guard case .deadlineExceeded = late else { throw Unexpected(late) }
    let unknown = await connect(Endpoint(host: "nobody.invalid", port: 1), within: .seconds(600))
    guard case .hostNotFound("nobody.invalid", _) = unknown else { throw Unexpected(unknown) }
    group.shutdown()
  }

  @Test func `a cancelled task stops connecting`() async throws {
    let group = try ReactorGroup(count: 1)
    group.start()
    let silent = try RawServer()
    let endpoint = Endpoint(host: "127.0.0.1", port: silent.port)
    let reactor = group.reactors[0]
    let task = Task {
      await failure {
        _ = try await HTTP2Connector.connect(
          to: endpoint, tls: nil, limits: .patient, on: reactor, deadline: .now + .seconds(600))
      }
    }
    let raw = try await silent.accept()
    task.cancel()
    guard case .cancelled = await task.value else { throw Unexpected(nil) }
    _ = try await raw.readToEnd()
    group.shutdown()
  }

  @Test(arguments: [
    ("127.0.0.1:80", Endpoint(host: "127.0.0.1", port: 80)),
    ("[::1]:8443", Endpoint(host: "::1", port: 8_443)),
    ("goals.ikso:9103", Endpoint(host: "goals.ikso", port: 9_103)),
    ("goals", nil), (":1", nil), ("a:b", nil), ("::1:80", nil), ("a:65536", nil), ("a:-1", nil),
  ]) func `an endpoint is read and written`(_ text: String, _ endpoint: Endpoint?) {
    #expect(Endpoint(text) == endpoint)
    if let endpoint { #expect(endpoint.description == text) }
  }
}

@Suite struct HTTP2PartTests {
  @Test func `a byte queue gives what came in, in any portions`() {
    var queue = ByteQueue()
    let bytes = pattern(10_000)
    var taken: [UInt8] = []
    var random = SplitMix(state: 7)
    var next = 0
    while taken.count < bytes.count {
      let more = min(random.below(700), bytes.count - next)
      queue.append(Array(bytes[next..<next + more]))
      next += more
      var part = [UInt8](repeating: 0, count: random.below(queue.count + 1))
      unsafe part.withUnsafeMutableBytes { unsafe queue.move(to: $0) }
      taken += part
    }
    #expect(taken == bytes)
    #expect(queue.count == 0)
  }

  @Test func `a rate budget refills with time up to its burst`() {
    let start = ContinuousClock.now
    var budget = RateBudget(perSecond: 2, burst: 3, at: start)
    func spent(_ seconds: Int) -> Bool { budget.spend(at: start + .seconds(seconds)) }
    #expect([spent(0), spent(0), spent(0), spent(0)] == [true, true, true, false])
    #expect([spent(1), spent(1), spent(1)] == [true, true, false])
    #expect([spent(100), spent(100), spent(100), spent(100)] == [true, true, true, false])
    budget.earn(9)
    #expect([spent(100), spent(100), spent(100), spent(100)] == [true, true, true, false])
  }

  @Test func `a connection is judged by what moved in an interval`() {
    var liveness = Liveness()
    func judge(open: Int = 1) -> Liveness.Verdict {
      liveness.judge(after: .seconds(1), openStreams: open, idleTimeout: .seconds(3))
    }
    liveness.received = 1
    #expect(judge() == .alive)
    #expect(judge() == .ask)
    liveness.received = 2
    #expect(judge() == .alive)
    #expect(judge() == .ask)
    #expect(judge() == .silent)
    liveness = Liveness()
    #expect([judge(open: 0), judge(open: 0), judge(open: 0)] == [.alive, .alive, .idle])
    liveness = Liveness()
    #expect(judge(open: 0) == .alive)
    liveness.opened = 1
    #expect([judge(open: 0), judge(open: 0), judge(open: 0)] == [.alive, .alive, .alive])
    #expect(judge(open: 0) == .idle)
  }

  @Test func `output is stuck or slow by what the peer took between looks`() {
    var pace = OutputPace(written: 100, framed: 50)
    for look in 1...5 {
      let verdict = pace.judge(written: 100, framed: 50, waiting: 8, isSocketBlocked: true)
      #expect(verdict == (look > WaitingOutput.looksPerTimeout ? .stuck : .waiting))
      #expect(pace.slowLooks == look)
    }
    // An answer to PING goes out beside a window that is closed.
    var verdict = pace.judge(written: 117, framed: 50, waiting: 8, isSocketBlocked: false)
    #expect(verdict == .open(isAnyTaken: false))
    #expect(pace.slowLooks == 6)
    verdict = pace.judge(written: 117, framed: 51, waiting: 8, isSocketBlocked: false)
    #expect(verdict == .open(isAnyTaken: true))
    #expect(pace.slowLooks == 7)
    verdict = pace.judge(written: 119, framed: 51, waiting: 8, isSocketBlocked: true)
    #expect(verdict == .open(isAnyTaken: false))
    #expect(pace.slowLooks == 0)
  }
}
