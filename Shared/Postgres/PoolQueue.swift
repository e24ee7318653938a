import DequeModule
package import FoundationEssentials
import Reactor

/// Whose part of a pool a call takes: those of one share together have a bounded part of the
/// connections and of the queue, so that they cannot keep the others out.
package typealias PoolShare = UUID

/// The calls that wait for a connection of one reactor, and how many each share has. Pure.
///
/// Shares take turns; one that has all the connections that it may have is passed over. Calls of no
/// share, such as migrations, are bounded by the pool alone.
struct PoolQueue {
  private struct Party {
    /// Connections that its calls hold.
    var held = 0
    var waiters: Deque<PoolWaiter> = []
  }

  private let configuration: PostgresConfiguration
  private var parties: [PoolShare?: Party] = [:]
  /// Those who wait, in the order in which they are served.
  private var turns: Deque<PoolShare?> = []
  private var count = 0

  /// Nobody waits.
  var isEmpty: Bool { count == 0 }

  init(_ configuration: PostgresConfiguration) { self.configuration = configuration }

  // MARK: Connections

  /// Whether `share` may have one connection more.
  func mayTake(_ share: PoolShare?) -> Bool { room(of: share) > 0 }

  mutating func took(_ share: PoolShare?) { parties[share, default: Party()].held += 1 }

  mutating func gaveBack(_ share: PoolShare?) {
    parties[share]?.held -= 1
    forget(share)
  }

  private func room(of share: PoolShare?) -> Int {
    let most =
      share == nil ? configuration.connectionsPerReactor : configuration.connectionsPerShare
    return most - (parties[share]?.held ?? 0)
  }

  // MARK: Waiting

  /// How many connections those who wait could take now.
  var wanted: Int {
    parties.reduce(0) { sum, entry in
      let waiting = entry.value.waiters.reduce(0) { $0 + ($1.isWaiting ? 1 : 0) }
      return sum + min(waiting, max(0, room(of: entry.key)))
    }
  }

  mutating func enqueue(_ waiter: PoolWaiter) throws(PostgresError) {
    let share = waiter.share
    if count >= configuration.queueLimit { dropEnded() }
    if count >= configuration.queueLimit { throw .poolQueueFull }
    let limit = share == nil ? configuration.queueLimit : configuration.queueLimitPerShare
    if parties[share, default: Party()].waiters.count >= limit { dropEnded() }
    if parties[share, default: Party()].waiters.count >= limit { throw .poolShareFull }
    if parties[share, default: Party()].waiters.isEmpty { turns.append(share) }
    parties[share, default: Party()].waiters.append(waiter)
    count += 1
  }

  /// Takes the next waiter out of the queue; nil if none may have a connection.
  mutating func next() -> PoolWaiter? {
    for _ in 0..<turns.count {
      let share = turns.removeFirst()
      guard mayTake(share) else {
        turns.append(share)
        continue
      }
      let waiter = first(of: share)
      if parties[share]?.waiters.isEmpty == false { turns.append(share) } else { forget(share) }
      if let waiter { return waiter }
    }
    return nil
  }

  /// Whether one of another share waits for a connection that it may have.
  func othersWait(than share: PoolShare?) -> Bool {
    turns.contains { $0 != share && mayTake($0) }
  }

  /// Takes the unit out of the queue that is the next of `share`; nil if none waits, or if another
  /// call does, which wants the connection for itself and came before.
  mutating func nextUnit(of share: PoolShare?) -> PoolWaiter? {
    guard parties[share]?.waiters.first(where: \.isWaiting)?.isUnit == true else { return nil }
    let waiter = first(of: share)
    if parties[share]?.waiters.isEmpty == true { turns.removeAll { $0 == share } }
    return waiter
  }

  private mutating func first(of share: PoolShare?) -> PoolWaiter? {
    while let waiter = parties[share]?.waiters.popFirst() {
      count -= 1
      if waiter.isWaiting { return waiter }
    }
    return nil
  }

  /// All that wait, whether they may have a connection or not.
  mutating func removeAll() -> [PoolWaiter] {
    let waiters = parties.values.flatMap(\.waiters)
    for share in turns {
      parties[share]?.waiters = []
      forget(share)
    }
    turns = []
    count = 0
    return waiters
  }

  /// Calls that were cancelled or ran out of time stand in the queue until their turn, or this.
  private mutating func dropEnded() {
    count = 0
    for share in turns {
      parties[share]?.waiters.removeAll { !$0.isWaiting }
      count += parties[share]?.waiters.count ?? 0
    }
    turns.removeAll { parties[$0]?.waiters.isEmpty != false }
    for share in Array(parties.keys) { forget(share) }
  }

  /// A share that holds nothing and waits for nothing leaves no trace.
  private mutating func forget(_ share: PoolShare?) {
    guard let party = parties[share], party.held <= 0, party.waiters.isEmpty else { return }
    parties[share] = nil
  }
}

/// A call that waits for a connection.
final class PoolWaiter {
  let share: PoolShare?
  /// Statements alone that are a transaction of their own, and whose connection others may use
  /// meanwhile.
  let isUnit: Bool
  private var completion: ((Result<PostgresConnection, PostgresError>) -> Void)?
  var timer: ReactorTimer?

  init(
    _ share: PoolShare?, isUnit: Bool,
    _ completion: @escaping (Result<PostgresConnection, PostgresError>) -> Void
  ) {
    self.share = share
    self.isUnit = isUnit
    self.completion = completion
  }

  var isWaiting: Bool { completion != nil }

  func give(_ connection: PostgresConnection) { finish(.success(connection)) }
  func fail(_ error: PostgresError) { finish(.failure(error)) }

  private func finish(_ result: Result<PostgresConnection, PostgresError>) {
    guard let completion else { return }
    self.completion = nil
    timer?.cancel()
    timer = nil
    completion(result)
  }
}
