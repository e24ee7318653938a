import Cryptography
import Foundation
package import Hosting
package import Logging
import RPC
package import Schemas
package import Storage
import SwiftProtobuf
package import Telemetry

/// Brings what a service has written down of accesses to the organisations' logs, for ever. What
/// cannot be brought now waits: none is ever dropped, and the log takes each once.
package struct AccessCourier: Sendable {
  /// Between two looks for what other processes have written down.
  static let pollInterval: Duration = .seconds(1)
  static let callTimeout: Duration = .seconds(10)
  /// After a round in which something could not be brought: the first, doubled up to the longest.
  static let firstPause: Duration = .seconds(1)
  static let longestPause: Duration = .seconds(15)
  static let countInterval: Duration = .seconds(30)

  private let outbox: AccessOutbox
  private let log: AccessIntakeServiceClient
  private let logger: Logger
  private let delivered: Counter
  private let waiting: Gauge

  package init(
    _ outbox: AccessOutbox, to log: AccessIntakeServiceClient, metrics: MetricsRegistry,
    logger: Logger
  ) {
    (self.outbox, self.log, self.logger) = (outbox, log, logger)
    delivered = metrics.counter(
      "ikso_access_events_delivered_total", "Accesses to people's data that the log has got.")
    waiting = metrics.gauge(
      "ikso_access_events_waiting", "Accesses that the log has not got yet, of all processes.")
  }

  /// Ends with its task.
  package func keepGoing() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await deliver() }
      group.addTask { try await count() }
      try await group.waitForAll()
    }
  }

  private func deliver() async throws {
    var pause = Self.firstPause
    while true {
      try Task.checkCancellation()
      do {
        switch try await round() {
        case .nothing: await outbox.wait(orFor: Self.pollInterval)
        case .done: pause = Self.firstPause
        case .failed:
          try await Task.sleep(for: pause)
          pause = min(pause * 2, Self.longestPause)
        }
      } catch {
        try Task.checkCancellation()
        logger.warning("accesses cannot be read", metadata: ["error": "\(error)"])
        try await Task.sleep(for: pause)
        pause = min(pause * 2, Self.longestPause)
      }
    }
  }

  package enum Round: Sendable, Equatable {
    case nothing
    case done
    /// One organisation's at least could not be brought.
    case failed
  }

  /// Brings a batch of each organisation of which there is something.
  package func round() async throws -> Round {
    let organisations = try await outbox.organisations()
    guard !organisations.isEmpty else { return .nothing }
    var outcome = Round.done
    for tenant in organisations {
      do {
        try await bring(tenant)
      } catch {
        try Task.checkCancellation()
        // One organisation's trouble is not the others'.
        outcome = .failed
        logger.warning(
          "an organisation's accesses cannot be brought to its log; they wait",
          metadata: ["organisation": "\(tenant.canonical)", "error": "\(error)"])
      }
    }
    return outcome
  }

  private func bring(_ tenant: UUID) async throws {
    let (notes, gone) = try await outbox.fetch(of: tenant)
    if !notes.isEmpty {
      var options = CallOptions()
      options.timeout = Self.callTimeout
      _ = try await log.appendAccesses(
        .with {
          $0.organisationID = tenant.canonical
          $0.events = notes.map(PrivacyAccessEvent.init)
        }, options)
      delivered.add(Double(notes.count))
    }
    try await outbox.remove(notes.map(\.id) + gone, of: tenant)
  }

  private func count() async throws {
    while true {
      // What cannot be read now is said by those who bring.
      if let count = try? await outbox.waiting() { waiting.set(Double(count)) }
      try await Task.sleep(for: Self.countInterval)
    }
  }
}

extension AccessCourier {
  /// Of a service with the tables of `AccessOutbox`.
  package init(_ runtime: Runtime) throws(LaunchError) {
    self.init(
      runtime.accesses, to: AccessIntakeServiceClient(try runtime.peer("privacy")),
      metrics: .standard, logger: runtime.logger)
  }
}

extension PrivacyAccessEvent {
  init(_ note: AccessNote) {
    self = .with {
      $0.eventID = note.id.canonical
      $0.subjectID = note.subject?.canonical ?? ""
      $0.subjectCommitment = Data(note.commitment)
      $0.occurredAt = Google_Protobuf_Timestamp(date: note.occurredAt)
      $0.detail = Data(note.detail ?? [])
    }
  }
}
