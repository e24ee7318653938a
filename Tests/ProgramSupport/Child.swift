package import Foundation
import Glibc
import Synchronization

/// A program that a test starts, with its output line by line. It is killed when the test forgets
/// it.
///
/// Started with posix_spawn: Foundation's `Process` can lock up when two are started at once, and
/// lets each child inherit the other's pipes.
package final class Child: Sendable {
  package let pid: Int32
  /// Lines of standard output and standard error in the order in which they came.
  package let lines: AsyncStream<String>
  private let ended: Ended
  private static let starting = Mutex(())

  /// How it ended: the exit status, or the number of the signal.
  package enum End: Sendable, Equatable {
    case exit(Int32)
    case signal(Int32)
  }

  package struct NotStarted: Error, CustomStringConvertible {
    let program: String
    let code: Int32
    package var description: String { unsafe "\(program): \(String(cString: strerror(code)))" }
  }

  /// - Parameters:
  ///   - environment: added to that of the test.
  ///   - input: what it reads; nil: its input stays open and silent until its output ends.
  package init(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:],
    input: Data? = Data()
  ) throws {
    // Under a lock, so that no child is started between a pipe's making and its closing on exec.
    let (output, source) = try Self.starting.withLock { _ in (try Self.pipe(), try Self.pipe()) }
    defer {
      close(output.write)
      close(source.read)
    }
    let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    do {
      pid = try Self.starting.withLock { _ in
        try Self.spawn(
          [program.path] + arguments, all.map { "\($0.key)=\($0.value)" }, input: source.read,
          output: output.write)
      }
    } catch {
      close(output.read)
      close(source.write)
      throw error
    }
    let ended = Ended()
    let (stream, continuation) = AsyncStream.makeStream(of: String.self)
    (self.ended, lines) = (ended, stream)
    let pid = pid
    // Threads of their own: reading and waiting block.
    if let input {
      Thread.detachNewThread {
        Self.write(input, to: source.write)
        close(source.write)
      }
    }
    Thread.detachNewThread {
      Self.readLines(output.read) { continuation.yield($0) }
      close(output.read)
      if input == nil { close(source.write) }
      continuation.finish()
      var status: Int32 = 0
      while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
      let signal = status & 0x7F
      ended.tell(signal == 0 ? .exit((status >> 8) & 0xFF) : .signal(signal))
    }
  }

  deinit { signal(SIGKILL) }

  /// Nothing once it has ended: the number may be another process's by then.
  package func signal(_ signal: Int32) {
    if endSoFar == nil { kill(pid, signal) }
  }

  package func end() async -> End { await ended.wait() }

  /// How it ended; nil while it runs.
  package var endSoFar: End? { ended.soFar }

  /// Runs a program to its end and returns its output.
  package static func run(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:],
    input: Data? = Data()
  ) async throws -> (end: End, output: String) {
    let child = try Child(program, arguments, environment: environment, input: input)
    var output: [String] = []
    for await line in child.lines { output.append(line) }
    return (await child.end(), output.joined(separator: "\n"))
  }

  /// Runs a program to its end on the thread of the caller, which waits.
  /// - Returns: the exit status, 128 and more for a signal, and both outputs, mingled.
  package static func runBlocking(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:],
    holdingInput: Bool = false
  ) throws -> (status: Int32, output: String) {
    let (output, source) = try starting.withLock { _ in (try pipe(), try pipe()) }
    defer { close(output.read) }
    let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let spawned = Result {
      try starting.withLock { _ in
        try spawn(
          [program.path] + arguments, all.map { "\($0.key)=\($0.value)" }, input: source.read,
          output: output.write)
      }
    }
    close(output.write)
    close(source.read)
    if !holdingInput { close(source.write) }
    defer { if holdingInput { close(source.write) } }
    let pid = try spawned.get()
    var lines: [String] = []
    readLines(output.read) { lines.append($0) }
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return (signal == 0 ? (status >> 8) & 0xFF : 128 + signal, lines.joined(separator: "\n"))
  }

  // MARK: The system

  /// Neither end is inherited by a child that another test starts meanwhile.
  private static func pipe() throws -> (read: Int32, write: Int32) {
    var ends: [Int32] = [0, 0]
    guard unsafe Glibc.pipe(&ends) == 0 else {
      throw NotStarted(program: "pipe", code: errno)
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  private static func spawn(
    _ arguments: [String], _ environment: [String], input: Int32, output: Int32
  ) throws -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 2)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var pid: Int32 = 0
    let code = unsafe withPointers(arguments) { arguments in
      unsafe withPointers(environment) { environment in
        unsafe posix_spawn(&pid, arguments[0]!, &actions, &attributes, arguments, environment)
      }
    }
    guard code == 0 else { throw NotStarted(program: arguments[0], code: code) }
    return pid
  }

  /// The texts as C wants them: pointers, with nil behind the last.
  private static func withPointers<Value>(
    _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Value
  ) -> Value {
    var pointers = unsafe texts.map { unsafe strdup($0) } + [nil]
    defer { for unsafe pointer in unsafe pointers { unsafe free(pointer) } }
    return unsafe pointers.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress!) }
  }

  private static func write(_ data: Data, to descriptor: Int32) {
    var rest = [UInt8](data)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      // A program that has closed its input wants no more of it.
      if count <= 0 { return }
      rest = rest.dropFirst(count)
    }
  }

  private static func readLines(_ descriptor: Int32, _ line: (String) -> Void) {
    var rest: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      rest += buffer[..<count]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        line(String(decoding: rest[..<end], as: UTF8.self))
        rest.removeSubrange(...end)
      }
    }
    if !rest.isEmpty { line(String(decoding: rest, as: UTF8.self)) }
  }
}

/// The end of a program, for whoever waits for it.
private final class Ended: Sendable {
  private struct State {
    var end: Child.End?
    var waiting: [CheckedContinuation<Child.End, Never>] = []
  }

  private let state = Mutex(State())

  var soFar: Child.End? { state.withLock { $0.end } }

  func tell(_ end: Child.End) {
    let waiting = state.withLock { state in
      state.end = end
      defer { state.waiting = [] }
      return state.waiting
    }
    for waiter in waiting { waiter.resume(returning: end) }
  }

  func wait() async -> Child.End {
    await withCheckedContinuation { continuation in
      let end = state.withLock { state -> Child.End? in
        if state.end == nil { state.waiting.append(continuation) }
        return state.end
      }
      if let end { continuation.resume(returning: end) }
    }
  }
}
