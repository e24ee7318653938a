import Glibc
import Synchronization
import Testing

@testable import Reactor

@Suite struct ReactorTests {
  /// Runs `body` on a reactor's thread and waits for what it hands to `finish`.
  private func onReactor<Value: Sendable>(
    _ body: @escaping @Sendable (Reactor, @escaping @Sendable (Value) -> Void) -> Void
  ) async throws -> Value {
    let reactor = try Reactor(index: 0)
    reactor.start()
    let value = await withCheckedContinuation { continuation in
      reactor.execute { body(reactor) { continuation.resume(returning: $0) } }
    }
    reactor.shutdown()
    return value
  }

  @Test func `messages run on the reactor's thread in the order in which they came`() async throws {
    let reactor = try Reactor(index: 0)
    reactor.start()
    let seen = Mutex<[Int]>([])
    for number in 0..<1_000 {
      reactor.execute {
        reactor.preconditionCurrent()
        seen.withLock { $0.append(number) }
      }
    }
    reactor.shutdown()
    #expect(seen.withLock { $0 } == Array(0..<1_000))
    #expect(Reactor.current == nil)
  }

  @Test func `a task with the reactor as its executor stays on its thread over suspensions`()
    async throws
  {
    let reactor = try Reactor(index: 0)
    reactor.start()
    let task = Task(executorPreference: reactor) {
      var stayed = Reactor.current === reactor
      for _ in 0..<100 {
        await Task.yield()
        stayed = stayed && Reactor.current === reactor
      }
      await withTaskGroup(of: Bool.self) { group in
        for _ in 0..<10 { group.addTask { Reactor.current === reactor } }
        for await same in group { stayed = stayed && same }
      }
      return stayed
    }
    #expect(await task.value)
    reactor.shutdown()
  }

  @Test func `timers fire in the order of their times, those that were cancelled do not`()
    throws
  {
    let reactor = try Reactor(index: 0)
    let start = ContinuousClock.now
    var heap = TimerHeap()
    var fired: [Int] = []
    var timers: [Int: ReactorTimer] = [:]
    for number in [5, 3, 9, 1, 7, 2, 8, 4, 6] {
      let timer = ReactorTimer(reactor: reactor, due: start + .seconds(number)) {
        fired.append(number)
      }
      timers[number] = timer
      heap.insert(timer)
    }
    for number in [1, 3, 7, 7] where try #require(timers[number]).end() {
      heap.noteCancelled()
    }
    #expect(heap.nextDue() == start + .seconds(2))
    while let timer = heap.takeDue(at: start + .seconds(8)) { timer.fire() }
    #expect(fired == [2, 4, 5, 6, 8])
    #expect(heap.nextDue() == start + .seconds(9))
  }

  @Test func `cancelled timers are let go of before they outnumber the rest`() throws {
    let reactor = try Reactor(index: 0)
    let start = ContinuousClock.now
    var heap = TimerHeap()
    var most = 0
    // Deadlines of calls that end in time, in another order than they began.
    var open: [ReactorTimer] = []
    for number in 0..<10_000 {
      let timer = ReactorTimer(reactor: reactor, due: start + .seconds(60 + number % 7)) {}
      heap.insert(timer)
      open.append(timer)
      if open.count > 10, open.remove(at: number % 10).end() { heap.noteCancelled() }
      most = max(most, heap.count)
    }
    #expect(most < 150)
    var last = start
    var left = 0
    while let timer = heap.takeDue(at: start + .seconds(100)) {
      #expect(timer.due >= last)
      last = timer.due
      left += 1
    }
    #expect(left == open.count)
  }

  @Test func `a timer may set and cancel others when it fires`() async throws {
    let fired: [String] = try await onReactor { reactor, finish in
      var fired: [String] = []
      let late = reactor.schedule(after: .milliseconds(5)) { fired.append("late") }
      _ = reactor.schedule(after: .zero) {
        fired.append("first")
        late.cancel()
        _ = reactor.schedule(after: .milliseconds(10)) {
          finish(fired + ["second"])
        }
      }
    }
    #expect(fired == ["first", "second"])
  }

  private final class PipeReader: ReadinessHandler, TurnEndHandler {
    let descriptor: Int32
    let reactor: Reactor
    let finish: @Sendable ([String]) -> Void
    var events: [String] = []

    init(
      _ descriptor: Int32, _ reactor: Reactor, _ finish: @escaping @Sendable ([String]) -> Void
    ) {
      self.descriptor = descriptor
      self.reactor = reactor
      self.finish = finish
    }

    func ready(_ readiness: Readiness) {
      var byte: UInt8 = 0
      if unsafe read(descriptor, &byte, 1) == 1 {
        events.append("read \(byte)")
        reactor.atEndOfTurn(self)
      } else {
        reactor.deregister(descriptor)
        finish(events + ["closed"])
      }
    }

    func turnEnded() { events.append("turn ended") }
  }

  @Test func `a descriptor tells as long as there are bytes, and of its end`() async throws {
    var ends: [Int32] = [0, 0]
    #expect(unsafe pipe(&ends) == 0)
    let (input, output) = (ends[0], ends[1])
    defer { close(input) }
    let events: [String] = try await onReactor { reactor, finish in
      let reader = PipeReader(input, reactor, finish)
      guard (try? reactor.register(input, .read, reader)) != nil else { return finish([]) }
      var bytes: [UInt8] = [1, 2]
      unsafe write(output, &bytes, 2)
      close(output)
    }
    #expect(events == ["read 1", "turn ended", "read 2", "turn ended", "closed"])
  }

  @Test func `a signal becomes an event of the reactor`() async throws {
    let number: Int32 = try await onReactor { reactor, finish in
      guard let watcher = try? SignalWatcher([SIGUSR1], { finish($0) }) else { return finish(0) }
      watcher.deliver(on: reactor)
      reactor.execute { kill(getpid(), SIGUSR1) }
    }
    #expect(number == SIGUSR1)
  }
}

@Suite struct BlockingPoolTests {
  @Test func `work runs off the caller's thread and its errors come back`() async throws {
    struct Failure: Error {}
    let pool = BlockingPool(threads: 2, queueLimit: 4)
    #expect(try await pool.run { 6 * 7 } == 42)
    await #expect(throws: Failure.self) { try await pool.run { throw Failure() } }
    pool.shutdown()
    await #expect(throws: BlockingPoolError.closed) { try await pool.run { 1 } }
  }

  @Test func `a full queue refuses`() throws {
    let pool = BlockingPool(threads: 1, queueLimit: 2)
    let (started, release) = (Gate(), Gate())
    try pool.submit {
      started.open()
      release.wait()
    }
    started.wait()
    try pool.submit {}
    try pool.submit {}
    #expect(pool.isFull)
    #expect(throws: BlockingPoolError.full(limit: 2)) { try pool.submit {} }
    release.open()
    pool.shutdown()
  }

  @Test func `threads in the background give way to all others, and only they`() async throws {
    for inBackground in [false, true] {
      let pool = BlockingPool(threads: 1, queueLimit: 1, inBackground: inBackground)
      let policy = try await pool.run { sched_getscheduler(0) }
      #expect(policy == (inBackground ? BlockingPool.idlePolicy : SCHED_OTHER))
      pool.shutdown()
    }
  }

  @Test func `shutdown finishes what waits`() throws {
    let pool = BlockingPool(threads: 1, queueLimit: 100)
    let count = Atomic<Int>(0)
    for _ in 0..<100 { try pool.submit { count.add(1, ordering: .relaxed) } }
    pool.shutdown()
    #expect(count.load(ordering: .relaxed) == 100)
  }

  /// A POSIX semaphore: the work under test blocks a thread, as its name says.
  @safe private final class Gate: @unchecked Sendable {
    // Invariant: the semaphore lives as long as the gate.
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
      unsafe semaphore = .allocate(capacity: 1)
      unsafe sem_init(semaphore, 0, 0)
    }

    deinit {
      unsafe sem_destroy(semaphore)
      unsafe semaphore.deallocate()
    }

    func open() { unsafe sem_post(semaphore) }
    func wait() { while unsafe sem_wait(semaphore) != 0 {} }
  }
}
