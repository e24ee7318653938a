package import Access
package import RPC
package import Schemas
import SwiftProtobuf
import Synchronization

/// The standard health protocol (grpc.health.v1). A process is SERVING from the moment it accepts
/// calls until it is told to stop, as long as `probe` finds what it depends on.
package final class HealthService: HealthHandler {
  private let services: Set<String>
  private let probe: @Sendable () async -> Bool
  private let state = Mutex<State>(State())

  private struct State {
    var draining = false
    var next = 0
    var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
  }

  /// - Parameters:
  ///   - services: full names; others are unknown. The empty name stands for the whole process.
  ///   - probe: whether the database (or what else is needed) answers.
  package init(services: [String], probe: @escaping @Sendable () async -> Bool) {
    self.services = Set(services)
    self.probe = probe
  }

  package func check(
    _ request: HealthHealthCheckRequest, _ call: Call
  ) async throws -> HealthHealthCheckResponse {
    guard request.service.isEmpty || services.contains(request.service) else {
      throw RPCError.notFound("the service is not known here")
    }
    return await answer()
  }

  /// Sends the state, and again when it changes because the process is told to stop.
  package func watch(
    _ request: HealthHealthCheckRequest, _ call: Call,
    _ responses: ResponseWriter<HealthHealthCheckResponse>
  ) async throws {
    guard request.service.isEmpty || services.contains(request.service) else {
      try await responses.send(.with { $0.status = .serviceUnknown })
      return
    }
    try await responses.send(await answer())
    await untilDraining()
    try Task.checkCancellation()
    try await responses.send(.with { $0.status = .notServing })
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

  private func answer() async -> HealthHealthCheckResponse {
    let draining = state.withLock(\.draining)
    let healthy = draining ? false : await probe()
    return .with { $0.status = healthy ? .serving : .notServing }
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
