import Foundation
import Glibc
package import RPC
import Reactor

/// A server under test in a process of its own.
package enum TestServer {
  /// How long open calls may go on when the process is told to stop.
  private static let grace: Duration = .seconds(1)

  /// Serves `methods` on all cores until SIGTERM or SIGINT.
  /// - Parameter ready: is told the port once the server listens.
  package static func run(
    _ methods: [RPCMethod], _ configuration: RPCServerConfiguration,
    ready: (Int) throws -> Void
  ) async throws {
    let (stop, told) = AsyncStream.makeStream(of: Never.self)
    let watcher = try SignalWatcher([SIGTERM, SIGINT]) { _ in told.finish() }
    let cores = ProcessInfo.processInfo.activeProcessorCount
    let reactors = try ReactorGroup(count: cores)
    reactors.start()
    defer { reactors.shutdown() }
    watcher.deliver(on: reactors.reactors[0])
    let server = RPCServer(methods: methods, configuration: configuration, reactors: reactors)
    try server.start()
    try ready(server.boundPort)
    for await _ in stop {}
    await server.shutdown(grace: grace)
  }

  /// Waits as long as a request asks for.
  /// - Throws: `CancellationError` when the call has ended meanwhile.
  package static func pause(_ duration: Duration) async throws {
    if duration > .zero { try await Task.sleep(for: duration) }
  }
}
