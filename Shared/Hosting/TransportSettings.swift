import HTTP2
import Logging
import RPC
import Synchronization
import TLS

/// The settings of connections: `limits.*` and `tls.*`.
extension ServiceConfiguration {
  private static var counts: [(name: String, limit: WritableKeyPath<HTTP2Limits, Int>)] {
    [
      ("headerListBytes", \.headerListBytes),
      ("maxConcurrentStreams", \.maxConcurrentStreams),
      ("initialWindowBytes", \.initialWindowBytes),
      ("connectionWindowBytes", \.connectionWindowBytes),
      ("streamBytesWaiting", \.streamBytesWaiting),
      ("connectionBytesWaiting", \.connectionBytesWaiting),
      ("reactorBytesWaiting", \.reactorBytesWaiting),
      ("framesWaiting", \.framesWaiting),
      ("resetsPerSecond", \.resetsPerSecond),
      ("resetBurst", \.resetBurst),
      ("controlFramesPerSecond", \.controlFramesPerSecond),
      ("controlFrameBurst", \.controlFrameBurst),
      ("continuationFrames", \.continuationFrames),
      ("connections", \.connections),
    ]
  }

  private static var times: [(name: String, limit: WritableKeyPath<HTTP2Limits, Duration>)] {
    [
      ("handshakeSeconds", \.handshakeTimeout),
      ("headerSeconds", \.headerTimeout),
      ("bodyStallSeconds", \.bodyStallTimeout),
      ("outputStallSeconds", \.outputStallTimeout),
      ("idleSeconds", \.idleTimeout),
      ("livenessSeconds", \.livenessInterval),
      ("connectionAgeSeconds", \.connectionAge),
      ("connectionAgeGraceSeconds", \.connectionAgeGrace),
    ]
  }

  /// RFC 9113, section 6.9.1.
  static let highestWindow = 0x7fff_ffff

  /// What a server's connections may do: the defaults, but for `limits.*`.
  /// - Parameter amongServices: whether only processes of our own connect.
  func http2Limits(amongServices: Bool = false) throws(LaunchError) -> HTTP2Limits {
    var limits = HTTP2Limits()
    if amongServices {
      // The gateway has one connection for all callers, each of whom it keeps within bounds of
      // their own: what one organisation may do there must leave room for the others.
      limits.maxConcurrentStreams = 10_000
      limits.resetsPerSecond = 20_000
      limits.resetBurst = 100_000
      // One caller's stream may fill its own window, and no other's.
      limits.connectionWindowBytes = Self.highestWindow
    }
    for (name, limit) in Self.counts {
      limits[keyPath: limit] = try int(
        "limits.\(name)", default: limits[keyPath: limit], in: 1...Self.highestWindow)
    }
    for (name, limit) in Self.times {
      let seconds = Int(limits[keyPath: limit].components.seconds)
      limits[keyPath: limit] = .seconds(
        try int("limits.\(name)", default: seconds, in: 1...31_536_000))
    }
    return limits
  }

  /// Where a server listens and what it allows.
  func server(
    tls: TLSContext, amongServices: Bool
  ) throws(LaunchError) -> RPCServerConfiguration {
    let host = string("listen.host", default: "127.0.0.1")
    let port = try int("listen.port", default: 0, in: 0...65_535)
    var server = RPCServerConfiguration(
      address: SocketAddress(host: host, port: port), tls: tls,
      http2: try http2Limits(amongServices: amongServices))
    server.maxMessageBytes = try int(
      "limits.messageBytes", default: server.maxMessageBytes, in: 1...0x7fff_ffff)
    server.maxPartialBytes = try int(
      "limits.partialMessageBytes", default: server.maxPartialBytes, in: 1...1 << 40)
    server.maxOpenCalls = try int(
      "limits.openCalls", default: server.maxOpenCalls, in: 1...0x7fff_ffff)
    server.errorDomain = Self.errorDomain
    server.cors = try cors()
    return server
  }

  /// Within which the reasons of errors are stable.
  private static let errorDomain = "ikso"

  /// The pages that browsers may let call; nil: none.
  private func cors() throws(LaunchError) -> CORSPolicy? {
    let origins = strings("cors.allowedOrigins")
    guard !origins.isEmpty else { return nil }
    do throws(CORSError) {
      return try CORSPolicy(allowedOrigins: origins)
    } catch {
      throw LaunchError(
        "the setting cors.allowedOrigins holds '\(error.origin)'", remedy: error.remedy)
    }
  }

  /// The lowest version of TLS that is spoken.
  func minimumTLSVersion() throws(LaunchError) -> TLSVersion {
    let text = string("tls.minimumVersion", default: "1.3")
    switch text {
    case "1.3": return .tls13
    case "1.2": return .tls12
    default:
      throw LaunchError(
        "the setting tls.minimumVersion is '\(text)'", remedy: "give \"1.3\" or \"1.2\"")
    }
  }
}

/// Takes up certificates, keys and trust that have changed.
struct CertificateWatch: Sendable {
  let contexts: [TLSContext]
  let interval: Duration
  let logger: Logger

  /// Looks until its task is cancelled.
  func run() async throws {
    while true {
      try await Task.sleep(for: interval)
      for context in contexts { look(at: context) }
    }
  }

  private func look(at context: TLSContext) {
    do {
      guard try context.reloadIfChanged() else { return }
      logger.info("certificates reloaded")
    } catch {
      logger.error(
        "certificates not reloaded, the ones before stay", metadata: ["error": "\(error)"])
    }
  }
}

/// Writes which peers crossed a bound, so many lines in a while that they cannot fill the disk.
final class ExcessLog: Sendable {
  private static let lines = 20
  private static let span = Duration.seconds(10)

  private struct State {
    var since = ContinuousClock.now
    var written = 0
    var suppressed = 0
  }

  private let logger: Logger
  private let state = Mutex(State())

  init(_ logger: Logger) { self.logger = logger }

  func add(_ excess: HTTP2Excess) {
    let suppressed: Int? = state.withLock { state in
      let now = ContinuousClock.now
      if now - state.since >= Self.span {
        state.since = now
        state.written = 0
      }
      guard state.written < Self.lines else {
        state.suppressed += 1
        return nil
      }
      state.written += 1
      defer { state.suppressed = 0 }
      return state.suppressed
    }
    guard let suppressed else { return }
    logger.warning(
      "a peer crossed a bound",
      metadata: [
        "bound": "\(excess.bound.rawValue)", "address": "\(excess.remoteAddress)",
        "peer": "\(excess.peer?.spiffe ?? "")", "reason": "\(excess.reason)",
        "suppressed": "\(suppressed)",
      ])
  }
}
