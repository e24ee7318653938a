import CEpoll
import Glibc
import Synchronization

/// One epoll thread that is a Swift task executor: a task started with this executor preference
/// runs on the thread that holds its socket and its database connection.
///
/// A turn of the loop: wait, tell the handlers of ready descriptors, run the jobs and messages that
/// have come in, fire the timers that are due, then let every connection that was touched flush
/// once. The order of jobs is the order in which they came.
package final class Reactor: TaskExecutor, @unchecked Sendable {
  // Invariant: `inbox`, `epoll`, `wake` and `index` are safe from any thread; all other stored
  // state is touched by the reactor's own thread only, which `preconditionCurrent` checks.

  package let index: Int
  private let epoll: Int32
  private let wake: Int32
  private let inbox = Mutex<Inbox>(Inbox())

  private var local: [Work] = []
  /// Empty, with the room that `local` has needed; as `touchedBefore` for `touched`.
  private var localBefore: [Work] = []
  private var slots: [Slot?] = []
  private var turn: UInt64 = 0
  private var touched: [any TurnEndHandler] = []
  private var touchedBefore: [any TurnEndHandler] = []
  private var timers = TimerHeap()
  private var stopping = false
  private var thread: pthread_t?

  private struct Inbox {
    var work: [Work] = []
    var stopped = false
  }

  private enum Work {
    case job(UnownedJob)
    case message(@Sendable () -> Void)
  }

  private struct Slot {
    let handler: any ReadinessHandler
    /// The turn of the registration: events that were gathered before it belong to a descriptor
    /// of the same number that has been closed since.
    let since: UInt64
  }

  /// Rounds of jobs within one turn before sockets are looked at again.
  private static let roundsPerTurn = 8
  /// Events taken from the kernel at once.
  private static let eventsPerWait = 256

  private static let longestWaitSeconds: Int64 = 86_400
  private static let attosecondsPerMillisecond: Int64 = 1_000_000_000_000_000

  /// Creates the descriptors; the loop runs after `start()`.
  package init(index: Int) throws(ReactorError) {
    self.index = index
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { throw ReactorError(call: "epoll_create1", code: ikso_errno()) }
    wake = ikso_wake_descriptor()
    guard wake >= 0 else {
      let code = ikso_errno()
      Glibc.close(epoll)
      throw ReactorError(call: "eventfd", code: code)
    }
    _ = ikso_epoll_control(epoll, EPOLL_CTL_ADD, wake, UInt32(EPOLLIN.rawValue))
  }

  deinit {
    Glibc.close(epoll)
    Glibc.close(wake)
  }

  /// The reactor whose thread this is.
  package static var current: Reactor? {
    guard let owner = unsafe ikso_thread_owner() else { return nil }
    // The thread's pointer is set for the life of `run`, which holds the reactor.
    return unsafe Unmanaged<Reactor>.fromOpaque(owner).takeUnretainedValue()
  }

  package var isCurrent: Bool {
    unsafe ikso_thread_owner() == UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
  }

  package func preconditionCurrent(_ what: StaticString = #function) {
    precondition(isCurrent, "\(what) belongs to the thread of reactor \(index)")
  }

  // MARK: Life

  /// Starts the thread.
  package func start() {
    precondition(thread == nil, "a reactor starts once")
    let argument = unsafe Unmanaged.passRetained(self).toOpaque()
    var id = pthread_t()
    let failed = unsafe pthread_create(&id, nil, { argument in
      // `start` retained the reactor for its thread.
      let reactor = unsafe Unmanaged<Reactor>.fromOpaque(argument!).takeRetainedValue()
      reactor.run()
      return nil
    }, argument)
    precondition(failed == 0, "pthread_create failed with \(failed)")
    thread = id
  }

  /// Ends the loop after the work that has been handed in and joins the thread. What comes later is
  /// dropped: end servers, clients and pools first. Not from the reactor's own thread.
  package func shutdown() {
    precondition(!isCurrent, "a reactor cannot join its own thread")
    guard let id = thread else { return }
    execute { [self] in stopping = true }
    pthread_join(id, nil)
    thread = nil
  }

  /// Runs `work` on the reactor's thread, after what was handed in before. From any thread.
  package func execute(_ work: @escaping @Sendable () -> Void) {
    enqueue(.message(work))
  }

  package func enqueue(_ job: consuming ExecutorJob) {
    enqueue(.job(UnownedJob(job)))
  }

  private func enqueue(_ work: Work) {
    if isCurrent {
      local.append(work)
      return
    }
    let mustWake = inbox.withLock { inbox in
      if inbox.stopped { return false }
      inbox.work.append(work)
      return inbox.work.count == 1
    }
    if mustWake { ikso_wake(wake) }
  }

  // MARK: Descriptors (reactor thread)

  /// Watches `descriptor`, level-triggered, until `deregister`.
  package func register(
    _ descriptor: Int32, _ interest: Interest, _ handler: any ReadinessHandler
  ) throws(ReactorError) {
    preconditionCurrent()
    while slots.count <= Int(descriptor) { slots.append(nil) }
    precondition(slots[Int(descriptor)] == nil, "descriptor \(descriptor) is registered already")
    guard ikso_epoll_control(epoll, EPOLL_CTL_ADD, descriptor, interest.events) == 0 else {
      throw ReactorError(call: "epoll_ctl", code: ikso_errno())
    }
    slots[Int(descriptor)] = Slot(handler: handler, since: turn)
  }

  package func update(_ descriptor: Int32, _ interest: Interest) {
    preconditionCurrent()
    let result = ikso_epoll_control(epoll, EPOLL_CTL_MOD, descriptor, interest.events)
    precondition(result == 0, "descriptor \(descriptor) is not registered")
  }

  /// Forgets `descriptor`; its handler is not called again. Before `close`.
  package func deregister(_ descriptor: Int32) {
    preconditionCurrent()
    guard Int(descriptor) < slots.count, slots[Int(descriptor)] != nil else { return }
    slots[Int(descriptor)] = nil
    _ = ikso_epoll_control(epoll, EPOLL_CTL_DEL, descriptor, 0)
  }

  /// Calls `handler` once at the end of this turn, after the jobs: the place to flush output.
  /// The caller sees to it that it enters itself once a turn.
  package func atEndOfTurn(_ handler: any TurnEndHandler) {
    preconditionCurrent()
    touched.append(handler)
  }

  /// Runs `body` on this thread after `delay`, unless the timer is cancelled before.
  package func schedule(after delay: Duration, _ body: @escaping () -> Void) -> ReactorTimer {
    schedule(at: ContinuousClock.now + delay, body)
  }

  /// Runs `body` on this thread at `due`, unless the timer is cancelled before.
  package func schedule(
    at due: ContinuousClock.Instant, _ body: @escaping () -> Void
  ) -> ReactorTimer {
    preconditionCurrent()
    let timer = ReactorTimer(reactor: self, due: due, body)
    timers.insert(timer)
    return timer
  }

  func noteCancelled() {
    preconditionCurrent()
    timers.noteCancelled()
  }

  // MARK: The loop

  private func run() {
    unsafe ikso_thread_owner_set(UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque()))
    unsafe ikso_thread_name_set("reactor-\(index)")
    var descriptors = [Int32](repeating: 0, count: Self.eventsPerWait)
    var events = [UInt32](repeating: 0, count: Self.eventsPerWait)
    let executor = unsafe asUnownedTaskExecutor()
    while !stopping {
      let count = unsafe ikso_epoll_wait(
        epoll, &descriptors, &events, Int32(Self.eventsPerWait), waitMilliseconds())
      turn &+= 1
      for position in 0..<max(0, Int(count)) {
        tell(descriptors[position], events[position])
      }
      unsafe runWork(executor)
      fireTimers()
      unsafe runWork(executor)
      while !touched.isEmpty {
        var handlers = touchedBefore
        touchedBefore = []
        swap(&handlers, &touched)
        for handler in handlers { handler.turnEnded() }
        handlers.removeAll(keepingCapacity: true)
        touchedBefore = handlers
      }
    }
    inbox.withLock { inbox in
      inbox.stopped = true
      inbox.work = []
    }
    // What is still registered would otherwise live as long as the reactor, and hold it.
    slots = []
    timers = TimerHeap()
    touched = []
    local = []
    ikso_thread_owner_set(nil)
  }

  private func fireTimers() {
    guard timers.nextDue() != nil else { return }
    let now = ContinuousClock.now
    while let timer = timers.takeDue(at: now) { timer.fire() }
  }

  private func waitMilliseconds() -> Int32 {
    if !local.isEmpty { return 0 }
    guard let due = timers.nextDue() else { return -1 }
    let (seconds, attoseconds) = (due - .now).components
    if seconds < 0 || attoseconds < 0 { return 0 }
    // Rounded up: the loop does not spin through a timer's last millisecond.
    let part = (attoseconds + Self.attosecondsPerMillisecond - 1) / Self.attosecondsPerMillisecond
    return Int32(min(seconds, Self.longestWaitSeconds) * 1_000 + part)
  }

  private func tell(_ descriptor: Int32, _ events: UInt32) {
    if descriptor == wake {
      ikso_wake_clear(wake)
      return
    }
    guard let slot = slots[Int(descriptor)], slot.since != turn else { return }
    slot.handler.ready(Readiness(events: events))
  }

  private func runWork(_ executor: UnownedTaskExecutor) {
    for _ in 0..<Self.roundsPerTurn {
      let foreign = inbox.withLock { inbox in
        let work = inbox.work
        if !work.isEmpty { inbox.work = [] }
        return work
      }
      if local.isEmpty && foreign.isEmpty { return }
      var own = localBefore
      localBefore = []
      swap(&own, &local)
      for work in own { unsafe perform(work, executor) }
      own.removeAll(keepingCapacity: true)
      localBefore = own
      for work in foreign { unsafe perform(work, executor) }
    }
    // More is waiting: look at the sockets first, without going to sleep.
    if inbox.withLock({ !$0.work.isEmpty }) { local.append(.message({})) }
  }

  private func perform(_ work: Work, _ executor: UnownedTaskExecutor) {
    switch work {
    case .job(let job): unsafe job.runSynchronously(on: executor)
    case .message(let message): message()
    }
  }
}

/// A system call that the reactor needs has failed.
package struct ReactorError: Error, CustomStringConvertible {
  package let call: String
  /// errno.
  package let code: Int32

  package init(call: String, code: Int32) {
    self.call = call
    self.code = code
  }

  package var description: String {
    unsafe "\(call): \(String(cString: strerror(code)))"
  }
}
