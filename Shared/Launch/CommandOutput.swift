import Foundation
import Glibc

/// What a program prints. It is started by its path with its arguments, without a shell, with
/// nothing to read; its errors go where this process's go.
enum CommandOutput {
  /// The most that it may print, in bytes.
  static let limit = 4096

  enum Failure: Error, Equatable, CustomStringConvertible {
    case notStarted(code: Int32)
    case tooSlow(Duration)
    case tooMuch
    case exit(Int32)
    case signal(Int32)

    var description: String {
      switch self {
      case .notStarted(let code): "cannot be started: \(unsafe String(cString: strerror(code)))"
      case .tooSlow(let limit): "was not done after \(limit)"
      case .tooMuch: "prints more than \(CommandOutput.limit) bytes"
      case .exit(let status): "ends with status \(status)"
      case .signal(let number): "was ended by signal \(number)"
      }
    }
  }

  /// Waits for it; past `limit` it is killed, with what it started.
  static func read(_ arguments: [String], within limit: Duration) throws(Failure) -> [UInt8] {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw .notStarted(code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    defer { close(ends[0]) }
    let started = Result { () throws(Failure) in try spawn(arguments, output: ends[1]) }
    close(ends[1])
    let process = try started.get()
    let printed = Result { () throws(Failure) in
      try collect(ends[0], until: ContinuousClock.now + limit, limit)
    }
    // Whatever it has left behind; after a regular end there is nothing.
    if case .failure = printed { kill(-process, SIGKILL) }
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    let output = try printed.get()
    guard status & 0x7F == 0 else { throw .signal(status & 0x7F) }
    guard status == 0 else { throw .exit((status >> 8) & 0xFF) }
    return output
  }

  private static func collect(
    _ descriptor: Int32, until deadline: ContinuousClock.Instant, _ limit: Duration
  ) throws(Failure) -> [UInt8] {
    var output: [UInt8] = []
    // Without growing, no copy of a key stays behind.
    output.reserveCapacity(Self.limit)
    var piece = [UInt8](repeating: 0, count: Self.limit)
    defer { for index in piece.indices { piece[index] = 0 } }
    while true {
      let left = (deadline - .now).components
      guard left.seconds >= 0, left.attoseconds >= 0 else { throw .tooSlow(limit) }
      var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1
      guard unsafe poll(&wait, 1, Int32(clamping: milliseconds)) > 0 else { continue }
      let count = unsafe piece.withUnsafeMutableBytes { piece in
        unsafe Glibc.read(descriptor, piece.baseAddress, piece.count)
      }
      if count == 0 { return output }
      guard count > 0 else { continue }
      guard output.count + count <= Self.limit else { throw .tooMuch }
      output += piece[..<count]
    }
  }

  private static func spawn(_ arguments: [String], output: Int32) throws(Failure) -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // A group of its own, so that all of it can be ended.
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { for unsafe pointer in unsafe pointers { unsafe free(pointer) } }
    var process: Int32 = 0
    let code = unsafe posix_spawn(
      &process, arguments[0], &actions, &attributes, &pointers, environ)
    guard code == 0 else { throw .notStarted(code: code) }
    return process
  }
}
