import Dispatch
import Glibc
import Synchronization

/// Takes whole lines from any thread and never makes it wait.
///
/// Lines gather in a bounded buffer that one background queue empties after a moment: waking a
/// thread for each line costs more than the line. What doesn't fit is dropped and counted; the
/// count is written as a line of its own once there is room again.
package final class LineWriter: Sendable {
  /// Writes to standard error, shared by the whole process.
  package static let standardError = LineWriter { StandardError.write($0) }
  /// Bytes that may wait by default.
  package static let defaultCapacity = 4 << 20
  /// How long a line may wait for others.
  private static let gathering = DispatchTimeInterval.milliseconds(20)
  /// Bytes of room that are kept for the lines to come: to grow anew costs whoever writes.
  private static let roomKept = 1 << 20

  private struct State {
    var buffer: [UInt8] = []
    /// Empty, with the room that `buffer` has needed.
    var spare: [UInt8] = []
    var isDraining = false
    var dropped = 0
    var droppedInTotal = 0
  }

  private let capacity: Int
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "ikso.log", qos: .utility)
  private let output: @Sendable ([UInt8]) -> Void

  /// - Parameters:
  ///   - capacity: bytes that may wait.
  ///   - output: takes some lines; may block, is called from one thread at a time.
  package init(
    capacity: Int = LineWriter.defaultCapacity, output: @escaping @Sendable ([UInt8]) -> Void
  ) {
    self.capacity = capacity
    self.output = output
  }

  /// Lines dropped since the start.
  package var dropped: Int { state.withLock { $0.droppedInTotal } }

  /// Adds a line, which must end with a line feed.
  package func write(_ line: [UInt8]) {
    unsafe line.withUnsafeBytes { unsafe write($0) }
  }

  func write(_ line: consuming JSONLine) {
    unsafe line.finish { unsafe write($0) }
  }

  private func write(_ line: UnsafeRawBufferPointer) {
    let starts = state.withLock { state in
      guard state.buffer.count + line.count <= capacity else {
        state.dropped += 1
        state.droppedInTotal += 1
        return false
      }
      unsafe state.buffer.append(contentsOf: line)
      defer { state.isDraining = true }
      return !state.isDraining
    }
    if starts { queue.asyncAfter(deadline: .now() + Self.gathering) { self.drain() } }
  }

  /// Waits until everything so far is written; for the end of a process, never on a reactor.
  package func flush() {
    queue.sync { self.drain() }
  }

  private func drain() {
    while true {
      var (lines, dropped) = state.withLock { state in
        let taken = (state.buffer, state.dropped)
        state.buffer = state.spare
        state.spare = []
        state.dropped = 0
        state.isDraining = !taken.0.isEmpty || taken.1 > 0
        return taken
      }
      if !lines.isEmpty { output(lines) }
      if dropped > 0 { output(Self.notice(dropped)) }
      let isDone = lines.isEmpty && dropped == 0
      keep(&lines)
      if isDone { return }
    }
  }

  private func keep(_ room: inout [UInt8]) {
    guard (1...Self.roomKept).contains(room.capacity) else { return }
    room.removeAll(keepingCapacity: true)
    state.withLock { state in
      if state.spare.capacity < room.capacity { swap(&state.spare, &room) }
    }
  }

  private static func notice(_ dropped: Int) -> [UInt8] {
    var line = JSONLine(level: "warning")
    line.add("message", "log lines were dropped: the log is written faster than it is taken")
    line.add("dropped", dropped)
    return line.finish()
  }
}

private enum StandardError {
  /// Blocks until all is written; gives up on a descriptor that is gone.
  static func write(_ bytes: [UInt8]) {
    var start = 0
    while start < bytes.count {
      // Safe: the range lies within `bytes`, which is only read.
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe Glibc.write(
          STDERR_FILENO, bytes.baseAddress! + start, bytes.count - start)
      }
      if count > 0 {
        start += count
      } else if errno == EAGAIN {
        var poll = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        _ = unsafe Glibc.poll(&poll, 1, 100)
      } else if errno != EINTR {
        return
      }
    }
  }
}
