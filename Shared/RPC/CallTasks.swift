import Reactor

/// The tasks of one reactor's handlers. A task serves one call after the other: to begin a new one
/// for each would cost a small call an eighth of its time.
// Unchecked: touched on the reactor's thread only, as are its tasks between two calls.
final class CallTasks: @unchecked Sendable {
  /// Tasks that wait for a call.
  private static let idleLimit = 256
  /// Calls of one task: what it needed most is given back then.
  private static let callLimit = 4_096

  private let reactor: Reactor
  private var idle: [CallTask] = []

  init(_ reactor: Reactor) { self.reactor = reactor }

  deinit { for task in idle { task.end() } }

  /// Has the call's handler run in a later step of this turn.
  /// - Returns: the task, to be cancelled with the call and not after it.
  func begin(_ stream: ServerStream) -> Task<Void, Never> {
    if let task = idle.popLast() { return task.take(stream) }
    return CallTask.start(stream, on: reactor)
  }

  /// Whether a task may wait for another call.
  fileprivate func admits(_ task: CallTask) -> Bool {
    idle.count < Self.idleLimit && task.calls < Self.callLimit
  }

  fileprivate func wait(_ task: CallTask) { idle.append(task) }
}

// Unchecked: as above.
@safe private final class CallTask: @unchecked Sendable {
  private(set) var calls = 0
  private var stream: ServerStream?
  private var task: Task<Void, Never>?
  private var waiting: UnsafeContinuation<Bool, Never>?

  static func start(_ stream: ServerStream, on reactor: Reactor) -> Task<Void, Never> {
    let new = CallTask()
    new.stream = stream
    // The one place that starts a handler: its task ends with the call or is cancelled by it.
    let task = Task(executorPreference: reactor) { await new.serve() }
    new.task = task
    return task
  }

  func take(_ stream: ServerStream) -> Task<Void, Never> {
    guard let task, let waiting = unsafe waiting else {
      preconditionFailure("only a task that waits takes a call")
    }
    self.stream = stream
    unsafe self.waiting = nil
    unsafe waiting.resume(returning: true)
    return task
  }

  func end() {
    unsafe waiting?.resume(returning: false)
    unsafe waiting = nil
  }

  private nonisolated(nonsending) func serve() async {
    repeat {
      if let stream {
        do {
          try await stream.serve(stream)
          stream.handlerEnded(nil)
        } catch {
          stream.handlerEnded(error)
        }
      }
      calls += 1
    } while await next()
    task = nil
  }

  /// Waits for another call. Whoever waits holds neither its last call nor the server.
  private nonisolated(nonsending) func next() async -> Bool {
    // A task that was cancelled stays so: it is of no use to another call.
    guard !Task.isCancelled, stream?.tasks.admits(self) == true else { return false }
    return await unsafe withUnsafeContinuation { continuation in
      unsafe waiting = continuation
      stream?.tasks.wait(self)
      stream = nil
    }
  }
}
