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
  /// Between two organisations of which nothing was due.
  static let shortPause: Duration = .milliseconds(5)
  /// Between two sweeps that the service makes by itself.
  static let interval: Duration = .seconds(86_400)

  let database: Database
  let vault: Vault
  let organisations: OrganisationList
  let now: @Sendable () -> Date

  typealias Progress = (RetentionRule, _ deleted: Int, _ isDone: Bool) async throws -> Void

  /// Sweeps every category, and tells after each batch how many records of it are gone. What fails
  /// in one organisation keeps none of the others; it is thrown at the end, without reports of
  /// their categories.
  /// - Parameter pause: between two batches.
  @discardableResult
  func run(
    _ mandate: Mandate, orderedBy: OrderedBy, pause: Duration = Self.pause,
    progress: Progress
  ) async throws -> [RetentionReport] {
    var reports: [RetentionReport] = []
    for category in RetentionRule.all(of: .platform) {
      let began = now()
      let deleted = try await sweep(category, at: began, mandate, orderedBy, pause) {
        try await progress(category, $0, false)
      }
      let (_, onHold) = try await database.transaction(mandate) {
        try await RetentionStore.count(category, at: began, in: $0)
      }
      reports.append(try await report(category, began, deleted, onHold: onHold, mandate))
      try await progress(category, deleted, true)
    }
    return reports
      + (try await runOrganisations(mandate, orderedBy, pause, progress))
  }

  /// Their categories, one organisation after the other; a report is of all of them together.
  private func runOrganisations(
    _ mandate: Mandate, _ orderedBy: OrderedBy, _ pause: Duration, _ progress: Progress
  ) async throws -> [RetentionReport] {
    let began = now()
    let categories = RetentionRule.all(of: .organisations)
    var sums: [RetentionRule: (deleted: Int, onHold: Int)] = [:]
    var failure: (any Error)?
    try await organisations.forEach { tenant in
      let own = Mandate(tenant: tenant, purpose: mandate.purpose, deadline: mandate.deadline)
      do {
        let counts = try await RetentionSweep.counts(categories, at: began, own, database)
        for (category, count) in zip(categories, counts) where count.due > 0 {
          let before = sums[category, default: (0, 0)].deleted
          let deleted = try await sweep(category, at: began, own, orderedBy, pause) {
            try await progress(category, before + $0, false)
          }
          sums[category, default: (0, 0)].deleted += deleted
          sums[category, default: (0, 0)].onHold += count.onHold
        }
      } catch let error as PostgresError {
        try Task.checkCancellation()
        failure = error
      }
      try await Task.sleep(for: min(pause, Self.shortPause))
    }
    if let failure { throw failure }
    var reports: [RetentionReport] = []
    for category in categories {
      let (deleted, onHold) = sums[category, default: (0, 0)]
      reports.append(try await report(category, began, deleted, onHold: onHold, mandate))
      try await progress(category, deleted, true)
    }
    return reports
  }

  /// What is due and what is on hold of each category, in one transaction of the mandate's tenant.
  static func counts(
    _ categories: [RetentionRule], at time: Date, _ mandate: Mandate, _ database: Database
  ) async throws -> [(due: Int, onHold: Int)] {
    try await database.transaction(mandate) { transaction in
      var counts: [(due: Int, onHold: Int)] = []
      for category in categories {
        counts.append(try await RetentionStore.count(category, at: time, in: transaction))
      }
      return counts
    }
  }

  /// Of the mandate's tenant; how many records are gone.
  private func sweep(
    _ category: RetentionRule, at time: Date, _ mandate: Mandate, _ orderedBy: OrderedBy,
    _ pause: Duration, _ progress: (Int) async throws -> Void
  ) async throws -> Int {
    var deleted = 0
    while true {
      try Task.checkCancellation()
      let batch = try await database.transaction(mandate) {
        try await RetentionStore.batch(category, limit: Self.batchLimit, at: time, in: $0)
      }
      if batch.isEmpty { return deleted }
      for record in batch {
        if try await delete(record, category, at: time, mandate, orderedBy) { deleted += 1 }
      }
      try await progress(deleted)
      try await Task.sleep(for: pause)
    }
  }

  private func report(
    _ category: RetentionRule, _ began: Date, _ deleted: Int, onHold: Int, _ mandate: Mandate
  ) async throws -> RetentionReport {
    let report = RetentionReport(
      id: UUID(), category: category, beganAt: began, endedAt: now(), deleted: deleted,
      onHold: onHold)
    try await database.transaction(mandate) { try await RetentionStore.insert(report, in: $0) }
    return report
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
      case .breach, .organisation, .archive, .request, .legalHold, .freeze, .complaint,
        .breachNotice:
        break
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
