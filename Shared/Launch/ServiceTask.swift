package import Hosting

extension Launchable {
  /// For a command of the service's own: runs `body` with the parts of its process, of which none
  /// listens, and ends the process; with 1 and the reason on standard error when it throws.
  package static func withRuntime(
    _ options: ConfigurationOption, _ body: (Runtime) async throws -> Void
  ) async throws -> Never {
    try await ServiceProcess.run(name, config: options.config) { process in
      let runtime = try await Runtime.assemble(
        Self.self, configuration: process.configuration, reactors: process.reactors,
        logger: process.logger)
      try await body(runtime)
      await runtime.shutdown()
    }
  }
}
