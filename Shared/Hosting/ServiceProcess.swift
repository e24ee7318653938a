import FoundationEssentials
import Glibc
import HTTP2
package import Logging
package import RPC
package import Reactor
import Synchronization
import TLS
import Telemetry

/// A process that serves: its settings, its reactors, its log and its way to the end.
package struct ServiceProcess: Sendable {
  package let name: String
  package let configuration: ServiceConfiguration
  package let reactors: ReactorGroup
  package let logger: Logger
  private let stop: StopSignal

  /// Sets up what every process needs, runs `body`, and ends the process: with 0 when `body`
  /// returns, with 1 and the reason and remedy on standard error when it throws.
  package static func run(
    _ name: String, config: String, _ body: (ServiceProcess) async throws -> Void
  ) async throws -> Never {
    do {
      // Before there is a key in memory.
      try CoreDumps.forbid()
      // A process that is told to stop while it starts stops once it could.
      let stop = try StopSignal()
      let configuration = try ServiceConfiguration(file: config)
      let cores = ProcessInfo.processInfo.activeProcessorCount
      let reactors = try ReactorGroup(
        count: configuration.int("reactors", default: cores, in: 1...256))
      reactors.start()
      stop.deliver(on: reactors.reactors[0])
      let level = Logger.Level(rawValue: configuration.string("log.level", default: "info"))
      LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: level ?? .info) }
      let process = ServiceProcess(
        name: name, configuration: configuration, reactors: reactors,
        logger: Logger(label: "ikso.\(name)"), stop: stop)
      try await body(process)
      exit(EXIT_SUCCESS)
    } catch {
      LineWriter.standardError.write(Array("ikso-\(name): \(error)\n".utf8))
      LineWriter.standardError.flush()
      exit(EXIT_FAILURE)
    }
  }

  /// Serves `methods`, with `background` beside them, on `listen.host`:`listen.port` until the
  /// process is told to stop, then drains.
  package func serve(
    _ methods: [RPCMethod], health: HealthService, peers: Peers,
    requireClientCertificate: Bool, unmatched: UnmatchedHandler?, plain: PlainHandler? = nil,
    background: @escaping @Sendable () async throws -> Void
  ) async throws {
    let tls = try TLSContext.server(
      certificateChainFile: configuration.string("tls.certificate"),
      privateKeyFile: configuration.string("tls.key"),
      clientTrustFile: requireClientCertificate ? configuration.string("tls.trust") : nil,
      requireClientCertificate: requireClientCertificate,
      minimumVersion: configuration.minimumTLSVersion())
    let excesses = ExcessLog(logger)
    var settings = try configuration.server(
      tls: tls, amongServices: requireClientCertificate)
    settings.onExcess = { excesses.add($0) }
    let server = RPCServer(
      methods: methods, configuration: settings, reactors: reactors,
      observer: CallLog(logger: logger, service: name), unmatched: unmatched, plain: plain)
    let watch = CertificateWatch(
      contexts: [tls, peers.tls],
      interval: .seconds(try configuration.int("tls.reloadSeconds", default: 5, in: 1...86_400)),
      logger: logger)
    try server.start()
    let host = settings.address.host
    logger.info("serving", metadata: ["address": "\(host):\(server.boundPort)"])
    await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await background() }
      group.addTask { try await watch.run() }
      await stop.wait()
      group.cancelAll()
    }
    let grace = try configuration.int("shutdown.graceSeconds", default: 20, in: 0...3_600)
    logger.info("stopping", metadata: ["graceSeconds": "\(grace)"])
    health.drain()
    await server.shutdown(grace: .seconds(grace))
    logger.info("stopped")
  }
}

/// SIGTERM and SIGINT as something to wait for.
private final class StopSignal: Sendable {
  private struct State {
    var told = false
    var waiter: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex<State>(State())
  private let watcher = Mutex<SignalWatcher?>(nil)

  init() throws(ReactorError) {
    let made = try SignalWatcher([SIGTERM, SIGINT]) { [weak self] _ in self?.tell() }
    watcher.withLock { $0 = made }
  }

  func deliver(on reactor: Reactor) {
    watcher.withLock { $0 }?.deliver(on: reactor)
  }

  func wait() async {
    await withCheckedContinuation { continuation in
      let told = state.withLock { state in
        if !state.told { state.waiter = continuation }
        return state.told
      }
      if told { continuation.resume() }
    }
  }

  private func tell() {
    let waiter = state.withLock { state in
      state.told = true
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }
}
