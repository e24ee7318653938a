import Reactor

/// One reactor's part of a pool: its connections, and the calls that wait for one.
///
/// A connection is one call's, or carries several units of one share, one behind the other: where
/// no other connection is to be had, and nobody waits who would have to wait for their end.
final class PoolShard: @unchecked Sendable {
  // Invariant: all variables are touched on the thread of `reactor` only.

  let reactor: Reactor
  let configuration: PostgresConfiguration
  private let blocking: BlockingPool

  private var idle: [PostgresConnection] = []
  /// All open connections: idle, in use or recovering.
  private var connections: [PostgresConnection] = []
  private var opening = 0
  private var queue: PoolQueue
  /// Who is on each connection in use.
  private var uses: [ObjectIdentifier: Use] = [:]
  private var failures = 0
  /// Attempts that ran out of time: the next one begins with another host of the DSN.
  private var silences = 0
  private var lastFailure: String?
  private var retryTimer: ReactorTimer?
  private var healthTimer: ReactorTimer?
  private var closing = false
  private var shutdownTimer: ReactorTimer?
  private var whenEmpty: (() -> Void)?

  private struct Use {
    let share: PoolShare?
    /// Units, each a transaction of its own, so that others of the share may join.
    let carriesUnits: Bool
    /// Calls that wait for an answer, or that keep the connection.
    var calls = 1
    /// A call has given up its unit, which may still run: nothing new is put behind it.
    var hasAbandoned = false
  }

  init(_ configuration: PostgresConfiguration, reactor: Reactor, blocking: BlockingPool) {
    self.configuration = configuration
    self.reactor = reactor
    self.blocking = blocking
    queue = PoolQueue(configuration)
  }

  // MARK: Taking and giving back

  /// Gives `waiter` a connection now or within the acquire timeout.
  func acquire(_ waiter: PoolWaiter) {
    reactor.preconditionCurrent()
    if closing { return waiter.fail(.poolClosed) }
    while queue.mayTake(waiter.share), let connection = idle.popLast() {
      if connection.isReusable { return give(connection, to: waiter) }
      connection.close("not reusable")
    }
    if queue.isEmpty, let connection = joinable(by: waiter) {
      return join(connection, waiter)
    }
    do throws(PostgresError) {
      try queue.enqueue(waiter)
    } catch {
      return waiter.fail(error)
    }
    waiter.timer = reactor.schedule(after: configuration.acquireTimeout) { [self] in
      waiter.fail(lastFailure.map { .connectFailed($0) } ?? .poolTimeout)
    }
    open()
  }

  /// Takes a connection back from a call. If something is still under way when the last one has
  /// given it back it is reused after that, or closed if that takes longer than `limit`, else the
  /// recovery timeout. `abandoned`: the call's unit may still run, and the server is asked to stop
  /// it once that can hit nobody else's.
  func release(
    _ connection: PostgresConnection, within limit: Duration? = nil, abandoned: Bool = false
  ) {
    reactor.preconditionCurrent()
    guard connection.isOpen else { return }
    if var use = uses[ObjectIdentifier(connection)] {
      use.calls -= 1
      use.hasAbandoned = use.hasAbandoned || abandoned
      uses[ObjectIdentifier(connection)] = use
      guard use.calls == 0 else { return fill(connection) }
    }
    if connection.isIdle { return settle(connection) }
    if uses[ObjectIdentifier(connection)]?.hasAbandoned == true { connection.stopAll() }
    let timer = reactor.schedule(after: limit ?? configuration.recoveryTimeout) {
      connection.close("what is under way does not end")
    }
    connection.whenIdle = { [self] in
      timer.cancel()
      settle(connection)
    }
  }

  private func settle(_ connection: PostgresConnection) {
    giveBack(connection)
    guard connection.isReusable, !closing else {
      return connection.close("not reusable")
    }
    if let waiter = queue.next() {
      give(connection, to: waiter)
      fill(connection)
    } else {
      idle.append(connection)
      watchHealth()
    }
  }

  private func give(_ connection: PostgresConnection, to waiter: PoolWaiter) {
    queue.took(waiter.share)
    uses[ObjectIdentifier(connection)] = Use(share: waiter.share, carriesUnits: waiter.isUnit)
    waiter.give(connection)
  }

  private func giveBack(_ connection: PostgresConnection) {
    guard let use = uses.removeValue(forKey: ObjectIdentifier(connection)) else { return }
    queue.gaveBack(use.share)
  }

  // MARK: Several units on one connection

  /// The connection of the waiter's own share behind whose units it is to go, the shortest line
  /// first; nil if it is to have one of its own.
  private func joinable(by waiter: PoolWaiter) -> PostgresConnection? {
    guard waiter.isUnit, !mayHope(waiter.share) else { return nil }
    return connections.filter { takesMore($0, waiter.share) }.min { $0.depth < $1.depth }
  }

  private func takesMore(_ connection: PostgresConnection, _ share: PoolShare?) -> Bool {
    guard let use = uses[ObjectIdentifier(connection)] else { return false }
    return use.carriesUnits && use.share == share && !use.hasAbandoned && connection.takesMore
      && connection.depth < configuration.unitsPerConnection
  }

  /// Whether a connection is about to be opened that `share` may have.
  private func mayHope(_ share: PoolShare?) -> Bool {
    queue.mayTake(share) && retryTimer == nil && (room > 0 || opening > 0)
  }

  private func join(_ connection: PostgresConnection, _ waiter: PoolWaiter) {
    uses[ObjectIdentifier(connection)]?.calls += 1
    waiter.give(connection)
  }

  /// Puts those of its share who wait behind the units that are on it, unless others wait for their
  /// end.
  private func fill(_ connection: PostgresConnection) {
    guard let share = uses[ObjectIdentifier(connection)]?.share, !mayHope(share),
      !queue.othersWait(than: share)
    else { return }
    while takesMore(connection, share), let waiter = queue.nextUnit(of: share) {
      join(connection, waiter)
    }
  }

  // MARK: Health

  /// Asks the idle connections for a sign of life now and then; one that gives none in time is
  /// closed: its server is gone without a word, and the next call would find out the slow way.
  private func watchHealth() {
    guard healthTimer == nil, !closing else { return }
    healthTimer = reactor.schedule(after: configuration.healthCheckInterval) { [self] in
      healthTimer = nil
      let asked = idle
      idle = []
      for connection in asked {
        connection.submit([], commits: false) { _ in }
        release(connection, within: configuration.healthCheckTimeout)
      }
    }
  }

  // MARK: Opening

  private func open() {
    guard !closing, retryTimer == nil, room > 0 else { return }
    let wanted = queue.wanted
    while opening < wanted, room > 0 {
      opening += 1
      ConnectionOpening(configuration, firstHost: silences, reactor: reactor, blocking: blocking)
        .start { [self] in opened($0) }
    }
  }

  private var room: Int { configuration.connectionsPerReactor - connections.count - opening }

  private func opened(_ result: Result<PostgresConnection, PostgresError>) {
    opening -= 1
    switch result {
    case .success(let connection):
      failures = 0
      lastFailure = nil
      connections.append(connection)
      connection.whenClosed = { [self, unowned connection] in closed(connection) }
      settle(connection)
    case .failure(let error):
      failures += 1
      if case .connectTimedOut = error { silences += 1 }
      lastFailure = error.connectFailure ?? "\(error)"
      pause()
      tellIfEmpty()
    }
  }

  /// Waits before the next attempt, longer after each failure, by a random part less so that
  /// processes do not return in step.
  private func pause() {
    guard retryTimer == nil, !closing else { return }
    let doubled = configuration.retryPause * (1 << min(failures - 1, 16))
    let longest = min(doubled, configuration.longestRetryPause)
    retryTimer = reactor.schedule(after: longest * Double.random(in: 0.5...1)) { [self] in
      retryTimer = nil
      open()
    }
  }

  private func closed(_ connection: PostgresConnection) {
    connections.removeAll { $0 === connection }
    idle.removeAll { $0 === connection }
    giveBack(connection)
    tellIfEmpty()
    // Its share may have waited for this one while others were idle.
    while let connection = idle.last, connection.isReusable, let waiter = queue.next() {
      idle.removeLast()
      give(connection, to: waiter)
      fill(connection)
    }
    open()
  }

  // MARK: Ending

  /// Refuses new calls, closes idle connections, those in use when they come back, and all that is
  /// left after the recovery timeout. Calls `done` when none is open.
  func shutDown(_ done: @escaping () -> Void) {
    reactor.preconditionCurrent()
    closing = true
    retryTimer?.cancel()
    retryTimer = nil
    healthTimer?.cancel()
    healthTimer = nil
    whenEmpty = done
    for waiter in queue.removeAll() { waiter.fail(.poolClosed) }
    for connection in idle { connection.close("the pool is shut down") }
    shutdownTimer = reactor.schedule(after: configuration.recoveryTimeout) { [self] in
      for connection in connections { connection.close("the pool is shut down") }
    }
    tellIfEmpty()
  }

  private func tellIfEmpty() {
    guard closing, connections.isEmpty, opening == 0, let done = whenEmpty else { return }
    whenEmpty = nil
    shutdownTimer?.cancel()
    done()
  }
}
