import DequeModule
import SwiftProtobuf

/// What makes the bytes of a stream no sequence of gRPC messages.
enum FramingError: Error, Equatable {
  /// The first byte of a prefix is neither 0 nor 1.
  case unknownFlag(UInt8)
  /// The message is compressed, with an encoding that this side does not know.
  case compressed(encoding: String)
  /// The message is marked as compressed, yet the stream names no encoding.
  case compressedWithoutEncoding
  case tooLarge(bytes: Int, limit: Int)
  /// The stream ended inside a prefix (`expected` is 5) or inside a message.
  case truncated(received: Int, expected: Int)

  var answer: RPCError {
    switch self {
    case .unknownFlag(let flag):
      .internalError("a message begins with flag \(flag); only 0 and 1 are defined")
    case .compressed(let encoding):
      RPCError(
        .unimplemented,
        "messages compressed with grpc-encoding \"\(encoding)\" are not supported; send identity")
    case .compressedWithoutEncoding:
      .internalError("a message is marked as compressed, but grpc-encoding is absent or identity")
    case .tooLarge(let bytes, let limit):
      .resourceExhausted("a message of \(bytes) bytes exceeds the limit of \(limit) bytes")
    case .truncated(let received, let expected):
      .internalError("the stream ended after \(received) of \(expected) bytes of a message")
    }
  }
}

/// Cuts the bytes of a stream into messages: one flag byte, four bytes of length, the message
/// (PROTOCOL-HTTP2, Length-Prefixed-Message).
///
/// A length above the limit is refused as soon as the prefix is read. Memory grows with what has
/// arrived, not with what a prefix promises.
struct MessageDecoder: Sendable {
  static let prefixBytes = 5

  private let limit: Int
  private let encoding: String?
  private var state = State.prefix(0, received: 0)
  private var body: [UInt8] = []

  private enum State {
    /// `received` bytes of the prefix, as a big-endian number.
    case prefix(UInt64, received: Int)
    /// `body` holds what has come of a message of `expected` bytes.
    case body(expected: Int)
    case failed
  }

  /// - Parameters:
  ///   - limit: bytes of one message.
  ///   - encoding: the value of `grpc-encoding`, if the peer sent one.
  init(limit: Int, encoding: String? = nil) {
    self.limit = limit
    self.encoding = encoding == "identity" ? nil : encoding
  }

  /// Takes bytes off the front of `bytes` until a message is complete or none are left.
  mutating func next(
    _ bytes: inout UnsafeRawBufferPointer
  ) throws(FramingError) -> [UInt8]? {
    while true {
      switch state {
      case .prefix(let number, let received):
        guard let expected = unsafe try prefix(&bytes, number, received) else { return nil }
        if expected <= bytes.count {
          let message = unsafe [UInt8](UnsafeRawBufferPointer(rebasing: bytes[..<expected]))
          unsafe bytes = UnsafeRawBufferPointer(rebasing: bytes[expected...])
          state = .prefix(0, received: 0)
          return message
        }
        state = .body(expected: expected)
      case .body(let expected):
        let part = min(bytes.count, expected - body.count)
        unsafe body.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<part]))
        unsafe bytes = UnsafeRawBufferPointer(rebasing: bytes[part...])
        if body.count < expected { return nil }
        let message = body
        body = []
        state = .prefix(0, received: 0)
        return message
      case .failed:
        unsafe bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        return nil
      }
    }
  }

  /// Whether part of a message has arrived.
  var isInsideMessage: Bool {
    switch state {
    case .prefix(_, let received): received > 0
    case .body: true
    case .failed: false
    }
  }

  /// The peer has ended its side.
  mutating func end() throws(FramingError) {
    switch state {
    case .prefix(_, received: 0), .failed: return
    case .prefix(_, let received):
      state = .failed
      throw .truncated(received: received, expected: MessageDecoder.prefixBytes)
    case .body(let expected):
      state = .failed
      throw .truncated(received: body.count, expected: expected)
    }
  }

  /// Reads on in a prefix; the length of the message once the prefix is whole.
  private mutating func prefix(
    _ bytes: inout UnsafeRawBufferPointer, _ begun: UInt64, _ received: Int
  ) throws(FramingError) -> Int? {
    var number = begun
    var received = received
    var taken = 0
    while received < MessageDecoder.prefixBytes, taken < bytes.count {
      number = unsafe number << 8 | UInt64(bytes[taken])
      received += 1
      taken += 1
    }
    unsafe bytes = UnsafeRawBufferPointer(rebasing: bytes[taken...])
    guard received == MessageDecoder.prefixBytes else {
      state = .prefix(number, received: received)
      return nil
    }
    let flag = UInt8(truncatingIfNeeded: number >> 32)
    let length = Int(number & 0xffff_ffff)
    guard flag <= 1 else {
      state = .failed
      throw .unknownFlag(flag)
    }
    guard flag == 0 else {
      state = .failed
      throw encoding.map { .compressed(encoding: $0) } ?? .compressedWithoutEncoding
    }
    guard length <= limit else {
      state = .failed
      throw .tooLarge(bytes: length, limit: limit)
    }
    return length
  }
}

/// A message with its prefix, serialised in one allocation: SwiftProtobuf writes behind the prefix.
struct MessageFrame: SwiftProtobufContiguousBytes {
  private(set) var bytes: [UInt8]

  init(repeating value: UInt8, count: Int) {
    precondition(count <= Int(UInt32.max), "a protobuf message is shorter than 2 GiB")
    bytes = [UInt8](repeating: value, count: count + MessageDecoder.prefixBytes)
    bytes[0] = 0
    for position in 1...4 {
      bytes[position] = UInt8(truncatingIfNeeded: count >> (8 * (4 - position)))
    }
  }

  init<Source: Sequence>(_ sequence: Source) where Source.Element == UInt8 {
    let message = Array(sequence)
    self.init(repeating: 0, count: message.count)
    bytes.replaceSubrange(MessageDecoder.prefixBytes..., with: message)
  }

  /// Of the message, without its prefix.
  var count: Int { bytes.count - MessageDecoder.prefixBytes }

  func withUnsafeBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try unsafe bytes.withUnsafeBytes {
      try unsafe body(UnsafeRawBufferPointer(rebasing: $0[MessageDecoder.prefixBytes...]))
    }
  }

  mutating func withUnsafeMutableBytes<Result>(
    _ body: (UnsafeMutableRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    try unsafe bytes.withUnsafeMutableBytes {
      try unsafe body(UnsafeMutableRawBufferPointer(rebasing: $0[MessageDecoder.prefixBytes...]))
    }
  }
}

/// Messages that have arrived and have not been taken. The first needs no allocation.
struct MessageQueue: Sendable {
  private var first: [UInt8]?
  private var others: Deque<[UInt8]> = []

  var isEmpty: Bool { first == nil }
  var count: Int { (first == nil ? 0 : 1) + others.count }

  mutating func append(_ message: [UInt8]) {
    if first == nil { first = message } else { others.append(message) }
  }

  mutating func popFirst() -> [UInt8]? {
    guard let message = first else { return nil }
    first = others.popFirst()
    return message
  }

  mutating func removeAll() {
    first = nil
    others = []
  }
}
