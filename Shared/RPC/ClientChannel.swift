import Compression
import DequeModule
import HTTP2
import Reactor
import TLS

/// A client's connections on one reactor, and the calls that wait for one.
///
/// It is idle until the first call, then looks up the addresses, connects and picks; after a time
/// without calls it is idle again.
final class ClientChannel: @unchecked Sendable {
  // Invariant: all mutable state is touched on `reactor`'s thread only.

  let reactor: Reactor
  let endpoints: [Endpoint]
  let tls: TLSContext?
  let configuration: RPCClientConfiguration
  /// Fields of every request, after `:path`.
  let commonFields: [HeaderField]
  /// Of the server, for the calls of all reactors.
  let retryTokens: RetryTokens?
  /// Shared by the calls of the reactor.
  let gzip = Gzip()

  private var phase = Phase.idle
  private var subchannels: [Subchannel] = []
  /// Those that calls can be made on.
  private var usable: [Subchannel] = []
  private var turn = 0
  private var waiters: Deque<Waiter> = []
  private var lastTicket = 0
  /// Connections that take no more calls and still have some.
  private var draining: [ObjectIdentifier: HTTP2Connection] = [:]
  /// Calls that were given a connection; wraps.
  private var picks = 0
  private var idleTimer: ReactorTimer?
  /// Is told when the last connection of a closed channel has ended.
  private var closed: (() -> Void)?
  private var lookUp: NameLookUp

  typealias Answer = (Result<HTTP2Connection, RPCError>) -> Void

  /// Names a waiting call.
  struct Ticket: Equatable { fileprivate let number: Int }

  private enum Phase { case idle, active, closed }

  private struct Waiter {
    let ticket: Ticket
    let waitForReady: Bool
    let timer: ReactorTimer?
    let answer: Answer
  }

  init(
    reactor: Reactor, endpoints: [Endpoint], tls: TLSContext?, commonFields: [HeaderField],
    retryTokens: RetryTokens?, configuration: RPCClientConfiguration
  ) {
    precondition(!endpoints.isEmpty, "a client has an endpoint")
    self.reactor = reactor
    self.endpoints = endpoints
    self.tls = tls
    self.commonFields = commonFields
    self.retryTokens = retryTokens
    self.configuration = configuration
    lookUp = NameLookUp(endpoints, configuration, reactor)
  }

  deinit {
    // Nobody is left to make calls; those of a proxy, which hold no channel, end in good order.
    for subchannel in subchannels {
      if let farewell = subchannel.farewell { reactor.execute(farewell) }
    }
  }

  /// What errors call the server.
  var name: String { endpoints.count == 1 ? "\(endpoints[0])" : "\(endpoints)" }

  // MARK: Picking

  /// Calls `answer` once, now or when a connection is there or cannot be had.
  /// - Returns: what withdraws the call while it waits; `nil` when it was answered.
  func withConnection(
    deadline: ContinuousClock.Instant?, waitForReady: Bool, _ answer: @escaping Answer
  ) -> Ticket? {
    reactor.preconditionCurrent()
    if let connection = pick() {
      answer(.success(connection))
      return nil
    }
    switch phase {
    case .closed:
      answer(.failure(.unavailable("the client of \(name) is shut down")))
      return nil
    case .idle: wake()
    case .active: break
    }
    if !waitForReady, let failure {
      answer(.failure(failure))
      return nil
    }
    guard waiters.count < configuration.maxWaitingCalls else {
      let limit = configuration.maxWaitingCalls
      answer(.failure(.unavailable("\(limit) calls wait for \(name), the limit")))
      return nil
    }
    let ticket = wait(deadline: deadline, waitForReady: waitForReady, answer)
    for subchannel in subchannels { subchannel.connect() }
    return ticket
  }

  private func wait(
    deadline: ContinuousClock.Instant?, waitForReady: Bool, _ answer: @escaping Answer
  ) -> Ticket {
    lastTicket += 1
    let ticket = Ticket(number: lastTicket)
    let timer = deadline.map { deadline in
      reactor.schedule(after: deadline - .now) { [weak self] in
        guard let self else { return }
        let text = "no connection to \(name) within the deadline"
        take(ticket)?.answer(.failure(.deadlineExceeded(text)))
      }
    }
    let waiter = Waiter(
      ticket: ticket, waitForReady: waitForReady, timer: timer, answer: answer)
    waiters.append(waiter)
    return ticket
  }

  /// Forgets a waiting call; it is not answered.
  func withdraw(_ ticket: Ticket) { _ = take(ticket) }

  private func take(_ ticket: Ticket) -> Waiter? {
    guard let position = waiters.firstIndex(where: { $0.ticket == ticket }) else { return nil }
    let waiter = waiters.remove(at: position)
    waiter.timer?.cancel()
    return waiter
  }

  private func pick() -> HTTP2Connection? {
    while !usable.isEmpty {
      let position = place()
      let picked = usable[position]
      if let connection = picked.usable {
        picked.wasPicked = true
        picks &+= 1
        return connection
      }
      // It has ended in this turn; its owner is told after the streams.
      usable.remove(at: position)
    }
    return nil
  }

  private func place() -> Int {
    let count = usable.count
    guard count > 1 else { return 0 }
    switch configuration.loadBalancing {
    case .pickFirst: return 0
    case .roundRobin:
      turn = (turn + 1) % count
      return turn
    case .leastRequest:
      let one = Int.random(in: 0..<count)
      let other = (one + Int.random(in: 1..<count)) % count
      return usable[other].openCalls < usable[one].openCalls ? other : one
    }
  }

  /// Why no connection can be had; nil while one may soon be there.
  private var failure: RPCError? {
    if subchannels.isEmpty { return lookUp.failure }
    var last: RPCError?
    for subchannel in subchannels {
      guard let failure = subchannel.failure else { return nil }
      last = failure
    }
    return last
  }

  // MARK: For the subchannels

  /// Whether a connection that has ended is replaced before the next call.
  var wantsConnection: Bool {
    guard phase == .active else { return false }
    return configuration.loadBalancing != .pickFirst || !waiters.isEmpty
  }

  /// A subchannel's state is another one: waiting calls may go, or must.
  func changed() {
    usable = subchannels.filter { $0.usable != nil }
    if !usable.isEmpty {
      while let waiter = waiters.first, let connection = pick() {
        waiters.removeFirst()
        waiter.timer?.cancel()
        waiter.answer(.success(connection))
      }
    } else if let failure {
      answerAll(.failure(failure), patientToo: false)
    }
  }

  /// Looks up the names again, as a connection has failed.
  func lookUpSoon() {
    guard phase == .active else { return }
    lookUp.hasten { [weak self] in self?.startLookUp() }
  }

  /// Holds a connection that takes no more calls until its last has ended.
  func letDrain(_ connection: HTTP2Connection) {
    let id = ObjectIdentifier(connection)
    draining[id] = connection
    connection.onClose = { [weak self] in
      guard let self else { return }
      draining[id] = nil
      if draining.isEmpty { finishClose() }
    }
  }

  private func answerAll(_ result: Result<HTTP2Connection, RPCError>, patientToo: Bool) {
    let all = waiters
    waiters = patientToo ? [] : all.filter { $0.waitForReady }
    for waiter in all where patientToo || !waiter.waitForReady {
      waiter.timer?.cancel()
      waiter.answer(result)
    }
  }

  // MARK: Addresses

  private func wake() {
    phase = .active
    // Not all clients of a server begin with the same of its addresses.
    turn = Int.random(in: 0..<1_024)
    watchIdleness()
    startLookUp()
  }

  private func startLookUp() {
    guard phase == .active else { return }
    lookUp.start { [weak self] addresses in self?.found(addresses) }
  }

  /// - Parameter addresses: nil when the look-up failed; those of the last one are used on.
  private func found(_ addresses: [ServerAddress]?) {
    guard phase == .active else { return }
    lookUp.scheduleNext { [weak self] in self?.startLookUp() }
    if let addresses { use(addresses) }
    changed()
  }

  private func use(_ addresses: [ServerAddress]) {
    if configuration.loadBalancing == .pickFirst {
      if let only = subchannels.first {
        only.update(addresses)
      } else {
        subchannels = [Subchannel(self, addresses)]
        if wantsConnection { subchannels[0].connect() }
      }
      return
    }
    let before = subchannels
    let kept = before.filter { addresses.contains($0.addresses[0]) }
    let added = addresses.filter { address in !kept.contains { $0.addresses[0] == address } }
      .map { Subchannel(self, [$0]) }
    subchannels = kept + added
    for subchannel in before where !kept.contains(where: { $0 === subchannel }) {
      subchannel.close()
    }
    for subchannel in added { subchannel.connect() }
  }

  // MARK: Rest and end

  /// Judged once an interval: no clock is read and no timer moved for each call.
  private func watchIdleness() {
    let before = picks
    idleTimer = reactor.schedule(after: configuration.idleTimeout) { [weak self] in
      guard let self, phase == .active else { return }
      if picks == before, waiters.isEmpty, !subchannels.contains(where: { $0.openCalls > 0 }) {
        rest()
      } else {
        watchIdleness()
      }
    }
  }

  private func rest() {
    phase = .idle
    lookUp.stop()
    let before = subchannels
    subchannels = []
    usable = []
    for subchannel in before { subchannel.close() }
  }

  /// Fails waiting calls, lets open ones finish for `grace`, then closes the connections.
  func shutdown(grace: Duration) async {
    await withCheckedContinuation { continuation in
      reactor.execute { self.close(grace: grace) { continuation.resume() } }
    }
  }

  private func close(grace: Duration, _ done: @escaping () -> Void) {
    guard phase != .closed else { return done() }
    idleTimer?.cancel()
    rest()
    phase = .closed
    answerAll(
      .failure(.unavailable("the client of \(name) is shut down")), patientToo: true)
    guard !draining.isEmpty else { return done() }
    let timer = reactor.schedule(after: grace) { [self] in
      for connection in draining.values { connection.close() }
    }
    closed = {
      timer.cancel()
      done()
    }
  }

  private func finishClose() {
    let done = closed
    closed = nil
    done?()
  }
}
