import Access
import ArgumentParser
import Foundation
import HTTP2
import Hosting
import Logging
import Postgres
import RPC
import Reactor
import Schemas
import Storage
import Synchronization
import TLS
import Telemetry

/// Serves until SIGTERM or SIGINT, then lets open calls finish and exits with 0.
struct ServeCommand<Service: Launchable>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(commandName: "serve", abstract: "Serve calls until told to stop.")
  }

  @OptionGroup var options: ConfigurationOption

  func run() async throws {
    try await ServiceProcess.run(Service.name, config: options.config) { process in
      let runtime = try await Runtime.assemble(
        Service.self, configuration: process.configuration, reactors: process.reactors,
        logger: process.logger)
      try await Self.demandSoundDatabase(runtime)
      try await runtime.keys.replay(process.logger)
      let methods = try await Service.methods(runtime)
      let services = Set(methods.map(\.descriptor.service))
      let health = HealthService(services: services, drainSignal: runtime.drainSignal) {
        await runtime.databaseAnswers()
      }
      let postman = try Service.sendsMail ? Postman(runtime) : nil
      let reflection = ReflectionService(services: services)
      let accessGuard = runtime.accessGuard
      runtime.revocations.register(in: .standard)
      let watch = RevocationWatch(runtime.revocations, logger: process.logger) { sequence, take in
        try await Service.followRevocations(runtime, after: sequence, take)
      }
      runtime.purposes.register(in: .standard)
      let purposes = PurposeWatch(runtime.purposes, logger: process.logger) { sequence, take in
        try await Service.followPurposes(runtime, after: sequence, take)
      }
      let traffic = TrafficReport(
        count: runtime.traffic, interval: try runtime.configuration.trafficInterval(),
        logger: process.logger
      ) { try await Service.reportTraffic(runtime, $0) }
      try await process.serve(
        methods + health.methods(accessGuard) + reflection.allMethods(accessGuard),
        health: health, peers: runtime.peers, requireClientCertificate: true, unmatched: nil
      ) {
        async let keysWatched: Void = runtime.keys.keepWatch(process.logger)
        async let own: Void = Service.background(runtime)
        async let revocationsWatched: Void = watch.run()
        async let purposesWatched: Void = purposes.run()
        async let trafficReported: Void = traffic.run()
        async let mailSent: Void? = postman?.keepGoing()
        try await runtime.keepKeysFresh()
        _ = try await (
          keysWatched, own, revocationsWatched, purposesWatched, trafficReported, mailSent
        )
      }
      await runtime.shutdown()
    }
  }

  /// Refuses to start on a database whose walls have a hole.
  private static func demandSoundDatabase(_ runtime: Runtime) async throws {
    let findings = try await runtime.findings(migrations: Service.migrations)
    guard findings.isEmpty else {
      throw LaunchError(
        "the database is not as it must be:\n  "
          + findings.map(\.description).joined(separator: "\n  "),
        remedy: "run ikso-\(Service.name) migrate --config FILE, then check --config FILE")
    }
  }
}

extension Postman {
  init(_ runtime: Runtime) throws(LaunchError) {
    self.init(
      runtime.outbox, try MailSettings(runtime.configuration), metrics: .standard,
      logger: runtime.logger, now: runtime.now)
  }
}

extension Runtime {
  /// Whether the database answers a trivial query in time.
  func databaseAnswers() async -> Bool {
    let deadline = ContinuousClock.now + Limits.healthProbe
    return (try? await data.run(["SELECT 1"], deadline: deadline)) != nil
  }

  /// What the start-up check finds wrong with the two schemas of the service.
  func findings(migrations: URL) async throws -> [StartupCheck.Finding] {
    let keySchema = "\(name)_keys"
    return try await StartupCheck(pool: data, schemas: [name])
      .findings(migrations: [name: migrations])
      + StartupCheck(pool: keys.pool, schemas: [keySchema])
      .findings(migrations: [keySchema: KeyMigrations.directory])
  }

  /// Fetches the keys that tokens are verified with, at once and again; ends with its task.
  func keepKeysFresh() async throws {
    try await ring.keepFresh { error in
      logger.warning("signing keys not refreshed", metadata: ["error": "\(error)"])
    }
  }
}
