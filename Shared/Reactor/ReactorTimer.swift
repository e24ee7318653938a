/// A timer of one reactor. The reactor holds it until it has fired, or a while longer than it is
/// cancelled: what its body holds goes at once.
package final class ReactorTimer {
  let due: ContinuousClock.Instant
  private unowned let reactor: Reactor
  private var body: (() -> Void)?
  /// Neither fired nor cancelled.
  fileprivate(set) var isWaiting = true

  init(reactor: Reactor, due: ContinuousClock.Instant, _ body: @escaping () -> Void) {
    self.reactor = reactor
    self.due = due
    self.body = body
  }

  /// Makes sure that the body is not called; does nothing after it was. Reactor thread only.
  package func cancel() {
    if end() { reactor.noteCancelled() }
  }

  /// False when it had fired or been cancelled before.
  func end() -> Bool {
    guard isWaiting else { return false }
    isWaiting = false
    body = nil
    return true
  }

  func fire() {
    let body = self.body
    self.body = nil
    body?()
  }
}

/// A binary heap by due time.
///
/// Most timers are deadlines of calls that end in time: to take each out of its place would cost
/// more than the timer is worth. Cancelled ones stay until they are due or outnumber the rest.
@safe struct TimerHeap: ~Copyable {
  /// Holds a reference to its timer, which `insert` took: as a plain value it is moved about
  /// without counting.
  @safe private struct Entry {
    let due: ContinuousClock.Instant
    let timer: Unmanaged<ReactorTimer>

    init(_ timer: ReactorTimer) {
      due = timer.due
      unsafe self.timer = .passRetained(timer)
    }

    var isWaiting: Bool { unsafe timer._withUnsafeGuaranteedRef { $0.isWaiting } }

    func release() { unsafe timer.release() }

    func take() -> ReactorTimer { unsafe timer.takeRetainedValue() }
  }

  private var entries: [Entry] = []
  private var cancelled = 0
  /// Cancelled timers that are kept however few wait.
  private static let cancelledAllowed = 64

  deinit { for entry in entries { entry.release() } }

  /// Entries that are kept, cancelled ones included.
  var count: Int { entries.count }

  /// When the first timer is due that is not cancelled.
  mutating func nextDue() -> ContinuousClock.Instant? {
    while let first = entries.first {
      if first.isWaiting { return first.due }
      _ = removeFirst()
      cancelled -= 1
    }
    return nil
  }

  mutating func insert(_ timer: ReactorTimer) {
    entries.append(Entry(timer))
    rise(entries.count - 1)
  }

  /// A timer of this heap has been cancelled.
  mutating func noteCancelled() {
    cancelled += 1
    guard cancelled > Self.cancelledAllowed, cancelled > entries.count / 2 else { return }
    cancelled = 0
    var kept = 0
    for index in entries.indices {
      if entries[index].isWaiting {
        entries.swapAt(kept, index)
        kept += 1
      } else {
        entries[index].release()
      }
    }
    entries.removeLast(entries.count - kept)
    for parent in stride(from: entries.count / 2 - 1, through: 0, by: -1) { sink(parent) }
  }

  /// The earliest timer that is due, if any. It is fired by the caller, outside any access to the
  /// heap: its body may insert and cancel timers.
  mutating func takeDue(at now: ContinuousClock.Instant) -> ReactorTimer? {
    guard let due = nextDue(), due <= now else { return nil }
    let timer = removeFirst()
    timer.isWaiting = false
    return timer
  }

  private mutating func removeFirst() -> ReactorTimer {
    let last = entries.removeLast()
    guard let first = entries.first else { return last.take() }
    entries[0] = last
    sink(0)
    return first.take()
  }

  private mutating func rise(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      if entries[parent].due <= entries[child].due { return }
      entries.swapAt(parent, child)
      child = parent
    }
  }

  private mutating func sink(_ start: Int) {
    var parent = start
    while true {
      var least = parent
      for child in 2 * parent + 1..<min(2 * parent + 3, max(entries.count, 2 * parent + 1))
      where entries[child].due < entries[least].due {
        least = child
      }
      if least == parent { return }
      entries.swapAt(parent, least)
      parent = least
    }
  }
}
