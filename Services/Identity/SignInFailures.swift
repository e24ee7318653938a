import Cryptography
import FoundationEssentials
import Logging
import Storage
import Synchronization

/// Failed attempts between the answer and the log. Whoever guesses is answered before anything is
/// looked up or written, so that the time says nothing about an account; attempts at one account
/// wait as one, with a count. Those that the end of the process overtakes are lost.
final class SignInFailures: Sendable {
  /// Accounts that wait, of each kind of failure: a flood of one keeps no other out.
  static let limit = 1_000

  enum Account: Hashable, Sendable {
    case person(UUID)
    /// In the form that addresses are compared in; whether it is anybody's is not known yet.
    case address(String)
    /// Of a program; whether there is one is not known yet either.
    case program(UUID)
  }

  struct Failure: Hashable, Sendable {
    let tenant: UUID
    let account: Account
    let kind: SecurityEvent.Kind
  }

  struct Tally: Equatable, Sendable {
    /// The first one.
    let at: Date
    var count = 1
    /// Nil when they came from several.
    var source: String?
  }

  private struct State {
    var waiting: [SecurityEvent.Kind: [Failure: Tally]] = [:]
    var lost = 0
  }

  private let state = Mutex(State())
  private let signals: AsyncStream<Void>
  private let door: AsyncStream<Void>.Continuation

  init() {
    (signals, door) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
  }

  func take(_ failure: Failure, from source: String, at time: Date) {
    state.withLock { state in
      var waiting = state.waiting[failure.kind] ?? [:]
      if var tally = waiting[failure] {
        tally.count += 1
        if tally.source != source { tally.source = nil }
        waiting[failure] = tally
      } else if waiting.count < Self.limit {
        waiting[failure] = Tally(at: time, source: source)
      } else {
        state.lost += 1
      }
      state.waiting[failure.kind] = waiting
    }
    door.yield()
  }

  /// All that wait, and how many others there was no room for.
  func takeAll() -> (failures: [Failure: Tally], lost: Int) {
    let taken = state.withLock { state in
      defer { state = State() }
      return state
    }
    let failures = taken.waiting.values.reduce(into: [:]) { all, some in
      all.merge(some) { first, _ in first }
    }
    return (failures, taken.lost)
  }

  /// From a failure to its row: apart from the answer, and many at once are one piece of work.
  static let pause: Duration = .seconds(1)

  /// Gives what waits to `body` until the task is cancelled.
  func forEach(_ body: ([Failure: Tally], _ lost: Int) async -> Void) async {
    for await _ in signals {
      try? await Task.sleep(for: Self.pause)
      let (failures, lost) = takeAll()
      await body(failures, lost)
    }
  }
}

/// Writes them.
struct FailureLog: Sendable {
  let database: Database
  let vault: Vault
  let logger: Logger

  /// One that cannot be written does not keep the others.
  func write(_ failures: [SignInFailures.Failure: SignInFailures.Tally], lost: Int) async {
    if lost > 0 {
      logger.warning("failed sign-ins not recorded", metadata: ["attempts": "\(lost)"])
    }
    for (failure, tally) in failures {
      do {
        try await write(failure, tally)
      } catch {
        logger.warning(
          "a failed sign-in was not recorded",
          metadata: ["organisation": "\(failure.tenant.canonical)", "error": "\(error)"])
      }
    }
  }

  private func write(_ failure: SignInFailures.Failure, _ tally: SignInFailures.Tally) async throws
  {
    let tenant = failure.tenant
    var source: [UInt8]?
    if let text = tally.source { source = try await vault.sourceDigest(tenant, text) }
    switch failure.account {
    case .person(let person):
      let event = SecurityEvent(
        failure.kind, .failed, about: person, occurrences: tally.count)
      try await database.once(
        tenant: tenant,
        .securityEvent(
          tenant, event, by: EventOrigin(actor: .anonymous, source: source), at: tally.at))
    case .program(let account):
      try await database.once(
        tenant: .platform,
        .securityFailure(
          of: account, failure.kind, source: source, occurrences: tally.count, at: tally.at))
    case .address(let address):
      let index: [UInt8]
      do throws(VaultError) {
        index = try await vault.blindIndex(tenant, address)
      } catch {
        // No such organisation, or none any more.
        guard error == .tenantAbsent || error == .tenantDestroyed else { throw error }
        return
      }
      try await database.once(
        tenant: tenant,
        .securityFailure(
          tenant, failure.kind, emailIndex: index, source: source, occurrences: tally.count,
          at: tally.at))
    }
  }
}
