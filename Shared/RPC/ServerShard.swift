import Compression
import Reactor

/// What a server keeps for each reactor.
final class ServerShard: @unchecked Sendable {
  // Invariant: what can change is touched on the reactor's thread only.

  let reactor: Reactor
  let maxMessageBytes: Int
  let errorDomain: String?
  let gzip = Gzip()
  let partial: PartialMessages
  let tasks: CallTasks
  private let maxOpenCalls: Int
  private let observer: (any CallObserver)?
  private var openCalls = 0
  private var random: RequestIDs

  init(
    reactor: Reactor, configuration: RPCServerConfiguration, observer: (any CallObserver)?
  ) {
    self.reactor = reactor
    tasks = CallTasks(reactor)
    self.maxMessageBytes = configuration.maxMessageBytes
    errorDomain = configuration.errorDomain
    partial = PartialMessages(limit: configuration.maxPartialBytes)
    self.maxOpenCalls = configuration.maxOpenCalls
    self.observer = observer
    random = RequestIDs()
  }

  func newRequestID() -> String { random.next() }

  /// Why no further call is taken in, if so.
  var overload: RPCError? {
    guard openCalls >= maxOpenCalls else { return nil }
    return .resourceExhausted("the server has \(maxOpenCalls) calls open, its limit; try again")
      .because("SERVER_BUSY").retrying(after: .seconds(1))
  }

  func callBegan() { openCalls += 1 }

  func callEnded(
    _ call: ServerCall, code: StatusCode, started: ContinuousClock.Instant, error: (any Error)?
  ) {
    openCalls -= 1
    guard let observer else { return }
    let duration = ContinuousClock.now - started
    observer.callEnded(call, path: call.method.path, code: code, duration: duration, error: error)
  }

  func refused(
    path: String, code: StatusCode, started: ContinuousClock.Instant, error: (any Error)?
  ) {
    guard let observer else { return }
    let duration = ContinuousClock.now - started
    observer.callEnded(nil, path: path, code: code, duration: duration, error: error)
  }
}

/// Random names for requests: a letter and 14 of the URL-safe base 64 alphabet, 89 bits. They are
/// unique, not secret; 15 bytes are the longest text that Swift keeps without an allocation.
struct RequestIDs {
  static let length = 15
  private static let alphabet = Array(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8)
  private var state: (UInt64, UInt64)

  init() {
    var system = SystemRandomNumberGenerator()
    state = (system.next(), system.next() | 1)
  }

  mutating func next() -> String {
    var words = (word(), word())
    return unsafe String(unsafeUninitializedCapacity: Self.length) { buffer in
      unsafe buffer[0] = Self.alphabet[Int(words.0 >> 59)]
      for position in 1..<Self.length {
        let word = position < 8 ? words.0 : words.1
        unsafe buffer[position] = Self.alphabet[Int(word & 63)]
        if position < 8 { words.0 >>= 6 } else { words.1 >>= 6 }
      }
      return Self.length
    }
  }

  /// xorshift128+.
  private mutating func word() -> UInt64 {
    var one = state.0
    let other = state.1
    one ^= one << 23
    state = (other, one ^ other ^ (one >> 18) ^ (other >> 5))
    return state.1 &+ other
  }
}
