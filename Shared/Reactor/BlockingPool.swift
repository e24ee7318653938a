import DequeModule
import Glibc

package enum BlockingPoolError: Error, Equatable {
  /// The queue holds `limit` pieces of work: the caller sheds load.
  case full(limit: Int)
  case closed
}

/// A small, bounded pool of threads for work that blocks or computes for long (Argon2,
/// getaddrinfo, PQcancel), so that a reactor never waits.
@safe package final class BlockingPool: @unchecked Sendable {
  // Invariant: `queue`, `closed` are touched with `mutex` held; `threads` by init and shutdown.

  package let queueLimit: Int
  private let inBackground: Bool
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var queue: Deque<() -> Void> = []
  private var closed = false
  private var threads: [pthread_t] = []

  /// `threads` run work; `queueLimit` pieces of work may wait for them. Threads `inBackground` run
  /// when nobody else of the machine wants the core, and leave it at once to whoever does.
  package init(threads count: Int, queueLimit: Int, inBackground: Bool = false) {
    precondition(count > 0 && queueLimit > 0, "a pool has threads and a queue")
    self.queueLimit = queueLimit
    self.inBackground = inBackground
    unsafe mutex = .allocate(capacity: 1)
    unsafe condition = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
    for _ in 0..<count {
      var id = pthread_t()
      let argument = unsafe Unmanaged.passRetained(self).toOpaque()
      let failed = unsafe pthread_create(&id, nil, { argument in
        // `init` retained the pool for each of its threads.
        let pool = unsafe Unmanaged<BlockingPool>.fromOpaque(argument!).takeRetainedValue()
        pool.work()
        return nil
      }, argument)
      precondition(failed == 0, "pthread_create failed with \(failed)")
      threads.append(id)
    }
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe pthread_cond_destroy(condition)
    unsafe mutex.deallocate()
    unsafe condition.deallocate()
  }

  /// Runs `body` on one of the pool's threads.
  /// - Throws: what `body` throws; `BlockingPoolError` when it could not be taken in.
  package func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      do {
        try submit { continuation.resume(with: Result(catching: body)) }
      } catch {
        continuation.resume(throwing: error)
      }
    }
  }

  /// Hands `work` in without waiting for it.
  package func submit(_ work: @escaping @Sendable () -> Void) throws(BlockingPoolError) {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    if closed { throw .closed }
    if queue.count >= queueLimit { throw .full(limit: queueLimit) }
    queue.append(work)
    unsafe pthread_cond_signal(condition)
  }

  /// Whether work that is handed in now would be refused: for who can tell before other work.
  package var isFull: Bool {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return queue.count >= queueLimit
  }

  /// Takes in no more, finishes what waits and joins the threads.
  package func shutdown() {
    unsafe pthread_mutex_lock(mutex)
    closed = true
    unsafe pthread_cond_broadcast(condition)
    unsafe pthread_mutex_unlock(mutex)
    for id in threads { pthread_join(id, nil) }
    threads = []
  }

  private func work() {
    if inBackground { Self.stepBack() }
    while true {
      unsafe pthread_mutex_lock(mutex)
      while queue.isEmpty && !closed { unsafe pthread_cond_wait(condition, mutex) }
      let next = queue.popFirst()
      unsafe pthread_mutex_unlock(mutex)
      guard let next else { return }
      next()
    }
  }

  /// SCHED_IDLE, which Swift does not see: a macro for GNU alone.
  static let idlePolicy: Int32 = 5

  /// Puts the calling thread behind all others. A low niceness is not enough: the scheduler lets
  /// such a thread finish its slice, milliseconds, while one of SCHED_IDLE gives way to whoever
  /// wakes up, and its core counts as free (sched(7)).
  private static func stepBack() {
    var none = sched_param()
    // Both are never refused, unless by a filter of system calls; then the second has to do.
    if unsafe sched_setscheduler(0, idlePolicy, &none) != 0 {
      // Linux counts it for each thread, against POSIX.
      setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
    }
  }
}
