/// Follows a client's frames by their headers, ahead of the library, for what it lets pass.
///
/// nghttp2 ignores frames on streams that it has forgotten, HEADERS on a stream lower than one
/// before, and PRIORITY; and it counts no control frames. Whether a stream is open for the client
/// depends on what the client sent alone, so the verdict is the same however its bytes come in and
/// whatever this side has sent meanwhile: frames in flight to a stream that this side has reset
/// are no error (RFC 9113, section 5.1).
// Not copyable: a copy would have each frame copy the open streams.
struct FrameInspector: ~Copyable {
  /// Why the connection is to end, and how many bytes of the input the library may still see.
  struct Finding: Equatable {
    var usable: Int
    var code: HTTP2ErrorCode
    var reason: String
    var bound: HTTP2Bound?
  }

  private enum Kind {
    static let data: UInt8 = 0
    static let headers: UInt8 = 1
    static let priority: UInt8 = 2
    static let reset: UInt8 = 3
    static let pushPromise: UInt8 = 5
    static let continuation: UInt8 = 9
  }
  private static let endStream: UInt8 = 1
  private static let endHeaders: UInt8 = 4
  private static let headBytes = 9

  // Where in the input the next byte stands.
  private var prefaceLeft = 24
  /// The bytes of a frame's head that have come, as a big-endian number.
  private var head: UInt128 = 0
  private var headCount = 0
  private var payloadLeft = 0
  private var kind: UInt8 = 0
  private var stream: Int32 = 0
  /// A header block lacks its END_HEADERS.
  private var isInBlock = false
  /// CONTINUATION frames of the header block.
  private var continuations = 0
  private let continuationLimit: Int
  /// Bytes of a PRIORITY frame's dependency that are still to come, and what came.
  private var dependencyLeft = 0
  private var dependency: UInt32 = 0

  private var streams: ClientStreams
  private var budget: RateBudget
  private var isStopped = false

  init(_ limits: HTTP2Limits) {
    streams = ClientStreams(limit: limits.maxConcurrentStreams + 1_024)
    continuationLimit = limits.continuationFrames
    budget = RateBudget(
      perSecond: limits.controlFramesPerSecond, burst: limits.controlFrameBurst)
  }

  /// Whether a header block has begun and not ended.
  var isAwaitingHeaders: Bool {
    isInBlock || (payloadLeft > 0 && (kind == Kind.headers || kind == Kind.continuation))
  }

  /// A DATA frame is sent: the client may answer it with WINDOW_UPDATE for stream and connection,
  /// and with a PING that measures.
  mutating func dataWasSent() { budget.earn(3) }

  /// Follows further input; after a finding nothing is inspected any more and none is usable.
  mutating func inspect(_ input: UnsafeRawBufferPointer) -> Finding? {
    if isStopped { return Finding(usable: 0, code: .noError, reason: "", bound: nil) }
    var position = min(prefaceLeft, input.count)
    prefaceLeft -= position
    while position < input.count {
      if payloadLeft > 0 {
        unsafe skipPayload(input, &position)
        if let finding = judgeDependency() { return stop(finding, usable: position) }
        continue
      }
      let start = position - headCount
      if headCount == 0, position + Self.headBytes <= input.count {
        let first = unsafe input.loadUnaligned(fromByteOffset: position, as: UInt64.self)
        head = unsafe UInt128(UInt64(bigEndian: first)) << 8 | UInt128(input[position + 8])
        headCount = Self.headBytes
        position += Self.headBytes
      }
      while headCount < Self.headBytes, position < input.count {
        head = unsafe head << 8 | UInt128(input[position])
        headCount += 1
        position += 1
      }
      guard headCount == Self.headBytes else { break }
      if let finding = judgeHead() { return stop(finding, usable: max(0, start)) }
      head = 0
      headCount = 0
    }
    return nil
  }

  private mutating func stop(_ finding: Finding, usable: Int) -> Finding {
    isStopped = true
    var finding = finding
    finding.usable = usable
    return finding
  }

  private mutating func skipPayload(_ input: UnsafeRawBufferPointer, _ position: inout Int) {
    let count = min(payloadLeft, input.count - position)
    var read = position
    while dependencyLeft > 0, read < position + count {
      dependency = unsafe dependency << 8 | UInt32(input[read])
      dependencyLeft -= 1
      read += 1
    }
    payloadLeft -= count
    position += count
  }

  private func judgeDependency() -> Finding? {
    guard kind == Kind.priority, dependencyLeft == 0, dependency & 0x7fff_ffff == UInt32(stream)
    else { return nil }
    return violation(.protocolError, "stream \(stream) depends on itself")
  }

  private mutating func judgeHead() -> Finding? {
    // RFC 9113, section 4.1: length, type, flags, and a reserved bit before the stream.
    payloadLeft = Int(head >> 48)
    let length = payloadLeft
    kind = UInt8(truncatingIfNeeded: head >> 40)
    let flags = UInt8(truncatingIfNeeded: head >> 32)
    stream = Int32(truncatingIfNeeded: head & 0x7fff_ffff)
    let ends = flags & Self.endStream != 0
    // Nothing else may come within a header block: the library says so.
    if isInBlock, kind != Kind.continuation { return nil }
    switch kind {
    case Kind.headers:
      isInBlock = flags & Self.endHeaders == 0
      continuations = 0
      return judge(streams.headers(stream, ends: ends))
    case Kind.data:
      if let finding = judge(streams.data(stream, ends: ends)) { return finding }
      return length == 0 && !ends ? spend() : nil
    case Kind.reset:
      streams.reset(stream)
      return nil
    case Kind.pushPromise: return nil
    case Kind.priority:
      dependency = 0
      dependencyLeft = length == 5 ? 4 : 0
      if stream == 0 { return violation(.protocolError, "PRIORITY on stream 0") }
      if length != 5 { dependency = .max }
      return spend()
    case Kind.continuation:
      if flags & Self.endHeaders != 0 { isInBlock = false }
      return continued()
    default: return spend()
    }
  }

  private func judge(_ standing: ClientStreams.Standing) -> Finding? {
    switch standing {
    case .rightful: nil
    case .closed: violation(.streamClosed, "a frame on stream \(stream), which the peer has ended")
    case .skipped:
      violation(.protocolError, "a frame on stream \(stream), lower than one opened before")
    }
  }

  private mutating func continued() -> Finding? {
    continuations += 1
    guard continuations > continuationLimit else { return spend() }
    return Finding(
      usable: 0, code: .enhanceYourCalm, reason: "a header block has too many parts",
      bound: .continuationFrames)
  }

  private mutating func spend() -> Finding? {
    if budget.spend() { return nil }
    return Finding(
      usable: 0, code: .enhanceYourCalm, reason: "the peer sends control frames too fast",
      bound: .controlFramesPerSecond)
  }

  private func violation(_ code: HTTP2ErrorCode, _ reason: String) -> Finding {
    Finding(usable: 0, code: code, reason: reason, bound: nil)
  }
}

/// Which streams a client has opened and not ended, as it must know itself.
struct ClientStreams {
  enum Standing { case rightful, closed, skipped }

  private let limit: Int
  private var last: Int32 = -1
  /// The stream opened last, while it is open; most requests end before another begins.
  private var newest: Int32 = 0
  /// The rest, ascending.
  private var others: [Int32] = []
  /// Ranges of identifiers that were passed over; such streams never were.
  private var gaps: [ClosedRange<Int32>] = []
  /// Up to here it is not remembered which streams are open.
  private var forgottenThrough: Int32 = 0
  private static let gapLimit = 16

  /// - Parameter limit: open streams that are remembered. Those that this side resets stay, as
  ///   frames may be on their way, until there are too many.
  init(limit: Int) { self.limit = limit }

  mutating func headers(_ id: Int32, ends: Bool) -> Standing {
    // Even ones and 0 are the library's to refuse.
    guard id & 1 == 1 else { return .rightful }
    guard id > last else { return data(id, ends: ends) }
    if id > last + 2 {
      if gaps.count == Self.gapLimit { gaps.removeFirst() }
      gaps.append(last + 2...id - 2)
    }
    last = id
    if !ends { open(id) }
    return .rightful
  }

  mutating func data(_ id: Int32, ends: Bool) -> Standing {
    guard id & 1 == 1, id <= last else { return .rightful }
    if id == newest {
      if ends { newest = 0 }
      return .rightful
    }
    if let position = position(of: id) {
      if ends { others.remove(at: position) }
      return .rightful
    }
    if gaps.contains(where: { $0.contains(id) }) { return .skipped }
    return id <= forgottenThrough ? .rightful : .closed
  }

  mutating func reset(_ id: Int32) {
    if id == newest {
      newest = 0
    } else if let position = position(of: id) {
      others.remove(at: position)
    }
  }

  private mutating func open(_ id: Int32) {
    if newest != 0 { others.append(newest) }
    newest = id
    guard others.count >= limit else { return }
    let old = min(limit / 2 + 1, others.count)
    forgottenThrough = others[old - 1]
    others.removeFirst(old)
  }

  private func position(of id: Int32) -> Int? {
    var low = 0
    var high = others.count
    while low < high {
      let middle = (low + high) / 2
      if others[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low < others.count && others[low] == id ? low : nil
  }
}
