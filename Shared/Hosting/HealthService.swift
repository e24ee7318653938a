package import Access
package import RPC
package import Schemas
import SwiftProtobuf
import Synchronization

/// The standard health protocol (grpc.health.v1). A process is SERVING from the moment it accepts
/// calls until it is told to stop, as long as `probe` finds what it depends on.
///
/// All services of a process stand on the same database: they are healthy together.
package final class HealthService: HealthHandler {
  private typealias Status = HealthHealthCheckResponse.ServingStatus

  private let services: Set<String>
  private let interval: Duration
  private let probe: @Sendable () async -> Bool
  private let drainSignal: DrainSignal
  /// What the last probe for watchers found, and when.
  private let seen = Mutex<(healthy: Bool, at: ContinuousClock.Instant)?>(nil)

  /// - Parameters:
  ///   - services: full names; others are unknown. The empty name stands for the whole process.
  ///   - interval: between two probes while somebody watches.
  ///   - drainSignal: of the process, given by `drain`.
  ///   - probe: whether the database (or what else is needed) answers.
  package init(
    services: some Sequence<String>, interval: Duration = Limits.healthInterval,
    drainSignal: DrainSignal = DrainSignal(), probe: @escaping @Sendable () async -> Bool
  ) {
    self.services = Set(services)
    self.interval = interval
    self.drainSignal = drainSignal
    self.probe = probe
  }

  package func check(
    _ request: HealthHealthCheckRequest, _ call: Call
  ) async throws -> HealthHealthCheckResponse {
    guard knows(request.service) else {
      throw RPCError.notFound("the service is not known here")
    }
    let status = await isDraining ? .notServing : status(of: probe())
    return .with { $0.status = status }
  }

  /// Sends the state, and again each time that it changes. A service that is not known here stays
  /// so: its watcher is told once, and the call goes on, as the protocol says. Ends when the
  /// process is told to stop.
  package func watch(
    _ request: HealthHealthCheckRequest, _ call: Call,
    _ responses: ResponseWriter<HealthHealthCheckResponse>
  ) async throws {
    guard knows(request.service) else {
      try await responses.send(.with { $0.status = .serviceUnknown })
      await drainSignal.wait()
      return
    }
    var told: Status?
    while true {
      let status = await watched()
      try Task.checkCancellation()
      if status != told { try await responses.send(.with { $0.status = status }) }
      told = status
      if isDraining { break }
      await drainSignal.wait(orFor: interval)
    }
    if told != .notServing { try await responses.send(.with { $0.status = .notServing }) }
  }

  /// From now on NOT_SERVING: balancers look elsewhere while open calls finish.
  package func drain() { drainSignal.give() }

  private var isDraining: Bool { drainSignal.isGiven }

  private func knows(_ service: String) -> Bool { service.isEmpty || services.contains(service) }

  private func status(of healthy: Bool) -> Status { healthy ? .serving : .notServing }

  /// What watchers see: one probe in an interval serves them all.
  private func watched() async -> Status {
    if isDraining { return .notServing }
    if let seen = seen.withLock({ $0 }), .now - seen.at < interval / 2 {
      return status(of: seen.healthy)
    }
    let healthy = await probe()
    seen.withLock { $0 = (healthy, .now) }
    return status(of: healthy)
  }
}
