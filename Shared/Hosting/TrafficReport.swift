package import Access
package import Logging
import RPC
import Schemas
import SwiftProtobuf

/// Tells privacy which methods were called, for the record of processing.
package struct TrafficReport: Sendable {
  private let count: TrafficCount
  private let interval: Duration
  private let logger: Logger
  private let send: @Sendable ([TrafficCount.Method: UInt64]) async throws -> Void

  package init(
    count: TrafficCount, interval: Duration, logger: Logger,
    send: @escaping @Sendable ([TrafficCount.Method: UInt64]) async throws -> Void
  ) {
    (self.count, self.interval, self.logger, self.send) = (count, interval, logger, send)
  }

  /// Reports for ever; ends with its task. What could not be reported is told the next time; for
  /// the record it matters what was called, and not exactly how often.
  package func run() async throws {
    var unsent: [TrafficCount.Method: UInt64] = [:]
    try await repeating(
      every: interval,
      failed: { error in
        logger.info("traffic not reported", metadata: ["error": "\(error)"])
      },
      {
        unsent.merge(count.take(), uniquingKeysWith: &+)
        guard !unsent.isEmpty else { return }
        try await send(unsent)
        unsent = [:]
      })
  }
}

extension ServiceConfiguration {
  package func trafficInterval() throws(LaunchError) -> Duration {
    .seconds(try int("traffic.reportSeconds", default: 60, in: 1...3_600))
  }
}

extension Peers {
  /// Tells privacy.
  @Sendable package func reportTraffic(_ seen: [TrafficCount.Method: UInt64]) async throws {
    let methods = seen.prefix(TrafficCount.maximumMethods).map { method, calls in
      PurposeFeedSeenMethod.with {
        $0.method = method.name
        $0.purpose = method.purpose
        $0.calls = calls
      }
    }
    _ = try await TrafficServiceClient(try client("privacy")).reportTraffic(
      .with { $0.methods = methods })
  }
}
