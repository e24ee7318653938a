import Compression
import Reactor

/// What a server keeps for each reactor.
final class ServerShard: @unchecked Sendable {
  // Invariant: `gzip`, `openCalls` and `random` are touched on the reactor's thread only.

  let reactor: Reactor
  let maxMessageBytes: Int
  let errorDomain: String?
  let gzip = Gzip()
  private let maxOpenCalls: Int
  private let observer: (any CallObserver)?
  private var openCalls = 0
  private var random: RequestIDs

  init(
    reactor: Reactor, configuration: RPCServerConfiguration, observer: (any CallObserver)?
  ) {
    self.reactor = reactor
    self.maxMessageBytes = configuration.maxMessageBytes
    errorDomain = configuration.errorDomain
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

/// Random names for requests: 32 hexadecimal digits. They are unique, not secret.
struct RequestIDs {
  private var state: (UInt64, UInt64)

  init() {
    var system = SystemRandomNumberGenerator()
    state = (system.next(), system.next() | 1)
  }

  mutating func next() -> String {
    let words = (word(), word())
    return unsafe String(unsafeUninitializedCapacity: 32) { buffer in
      for position in 0..<32 {
        let word = position < 16 ? words.0 : words.1
        let digit = UInt8(truncatingIfNeeded: word >> UInt64(position % 16 * 4)) & 0xf
        let zero = digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10
        unsafe buffer[position] = zero + digit
      }
      return 32
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
