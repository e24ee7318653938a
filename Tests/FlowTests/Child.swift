import Foundation
import Glibc
import Synchronization

/// A program that a test starts, with its output line by line. It is killed when the test forgets
/// it.
final class Child: Sendable {
  private let process: Mutex<Process>
  let pid: Int32
  /// Lines of standard output and standard error in the order in which they came.
  let lines: AsyncStream<String>
  private let ended: Ended

  /// How it ended: the exit status, or the number of the signal.
  enum End: Sendable, Equatable {
    case exit(Int32)
    case signal(Int32)
  }

  init(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:],
    input: Data? = nil
  ) throws {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    let pipe = input.map { _ in Pipe() }
    process.standardInput = pipe ?? FileHandle.nullDevice
    let ended = Ended()
    process.terminationHandler = { process in
      let status = process.terminationStatus
      ended.tell(process.terminationReason == .exit ? .exit(status) : .signal(status))
    }
    lines = Self.lines(of: output.fileHandleForReading)
    try process.run()
    pid = process.processIdentifier
    self.ended = ended
    self.process = Mutex(process)
    if let input, let pipe {
      try pipe.fileHandleForWriting.write(contentsOf: input)
      try pipe.fileHandleForWriting.close()
    }
  }

  deinit {
    process.withLock { if $0.isRunning { Glibc.kill(pid, SIGKILL) } }
  }

  func signal(_ signal: Int32) { Glibc.kill(pid, signal) }

  func end() async -> End { await ended.wait() }

  /// Runs a program to its end and returns its output.
  static func run(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:],
    input: Data? = nil
  ) async throws -> (end: End, output: String) {
    let child = try Child(program, arguments, environment: environment, input: input)
    var output: [String] = []
    for await line in child.lines { output.append(line) }
    return (await child.end(), output.joined(separator: "\n"))
  }

  private static func lines(of handle: FileHandle) -> AsyncStream<String> {
    let rest = Mutex(Data())
    let (stream, continuation) = AsyncStream.makeStream(of: String.self)
    handle.readabilityHandler = { handle in
      let data = handle.availableData
      let complete = rest.withLock { rest -> [String] in
        rest += data
        var lines: [String] = []
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
          lines.append(String(decoding: rest[rest.startIndex..<end], as: UTF8.self))
          rest = Data(rest[(end + 1)...])
        }
        if data.isEmpty, !rest.isEmpty { lines.append(String(decoding: rest, as: UTF8.self)) }
        return lines
      }
      for line in complete { continuation.yield(line) }
      if data.isEmpty {
        handle.readabilityHandler = nil
        continuation.finish()
      }
    }
    return stream
  }
}

/// The end of a program, for whoever waits for it.
private final class Ended: Sendable {
  private struct State {
    var end: Child.End?
    var waiting: [CheckedContinuation<Child.End, Never>] = []
  }

  private let state = Mutex(State())

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

/// A folder of one test's own, removed with the last reference to it.
final class ScratchFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "ikso-flow-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> URL {
    let file = url.appending(path: name)
    try Data(bytes).write(to: file)
    return file
  }
}
