import Compression
import DequeModule
import HTTP2
import Reactor
import TLS

/// A client's connection on one reactor: opened on demand, renewed after its end, with a growing
/// pause between failed attempts.
final class ClientChannel: @unchecked Sendable {
  // Invariant: all mutable state is touched on `reactor`'s thread only.

  let reactor: Reactor
  let endpoint: Endpoint
  let configuration: RPCClientConfiguration
  let gzip = Gzip()
  private let tls: TLSContext?

  private var state = State.idle
  private var waiters: Deque<Waiter> = []
  private var lastTicket = 0
  private var failures = 0

  typealias Answer = (Result<HTTP2Connection, RPCError>) -> Void

  /// Names a waiting call.
  struct Ticket: Equatable { fileprivate let number: Int }

  private enum State {
    case idle
    case connecting
    case ready(HTTP2Connection)
    /// Calls fail with `error` until the timer has fired, but for those that wait for ready.
    case pausing(RPCError, ReactorTimer)
    case closed
  }

  private struct Waiter {
    let ticket: Ticket
    let waitForReady: Bool
    let timer: ReactorTimer?
    let answer: Answer
  }

  init(
    reactor: Reactor, endpoint: Endpoint, tls: TLSContext?, configuration: RPCClientConfiguration
  ) {
    self.reactor = reactor
    self.endpoint = endpoint
    self.tls = tls
    self.configuration = configuration
  }

  /// Calls `answer` once, now or when a connection is there or cannot be had.
  /// - Returns: what withdraws the call while it waits; `nil` when it was answered.
  func withConnection(
    deadline: ContinuousClock.Instant?, waitForReady: Bool, _ answer: @escaping Answer
  ) -> Ticket? {
    reactor.preconditionCurrent()
    switch state {
    case .ready(let connection) where !connection.isDraining:
      answer(.success(connection))
      return nil
    case .closed:
      answer(.failure(.unavailable("the client of \(endpoint) is shut down")))
      return nil
    case .pausing(let error, _) where !waitForReady:
      answer(.failure(error))
      return nil
    default: break
    }
    guard waiters.count < configuration.maxWaitingCalls else {
      let limit = configuration.maxWaitingCalls
      answer(.failure(.unavailable("\(limit) calls wait for \(endpoint), the limit")))
      return nil
    }
    lastTicket += 1
    let ticket = Ticket(number: lastTicket)
    let timer = deadline.map { deadline in
      reactor.schedule(after: deadline - .now) { [self] in
        let text = "no connection to \(endpoint) within the deadline"
        take(ticket)?.answer(.failure(.deadlineExceeded(text)))
      }
    }
    let waiter = Waiter(
      ticket: ticket, waitForReady: waitForReady, timer: timer, answer: answer)
    waiters.append(waiter)
    switch state {
    case .idle, .ready: connect()
    case .connecting, .pausing, .closed: break
    }
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

  // MARK: Connecting

  private func connect() {
    state = .connecting
    // Not a handler's task: the attempt belongs to no single call, and ends by `connectTimeout`.
    Task(executorPreference: reactor) { await self.attempt() }
  }

  private func attempt() async {
    do throws(HTTP2Error) {
      let connection = try await HTTP2Connector.connect(
        to: endpoint, tls: tls, limits: configuration.http2, on: reactor,
        deadline: .now + configuration.connectTimeout)
      connected(connection)
    } catch {
      failed(error)
    }
  }

  private func connected(_ connection: HTTP2Connection) {
    if case .closed = state { return connection.close() }
    failures = 0
    state = .ready(connection)
    connection.onClose = { [weak self, unowned connection] in self?.ended(connection) }
    answerAll(.success(connection))
  }

  private func failed(_ error: HTTP2Error) {
    if case .closed = state { return }
    failures += 1
    let answer = RPCError.unavailable("\(endpoint) cannot be reached: \(error)", cause: error)
    let delay = configuration.backoff.delay(failures: failures, random: .random(in: -1...1))
    let timer = reactor.schedule(after: delay) { [self] in pauseEnded() }
    state = .pausing(answer, timer)
    let patient = waiters.filter { $0.waitForReady }
    waiters.removeAll { $0.waitForReady }
    answerAll(.failure(answer))
    waiters = patient + waiters
  }

  private func pauseEnded() {
    state = .idle
    if !waiters.isEmpty { connect() }
  }

  private func answerAll(_ result: Result<HTTP2Connection, RPCError>) {
    let answered = waiters
    waiters = []
    for waiter in answered {
      waiter.timer?.cancel()
      waiter.answer(result)
    }
  }

  private func ended(_ connection: HTTP2Connection) {
    if case .ready(let current) = state, current === connection { state = .idle }
  }

  // MARK: End

  /// Fails waiting calls, lets open ones finish for `grace`, then closes the connection.
  func shutdown(grace: Duration) async {
    await withCheckedContinuation { continuation in
      reactor.execute { self.close(grace: grace, continuation) }
    }
  }

  private func close(grace: Duration, _ done: CheckedContinuation<Void, Never>) {
    let before = state
    state = .closed
    answerAll(.failure(.unavailable("the client of \(endpoint) is shut down")))
    guard case .ready(let connection) = before, !connection.isClosed else {
      if case .pausing(_, let timer) = before { timer.cancel() }
      return done.resume()
    }
    var timer: ReactorTimer?
    connection.onClose = {
      timer?.cancel()
      done.resume()
    }
    timer = reactor.schedule(after: grace) { connection.close() }
    connection.goAway()
  }
}
