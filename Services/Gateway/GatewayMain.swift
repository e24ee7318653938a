import Access
import ArgumentParser
import FoundationEssentials
import Hosting
import Logging
import RPC
import Schemas
import Telemetry

@main
struct GatewayMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ikso-gateway", abstract: "The gateway of IKSO.", subcommands: [Serve.self])

  struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "serve", abstract: "Serve calls until told to stop.")

    @OptionGroup var options: ConfigurationOption

    func run() async throws {
      try await ServiceProcess.run("gateway", config: options.config) { process in
        let peers = try Peers(configuration: process.configuration, reactors: process.reactors)
        let keys = KeyRing(refresh: { try await peers.publishedKeys() })
        let revocations = try process.configuration.revocationList()
        revocations.register(in: .standard)
        let verifier = TokenVerifier(
          issuer: process.configuration.string("tokens.issuer", default: defaultTokenIssuer),
          keys: keys, revocations: revocations)
        let routes = try Routes(process.configuration, peers)
        let gateway = Gateway(
          routes: routes, verifier: verifier,
          limits: try GatewayLimits(process.configuration),
          observer: CallLog(logger: process.logger, service: "gateway"))
        let health = HealthService(services: []) { !keys.isEmpty }
        let reflection = ReflectionService(services: routes.services)
        // Browsers and people have no client certificate; the token says who they are.
        let accessGuard = AccessGuard(
          verifier: verifier, allowedPeers: [], requireClientCertificate: false)
        let logger = process.logger
        let watch = RevocationWatch(
          revocations, logger: logger, follow: peers.followRevocations(after:_:))
        try await process.serve(
          health.methods(accessGuard) + reflection.allMethods(accessGuard), health: health,
          peers: peers, requireClientCertificate: false, unmatched: gateway.accept,
          plain: gateway.acceptPlain
        ) {
          async let revocationsWatched: Void = watch.run()
          try await keys.keepFresh { error in
            logger.warning("signing keys not refreshed", metadata: ["error": "\(error)"])
          }
          try await revocationsWatched
        }
        await peers.shutdown()
      }
    }
  }
}
