import Foundation
import Hosting
import Launch
import Logging
import Postgres
import Storage

/// Deletes what its rule no longer keeps (clause 28): record by record, each in a transaction of
/// its own, so that a sweep can be stopped anywhere and the next one goes on with what is left.
struct RetentionSweep: Sendable {
  /// Records that are looked for at once.
  static let batchLimit = 50
  /// Between two batches, for everything else that the database has to do.
  static let pause: Duration = .milliseconds(100)
  /// Between two sweeps that the service makes by itself.
  static let interval: Duration = .seconds(86_400)

  let database: Database
  let vault: Vault
  let now: @Sendable () -> Date

  /// Sweeps every category, and tells after each batch how many records of it are gone.
  /// - Parameter pause: between two batches.
  @discardableResult
  func run(
    _ mandate: Mandate, orderedBy: OrderedBy, pause: Duration = Self.pause,
    progress: (RetentionRule, _ deleted: Int, _ isDone: Bool) async throws -> Void
  ) async throws -> [RetentionReport] {
    var reports: [RetentionReport] = []
    for category in RetentionRule.allCases {
      let began = now()
      var deleted = 0
      while true {
        try Task.checkCancellation()
        let batch = try await database.transaction(mandate) {
          try await RetentionStore.batch(
            category, limit: Self.batchLimit, at: began, in: $0)
        }
        if batch.isEmpty { break }
        for record in batch {
          if try await delete(record, category, at: began, mandate, orderedBy) { deleted += 1 }
        }
        try await progress(category, deleted, false)
        try await Task.sleep(for: pause)
      }
      let report = try await database.transaction(mandate) { transaction in
        let (_, onHold) = try await RetentionStore.count(category, at: began, in: transaction)
        let report = RetentionReport(
          id: UUID(), category: category, beganAt: began, endedAt: now(), deleted: deleted,
          onHold: onHold)
        try await RetentionStore.insert(report, in: transaction)
        return report
      }
      reports.append(report)
      try await progress(category, deleted, true)
    }
    return reports
  }

  /// False if somebody else has deleted it, or placed a hold, since it was found due.
  private func delete(
    _ record: UUID, _ category: RetentionRule, at time: Date, _ mandate: Mandate,
    _ orderedBy: OrderedBy
  ) async throws -> Bool {
    try await database.transaction(mandate) { transaction in
      guard try await RetentionStore.lock(record, category, at: time, in: transaction) else {
        return false
      }
      // The key first: without it a row that is left says nothing, and is found due again.
      switch category {
      case .application, .subscriber:
        try await vault.destroyPerson(.platform, record, orderedBy: orderedBy)
      case .breach: break
      }
      try await RetentionStore.delete(record, category, in: transaction)
      return true
    }
  }

  /// Sweeps at once and again each day until its task ends.
  func keepGoing(_ logger: Logger) async throws {
    try await repeating(every: Self.interval) { error in
      logger.warning("retention not swept", metadata: ["error": "\(error)"])
    } _: {
      let reports = try await run(
        Mandate(tenant: .platform), orderedBy: .service("privacy")
      ) { _, _, _ in }
      for report in reports where report.deleted > 0 {
        logger.notice(
          "retention swept",
          metadata: [
            "category": "\(report.category.rawValue)", "deleted": "\(report.deleted)",
            "on_hold": "\(report.onHold)",
          ])
      }
    }
  }
}
