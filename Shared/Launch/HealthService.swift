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
  private let state = Mutex<State>(State())

  private struct State {
    var draining = false
    var next = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    /// What the last probe for watchers found, and when.
    var seen: (healthy: Bool, at: ContinuousClock.Instant)?
  }

  /// - Parameters:
  ///   - services: full names; others are unknown. The empty name stands for the whole process.
  ///   - interval: between two probes while somebody watches.
  ///   - probe: whether the database (or what else is needed) answers.
  package init(
    services: some Sequence<String>, interval: Duration = Limits.healthInterval,
    probe: @escaping @Sendable () async -> Bool
  ) {
    self.services = Set(services)
    self.interval = interval
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
      await untilDraining()
      return
    }
    var told: Status?
    while true {
      let status = await watched()
      try Task.checkCancellation()
      if status != told { try await responses.send(.with { $0.status = status }) }
      told = status
      if isDraining { break }
      await untilDraining(orFor: interval)
    }
    if told != .notServing { try await responses.send(.with { $0.status = .notServing }) }
  }

  /// From now on NOT_SERVING: balancers look elsewhere while open calls finish.
  package func drain() {
    let waiters = state.withLock { state in
      state.draining = true
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume() }
  }

  private var isDraining: Bool { state.withLock(\.draining) }

  private func knows(_ service: String) -> Bool { service.isEmpty || services.contains(service) }

  private func status(of healthy: Bool) -> Status { healthy ? .serving : .notServing }

  /// What watchers see: one probe in an interval serves them all.
  private func watched() async -> Status {
    let (draining, seen) = state.withLock { ($0.draining, $0.seen) }
    if draining { return .notServing }
    if let seen, .now - seen.at < interval / 2 { return status(of: seen.healthy) }
    let healthy = await probe()
    state.withLock { $0.seen = (healthy, .now) }
    return status(of: healthy)
  }

  private func untilDraining(orFor interval: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.untilDraining() }
      group.addTask { try? await Task.sleep(for: interval) }
      await group.next()
      group.cancelAll()
    }
  }

  private func untilDraining() async {
    let id = state.withLock { state in
      state.next += 1
      return state.next
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let done = state.withLock { state in
          if state.draining || Task.isCancelled { return true }
          state.waiters[id] = continuation
          return false
        }
        if done { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
  }
}
