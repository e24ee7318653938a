import Reactor

/// Opens one connection without blocking its reactor: name resolution on a blocking thread, the
/// rest by readiness, within the connect timeout.
final class ConnectionOpening: ReadinessHandler, @unchecked Sendable {
  // Invariant: all state but what `start` hands to the blocking thread is touched on the thread of
  // `reactor` only.

  typealias Completion = (Result<PostgresConnection, PostgresError>) -> Void

  private let reactor: Reactor
  private let configuration: PostgresConfiguration
  private let firstHost: Int
  private let blocking: BlockingPool
  private var completion: Completion?
  private var handle: ConnectionHandle?
  private var watched: Int32?
  private var timer: ReactorTimer?

  /// `firstHost`: where in the DSN's list of hosts to begin, counted on past its end.
  init(
    _ configuration: PostgresConfiguration, firstHost: Int, reactor: Reactor,
    blocking: BlockingPool
  ) {
    self.configuration = configuration
    self.firstHost = firstHost
    self.reactor = reactor
    self.blocking = blocking
  }

  /// `completion` is called once, on the reactor's thread, and not before `start` returns.
  func start(_ completion: @escaping Completion) {
    reactor.preconditionCurrent()
    self.completion = completion
    let timeout = configuration.connectTimeout
    timer = reactor.schedule(after: timeout) { [self] in
      finish(.failure(.connectTimedOut(timeout)))
    }
    let (dsn, firstHost) = (configuration.dsn, firstHost)
    do {
      try blocking.submit { [self] in
        let handle = ConnectionHandle(dsn: dsn, firstHost: firstHost)
        reactor.execute { [self] in begin(handle) }
      }
    } catch {
      reactor.execute { [self] in finish(.failure(.connectFailed("\(error)"))) }
    }
  }

  private func begin(_ handle: ConnectionHandle?) {
    guard completion != nil else { return }
    guard let handle else { return finish(.failure(.connectFailed("out of memory"))) }
    guard !handle.isBroken else {
      return finish(.failure(.connectFailed(handle.errorMessage)))
    }
    self.handle = handle
    watch(.write)
  }

  func ready(_ readiness: Readiness) {
    guard let handle else { return }
    // libpq may close this socket and open another one for the next address.
    unwatch()
    switch handle.poll() {
    case .reading: watch(.read)
    case .writing: watch(.write)
    case .failed: finish(.failure(.connectFailed(handle.errorMessage)))
    case .open: finish(open(handle))
    }
  }

  private func open(_ handle: ConnectionHandle) -> Result<PostgresConnection, PostgresError> {
    guard handle.enterPipelineMode() else {
      return .failure(.connectFailed(handle.errorMessage))
    }
    return Result { () throws(PostgresError) in
      try PostgresConnection(
        handle, reactor: reactor, configuration, blocking: blocking)
    }
  }

  private func watch(_ interest: Interest) {
    guard let handle else { return }
    do {
      try reactor.register(handle.socket, interest, self)
      watched = handle.socket
    } catch {
      finish(.failure(.connectFailed("\(error)")))
    }
  }

  private func unwatch() {
    if let watched { reactor.deregister(watched) }
    watched = nil
  }

  private func finish(_ result: Result<PostgresConnection, PostgresError>) {
    guard let completion else { return }
    unwatch()
    timer?.cancel()
    timer = nil
    handle = nil
    self.completion = nil
    completion(result)
  }
}
