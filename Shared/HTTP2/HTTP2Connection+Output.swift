import CNGHTTP2
import Reactor

/// How output leaves: gathered from the library and written once at the end of a turn.
extension HTTP2Connection {
  /// Rounds of gathering and writing in one turn, before other connections have theirs.
  private static let writesPerTurn = 8

  /// Has the output flushed at the end of this turn.
  func markDirty() {
    guard !isDirty, state == .open else { return }
    isDirty = true
    reactor.atEndOfTurn(self)
  }

  package func turnEnded() {
    isDirty = false
    guard state == .open else { return }
    flush()
    deliver()
    noteWaiting()
  }

  func flush() {
    for _ in 0..<Self.writesPerTurn {
      guard state == .open, writeBacklog(), gather() else { return }
      let isAll = !buffers.isOutputFull
      if buffers.outputCount > 0 { unsafe write(buffers.gathered) }
      guard state == .open else { return }
      if isAll || !backlog.isEmpty {
        watch(write: !backlog.isEmpty)
        finishIfDone()
        return
      }
    }
    // A fair share is used: the rest goes out in the next turn.
    reactor.execute { [self] in markDirty() }
  }

  /// Has the library produce frames until the buffer is full; false when the connection ended.
  func gather() -> Bool {
    buffers.clearOutput()
    isInLibrary = true
    var failed: Int32 = 0
    while !buffers.isOutputFull {
      var bytes: UnsafePointer<UInt8>?
      let count = unsafe nghttp2_session_mem_send(session, &bytes)
      if count <= 0 {
        failed = Int32(count)
        break
      }
      unsafe buffers.append(UnsafeRawBufferPointer(start: bytes, count: count))
    }
    isInLibrary = false
    if failed < 0 {
      let text = unsafe String(cString: nghttp2_strerror(failed))
      isEnding = .connectionLost(reason: "HTTP/2: \(text)")
    }
    guard let error = isEnding else { return true }
    end(error)
    return false
  }

  func write(_ bytes: UnsafeRawBufferPointer) {
    switch unsafe transport.write(bytes) {
    case .done(let count):
      liveness.sent &+= count
      guard count < bytes.count else { return }
      unsafe backlog.append(contentsOf: bytes[count...])
    case .blocked:
      unsafe backlog.append(contentsOf: bytes)
    case .lost(let error): end(error)
    }
  }

  /// Writes what an earlier turn left; true when nothing is left of it.
  func writeBacklog() -> Bool {
    guard !backlog.isEmpty else { return true }
    let offset = backlogOffset
    let progress = unsafe backlog.withUnsafeBytes { bytes in
      unsafe transport.write(UnsafeRawBufferPointer(rebasing: bytes[offset...]))
    }
    switch progress {
    case .done(let count):
      liveness.sent &+= count
      backlogOffset += count
    case .blocked: break
    case .lost(let error):
      end(error)
      return false
    }
    if backlogOffset == backlog.count {
      backlog = []
      backlogOffset = 0
      return true
    }
    watch(write: true)
    return false
  }

  /// Bytes in the queues of streams, and those that the socket has not taken.
  var heldBytes: Int { bytesWaiting + backlog.count }

  private func noteWaiting() {
    guard state == .open, isWaiting || heldBytes > 0 else { return }
    isWaiting = heldBytes > 0
    waiting.note(heldBytes, on: self)
  }

  func watch(write: Bool) {
    wantsWrite = write
    let wanted: Interest = write ? [.read, .write] : .read
    guard wanted != interest, state != .closed else { return }
    interest = wanted
    reactor.update(transport.descriptor, wanted)
  }

  /// Tries to tell the peer the reason of an end; the socket is closed whatever comes of it.
  func sendLastFrames() {
    buffers.clearOutput()
    isInLibrary = true
    while !buffers.isOutputFull {
      var bytes: UnsafePointer<UInt8>?
      let count = unsafe nghttp2_session_mem_send(session, &bytes)
      if count <= 0 { break }
      unsafe buffers.append(UnsafeRawBufferPointer(start: bytes, count: count))
    }
    isInLibrary = false
    if buffers.outputCount > 0 { _ = unsafe transport.write(buffers.gathered) }
  }
}
