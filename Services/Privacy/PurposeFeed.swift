import Access
import Cryptography
import Foundation
import Hosting
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// What holds of purposes, of all processes of privacy, as it is committed: the table is the truth,
/// and is asked each second.
struct PurposeFeed: Sendable {
  static let pollInterval: Duration = .seconds(1)
  /// Without anything new a follower is told so after this many polls.
  static let pollsOfSilence = 2
  /// Entries of one batch.
  static let batchLimit = 1_000
  /// How long it is remembered that something was lifted: whoever was away for longer is told all
  /// anew.
  static let memory: TimeInterval = 86_400
  /// Between two deletions of what was lifted before.
  static let sweepInterval: Duration = .seconds(600)

  let database: Database
  let drainSignal: DrainSignal
  let now: @Sendable () -> Date

  /// A batch, and whether what was known before it is to be forgotten.
  struct Batch: Sendable {
    var marks: [PurposeMarkRow]
    var sequence: Int64
    var reset: Bool
    var isComplete: Bool
  }

  /// Gives every batch to `take`, the first one at once; ends when the process is to stop.
  func follow(after: Int64, _ take: (Batch) async throws -> Void) async throws {
    var reset = after < oldestRemembered
    var sequence = reset ? 0 : after
    var silent = Self.pollsOfSilence
    while !drainSignal.isGiven {
      try Task.checkCancellation()
      let marks = try await database.once(
        tenant: .platform, .purposeMarkFetch(after: sequence, limit: Self.batchLimit)
      )[0].map(PurposeMarkRow.init)
      let isComplete = marks.count < Self.batchLimit
      silent += 1
      if reset || !marks.isEmpty || silent > Self.pollsOfSilence {
        sequence = marks.last?.sequence ?? sequence
        try await take(
          Batch(marks: marks, sequence: sequence, reset: reset, isComplete: isComplete))
        (silent, reset) = (0, false)
      }
      if isComplete { await drainSignal.wait(orFor: Self.pollInterval) }
    }
  }

  /// Deletes for ever; ends with its task.
  func sweep(failed: (any Error) -> Void) async throws {
    try await repeating(every: Self.sweepInterval, failed: failed) {
      try await database.once(tenant: .platform, .purposeMarkSweep(before: oldestRemembered))
    }
  }

  /// Sequences are microseconds since 1970 at least.
  private var oldestRemembered: Int64 {
    Int64((now().timeIntervalSince1970 - Self.memory) * 1e6)
  }
}

/// Lets other processes follow.
struct PurposeDesk: PurposeFeedServiceHandler {
  let feed: PurposeFeed

  func watch(
    _ request: PurposeFeedWatchRequest, _ call: Call, _ responses: ResponseWriter<PurposeFeedBatch>
  ) async throws {
    try await feed.follow(after: request.afterSequence) { batch in
      try await responses.send(
        .with {
          $0.entries = batch.marks.map(PurposeFeedEntry.init)
          $0.sequence = batch.sequence
          $0.reset = batch.reset
          $0.isComplete = batch.isComplete
        })
    }
  }
}

extension PurposeFeedEntry {
  fileprivate init(_ row: PurposeMarkRow) {
    self = .with {
      $0.organisationID = row.organisation.canonical
      $0.personID = row.person?.canonical ?? ""
      $0.purpose = row.purpose
      $0.mark =
        switch row.mark {
        case .none: .none
        case .stopped: .stopped
        case .allowed: .allowed
        }
    }
  }
}

extension PurposeChanges {
  /// What this process tells itself.
  init(_ batch: PurposeFeed.Batch) {
    self.init(
      batch.marks.map { row in
        PurposeChange(
          tenant: row.organisation, person: row.person, purpose: row.purpose,
          mark: row.mark == .none ? nil : row.mark == .allowed ? .allowed : .stopped)
      }, sequence: batch.sequence, reset: batch.reset, isComplete: batch.isComplete)
  }
}
