/// A timer of one reactor. The reactor holds it until it has fired or is cancelled.
package final class ReactorTimer {
  let due: ContinuousClock.Instant
  private unowned let reactor: Reactor
  private var body: (() -> Void)?
  /// Position in the heap; nil when it is not waiting.
  fileprivate var position: Int?

  init(reactor: Reactor, due: ContinuousClock.Instant, _ body: @escaping () -> Void) {
    self.reactor = reactor
    self.due = due
    self.body = body
  }

  /// Makes sure that the body is not called; does nothing after it was. Reactor thread only.
  package func cancel() {
    guard position != nil else { return }
    reactor.cancel(self)
    body = nil
  }

  func fire() {
    let body = self.body
    self.body = nil
    body?()
  }
}

/// A binary heap by due time whose entries know their position, so that the timers of calls that
/// ended in time leave at once instead of waiting for their deadline.
struct TimerHeap {
  private var entries: [ReactorTimer] = []

  var nextDue: ContinuousClock.Instant? { entries.first?.due }

  mutating func insert(_ timer: ReactorTimer) {
    timer.position = entries.count
    entries.append(timer)
    rise(entries.count - 1)
  }

  mutating func remove(_ timer: ReactorTimer) {
    guard let position = timer.position else { return }
    timer.position = nil
    let last = entries.removeLast()
    if last === timer { return }
    entries[position] = last
    last.position = position
    rise(position)
    if let moved = last.position { sink(moved) }
  }

  /// The earliest timer that is due, if any. It is fired by the caller, outside any access to the
  /// heap: its body may insert and cancel timers.
  mutating func takeDue(at now: ContinuousClock.Instant) -> ReactorTimer? {
    guard let first = entries.first, first.due <= now else { return nil }
    remove(first)
    return first
  }

  private mutating func rise(_ start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      if entries[parent].due <= entries[child].due { return }
      swap(parent, child)
      child = parent
    }
  }

  private mutating func sink(_ start: Int) {
    var parent = start
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
        if entries[child].due < entries[least].due { least = child }
      }
      if least == parent { return }
      swap(parent, least)
      parent = least
    }
  }

  private mutating func swap(_ left: Int, _ right: Int) {
    entries.swapAt(left, right)
    entries[left].position = left
    entries[right].position = right
  }
}
