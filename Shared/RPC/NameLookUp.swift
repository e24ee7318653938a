import HTTP2
import Reactor

/// Looks up the addresses of a client's endpoints, again and again while it makes calls.
///
/// Addresses written as literals are looked up once.
final class NameLookUp: @unchecked Sendable {
  // Invariant: touched on `reactor`'s thread only.

  private let endpoints: [Endpoint]
  private let configuration: RPCClientConfiguration
  private let reactor: Reactor
  private let isFixed: Bool

  private var isRunning = false
  /// The result of a look-up that was stopped is not wanted.
  private var generation = 0
  private var last: ContinuousClock.Instant?
  private var failures = 0
  private var timer: ReactorTimer?
  /// Of the last look-up.
  private(set) var failure: RPCError?

  init(_ endpoints: [Endpoint], _ configuration: RPCClientConfiguration, _ reactor: Reactor) {
    self.endpoints = endpoints
    self.configuration = configuration
    self.reactor = reactor
    isFixed =
      configuration.resolution.resolve == nil
      && endpoints.allSatisfy { ResolvedAddress(literal: $0) != nil }
  }

  /// Looks the names up; `found` is told on the reactor's thread, nil after a failure.
  func start(_ found: @escaping ([ServerAddress]?) -> Void) {
    guard !isRunning else { return }
    isRunning = true
    timer?.cancel()
    timer = nil
    last = .now
    failure = nil
    generation += 1
    let generation = generation
    self.found = found
    // It serves all calls that wait, none of them alone; a look-up is bounded by the resolver.
    Task(executorPreference: reactor) { await self.run(generation) }
  }

  private var found: (([ServerAddress]?) -> Void)?

  private func run(_ generation: Int) async {
    let result = await addresses()
    reactor.preconditionCurrent()
    guard generation == self.generation else { return }
    isRunning = false
    let found = self.found
    self.found = nil
    switch result {
    case .success(let addresses):
      failures = 0
      failure = nil
      found?(addresses)
    case .failure(let error):
      failures += 1
      failure = error
      found?(nil)
    }
  }

  /// Those of all endpoints, each once; a failure only if none has any.
  private func addresses() async -> Result<[ServerAddress], RPCError> {
    var addresses: [ServerAddress] = []
    var failure: (any Error)?
    for endpoint in endpoints {
      do {
        for address in try await resolve(endpoint) {
          let server = ServerAddress(endpoint: endpoint, address: address)
          if addresses.contains(server) { continue }
          if addresses.count < configuration.resolution.maxAddresses { addresses.append(server) }
        }
      } catch {
        failure = error
      }
    }
    if !addresses.isEmpty { return .success(addresses) }
    let text = failure.map { "\($0)" } ?? "the resolver names no address of \(endpoints[0])"
    return .failure(.unavailable("\(endpoints[0]) cannot be reached: \(text)", cause: failure))
  }

  private func resolve(_ endpoint: Endpoint) async throws -> [ResolvedAddress] {
    if let resolve = configuration.resolution.resolve { return try await resolve(endpoint) }
    return try await HTTP2Connector.resolve(endpoint)
  }

  /// Plans the next one: after the interval, or sooner if the last one failed.
  func scheduleNext(_ next: @escaping () -> Void) {
    timer?.cancel()
    timer = nil
    if failures > 0 {
      timer = reactor.schedule(after: configuration.backoff.delay(failures: failures), next)
    } else if !isFixed {
      timer = reactor.schedule(after: configuration.resolution.interval, next)
    }
  }

  /// Brings the next one forward, yet not closer to the last than the least interval.
  func hasten(_ next: @escaping () -> Void) {
    guard !isFixed, !isRunning, failures == 0, let last else { return }
    timer?.cancel()
    let due = last + configuration.resolution.minInterval
    timer = reactor.schedule(after: max(.zero, due - .now), next)
  }

  func stop() {
    timer?.cancel()
    timer = nil
    generation += 1
    isRunning = false
    found = nil
    failures = 0
    failure = nil
  }
}
