import ArgumentParser
import FoundationEssentials
import Glibc
import Glibc
import HTTP2
import Logging
import RPC
import Reactor
import TLS
import Telemetry

/// The runtime as our services run it: limits, calls logged and counted, deadlines, one reactor.
@main
struct BenchMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "BenchServer",
    abstract: "Serves ikso.bench.v1.Bench on a loopback port of its choice until SIGTERM.")

  @Option(name: .long, help: "Speak TLS with this certificate chain, a PEM file.")
  var cert: String?

  @Option(name: .long, help: "With --cert: the private key, a PEM file.")
  var key: String?

  @Option(name: .long, help: "With --cert: the authority of client certificates, now required.")
  var clientTrust: String?

  @Option(name: .long, help: "The least severe log lines that are written.")
  var logLevel = "info"

  @Option(name: .long, help: "Stand in for identity, and write access tokens into this file.")
  var token: String?

  @Option(name: .long, help: "With --token: for whom, a file with lines of tenant and person.")
  var callers: String?

  func validate() throws {
    guard (cert == nil) == (key == nil) else {
      throw ValidationError("Give --cert and --key together, or neither.")
    }
    guard cert != nil || clientTrust == nil else {
      throw ValidationError("--client-trust is for TLS; add --cert and --key.")
    }
    guard Logger.Level(rawValue: logLevel) != nil else {
      throw ValidationError("--log-level is \(logLevel); give one such as info or warning.")
    }
  }

  func run() async throws {
    let level = Logger.Level(rawValue: logLevel) ?? .info
    LoggingSystem.bootstrap { JSONLogHandler(label: $0, level: level) }
    let logger = Logger(label: "ikso.bench")
    let (stop, told) = AsyncStream.makeStream(of: Never.self)
    let watcher = try SignalWatcher([SIGTERM, SIGINT]) { _ in told.finish() }
    let reactors = try ReactorGroup(count: 1)
    reactors.start()
    defer { reactors.shutdown() }
    watcher.deliver(on: reactors.reactors[0])
    var configuration = RPCServerConfiguration(
      address: SocketAddress(host: "127.0.0.1", port: 0), tls: try context())
    configuration.errorDomain = "ikso"
    configuration.onExcess = { logger.warning("a peer crossed a bound: \($0)") }
    var methods = BenchService().methods
    if let token {
      let callers = try callers.map { try IdentityStandIn.callers(in: URL(filePath: $0)) }
      methods.append(
        try IdentityStandIn.keys(of: callers ?? [.init()], tokens: URL(filePath: token)))
      methods.append(PrivacyStandIn.purposes)
    }
    let server = RPCServer(
      methods: methods, configuration: configuration, reactors: reactors,
      observer: CallLog(logger: logger, service: "bench", metrics: .standard))
    try server.start()
    print("BenchServer listens on 127.0.0.1:\(server.boundPort)")
    // At once, although it goes into a file.
    fflush(nil)
    for await _ in stop {}
    await server.shutdown(grace: .seconds(1))
  }

  private func context() throws -> TLSContext? {
    guard let cert, let key else { return nil }
    return try .server(
      certificateChainFile: cert, privateKeyFile: key, clientTrustFile: clientTrust,
      requireClientCertificate: clientTrust != nil)
  }
}
