import DequeModule
import HTTP2
import SwiftProtobuf

/// What makes the bytes of a stream no sequence of messages.
enum FramingError: Error, Equatable {
  /// The first byte of a prefix is neither 0 nor 1: of the other flags of Connect and gRPC-Web none
  /// is a request's.
  case unknownFlag(UInt8)
  /// The message is compressed, with an encoding that this side does not know.
  case compressed(encoding: String)
  /// The message is marked as compressed, yet the stream names no encoding.
  case compressedWithoutEncoding
  case tooLarge(bytes: Int, limit: Int)
  /// A compressed message stands for more than `limit` bytes.
  case decompressedTooLarge(limit: Int)
  /// Messages of all calls that have not come whole hold more than `limit` bytes.
  case tooManyWaiting(limit: Int)
  /// The stream ended inside a prefix (`expected` is 5) or inside a message.
  case truncated(received: Int, expected: Int)
  /// A body of gRPC-Web text holds something else than base64.
  case notBase64
  /// A message that is marked as compressed cannot be decompressed.
  case notGzip

  /// The bound that was crossed: messages are larger than allowed, as they came or decompressed.
  var bound: HTTP2Bound? {
    switch self {
    case .tooLarge, .decompressedTooLarge: .messageBytes
    case .tooManyWaiting: .partialMessageBytes
    case .unknownFlag, .compressed, .compressedWithoutEncoding, .truncated, .notBase64, .notGzip:
      nil
    }
  }

  var answer: RPCError {
    switch self {
    case .unknownFlag(let flag):
      .internalError("a message begins with flag \(flag); only 0 and 1 are defined")
    case .compressed(let encoding):
      RPCError(
        .unimplemented,
        "messages compressed with \"\(encoding)\" are not supported; send "
          + "\(ContentCoding.supported) or identity")
    case .compressedWithoutEncoding:
      .internalError("a message is marked as compressed, but the request names no compression")
    case .tooLarge(let bytes, let limit):
      .resourceExhausted("a message of \(bytes) bytes exceeds the limit of \(limit) bytes")
        .because("MESSAGE_TOO_LARGE")
    case .decompressedTooLarge(let limit):
      .resourceExhausted("a message exceeds the limit of \(limit) bytes when it is decompressed")
        .because("MESSAGE_TOO_LARGE")
    case .tooManyWaiting(let limit):
      .resourceExhausted(
        "\(limit) bytes of messages are on their way to this server, its limit; try again"
      ).because("SERVER_BUSY").retrying(after: .seconds(1))
    case .truncated(let received, let expected):
      .internalError("the stream ended after \(received) of \(expected) bytes of a message")
    case .notBase64: .internalError("the body is not base64")
    case .notGzip: .internalError("a compressed message is not whole gzip")
    }
  }
}

/// A message as it came: still compressed, if it was.
struct ReceivedMessage: Sendable, Equatable {
  var bytes: [UInt8]
  var isCompressed = false
}

/// Cuts the bytes of a stream into messages: one flag byte, four bytes of length, the message
/// (PROTOCOL-HTTP2, Length-Prefixed-Message; Connect, Enveloped-Message). Without envelopes the
/// whole body is one message (Connect, Bare-Message).
///
/// A length above the limit is refused as soon as the prefix is read. Memory grows with what has
/// arrived, not with what a prefix promises.
struct MessageDecoder: Sendable {
  static let prefixBytes = 5

  private let limit: Int
  private let encoding: String?
  private var state = State.prefix(0, received: 0)
  private var body: [UInt8] = []
  private var isCompressed = false

  private enum State {
    /// `received` bytes of the prefix, as a big-endian number.
    case prefix(UInt64, received: Int)
    /// `body` holds what has come of a message of `expected` bytes.
    case body(expected: Int)
    /// `body` holds what has come of a message that ends with the stream.
    case whole
    case failed
  }

  /// - Parameters:
  ///   - limit: bytes of one message.
  ///   - encoding: the compression that the peer has named, if any.
  ///   - isEnveloped: whether messages have a prefix.
  init(limit: Int, encoding: String? = nil, isEnveloped: Bool = true) {
    self.limit = limit
    self.encoding = encoding == ContentCoding.identity.rawValue ? nil : encoding
    if !isEnveloped {
      state = .whole
      isCompressed = self.encoding != nil
    }
  }

  /// Takes bytes off the front of `bytes` until a message is complete or none are left.
  mutating func next(
    _ bytes: inout UnsafeRawBufferPointer
  ) throws(FramingError) -> ReceivedMessage? {
    while true {
      switch state {
      case .prefix(let number, let received):
        guard let expected = unsafe try prefix(&bytes, number, received) else { return nil }
        if expected <= bytes.count {
          let message = unsafe [UInt8](UnsafeRawBufferPointer(rebasing: bytes[..<expected]))
          unsafe bytes = UnsafeRawBufferPointer(rebasing: bytes[expected...])
          state = .prefix(0, received: 0)
          return ReceivedMessage(bytes: message, isCompressed: isCompressed)
        }
        state = .body(expected: expected)
      case .body(let expected):
        let part = min(bytes.count, expected - body.count)
        unsafe take(part, of: &bytes)
        if body.count < expected { return nil }
        state = .prefix(0, received: 0)
        return takeBody()
      case .whole:
        guard bytes.count <= limit - body.count else {
          state = .failed
          throw .tooLarge(bytes: body.count + bytes.count, limit: limit)
        }
        unsafe take(bytes.count, of: &bytes)
        return nil
      case .failed:
        unsafe bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        return nil
      }
    }
  }

  /// What is held of a message that has not come whole.
  var partialBytes: Int { body.count }

  /// Nothing more is wanted; what has come of a message is dropped.
  mutating func close() {
    state = .failed
    body = []
  }

  /// Whether part of a message has arrived.
  var isInsideMessage: Bool {
    switch state {
    case .prefix(_, let received): received > 0
    case .body: true
    case .whole, .failed: false
    }
  }

  /// The peer has ended its side; the message that ends with it, if there is one.
  mutating func end() throws(FramingError) -> ReceivedMessage? {
    switch state {
    case .prefix(_, received: 0), .failed: return nil
    case .prefix(_, let received):
      state = .failed
      throw .truncated(received: received, expected: MessageDecoder.prefixBytes)
    case .body(let expected):
      state = .failed
      throw .truncated(received: body.count, expected: expected)
    case .whole:
      state = .failed
      return takeBody()
    }
  }

  private mutating func take(_ count: Int, of bytes: inout UnsafeRawBufferPointer) {
    unsafe body.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    unsafe bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
  }

  private mutating func takeBody() -> ReceivedMessage {
    let message = body
    body = []
    return ReceivedMessage(bytes: message, isCompressed: isCompressed)
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
    if let error = refusal(flag: flag, length: length) {
      state = .failed
      throw error
    }
    isCompressed = flag == MessageFrame.compressedFlag
    return length
  }

  private func refusal(flag: UInt8, length: Int) -> FramingError? {
    if flag > MessageFrame.compressedFlag { return .unknownFlag(flag) }
    if flag == MessageFrame.compressedFlag, encoding != ContentCoding.gzip.rawValue {
      return encoding.map { .compressed(encoding: $0) } ?? .compressedWithoutEncoding
    }
    return length > limit ? .tooLarge(bytes: length, limit: limit) : nil
  }
}

/// A message with its prefix, serialised in one allocation: SwiftProtobuf writes behind the prefix.
struct MessageFrame: SwiftProtobufContiguousBytes {
  static let compressedFlag: UInt8 = 1
  /// The last frame of a Connect stream.
  static let endOfStreamFlag: UInt8 = 2
  /// The last frame of a gRPC-Web body.
  static let trailersFlag: UInt8 = 0x80

  private(set) var bytes: [UInt8]

  init(repeating value: UInt8, count: Int) {
    precondition(count <= Int(UInt32.max), "a protobuf message is shorter than 2 GiB")
    bytes = [UInt8](repeating: value, count: count + MessageDecoder.prefixBytes)
    Self.setPrefix(of: &bytes, flag: 0)
  }

  /// Fills the first five bytes for what follows them.
  static func setPrefix(of bytes: inout [UInt8], flag: UInt8) {
    let count = bytes.count - MessageDecoder.prefixBytes
    bytes[0] = flag
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
  private var first: ReceivedMessage?
  private var others: Deque<ReceivedMessage> = []

  var isEmpty: Bool { first == nil }
  var count: Int { (first == nil ? 0 : 1) + others.count }

  mutating func append(_ message: ReceivedMessage) {
    if first == nil { first = message } else { others.append(message) }
  }

  mutating func popFirst() -> ReceivedMessage? {
    guard let message = first else { return nil }
    first = others.popFirst()
    return message
  }

  mutating func removeAll() {
    first = nil
    others = []
  }
}
