import Access
import Cryptography
import FoundationEssentials
import Hosting
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// The revocations of all processes of identity, as they are committed: the table is the truth, and
/// is asked each second.
struct RevocationFeed: Sendable {
  static let pollInterval: Duration = .seconds(1)
  /// Without anything new a follower is told so after this many polls.
  static let pollsOfSilence = 2
  /// Entries of one batch.
  static let batchLimit = 1_000
  /// Between two deletions of what no token can concern any more.
  static let sweepInterval: Duration = .seconds(60)

  let database: Database
  let drainSignal: DrainSignal
  let now: @Sendable () -> Date

  /// Gives every batch to `take`, the first one at once; ends when the process is to stop.
  func follow(
    after sequence: Int64, _ take: ([Revocation], Int64) async throws -> Void
  ) async throws {
    var sequence = sequence
    var silent = Self.pollsOfSilence
    while !drainSignal.isGiven {
      try Task.checkCancellation()
      let results = try await database.once(
        tenant: .platform,
        .revocationFetch(after: sequence, at: now(), limit: Self.batchLimit))
      let batch = try Revocation.batch(results[0])
      silent += 1
      if !batch.revocations.isEmpty || silent > Self.pollsOfSilence {
        sequence = batch.sequence ?? sequence
        try await take(batch.revocations, sequence)
        silent = 0
      }
      if batch.revocations.count == Self.batchLimit { continue }
      await drainSignal.wait(orFor: Self.pollInterval)
    }
  }

  /// Deletes for ever; ends with its task.
  func sweep(failed: (any Error) -> Void) async throws {
    try await repeating(every: Self.sweepInterval, failed: failed) {
      try await database.once(tenant: .platform, .revocationSweep(at: now()))
    }
  }
}

/// Lets other processes follow.
struct RevocationDesk: RevocationServiceHandler {
  let feed: RevocationFeed

  func watch(
    _ request: RevocationWatchRequest, _ call: Call, _ responses: ResponseWriter<RevocationBatch>
  ) async throws {
    try await feed.follow(after: request.afterSequence) { revocations, sequence in
      try await responses.send(
        .with {
          $0.entries = revocations.map(RevocationEntry.init)
          $0.sequence = sequence
        })
    }
  }
}

extension RevocationEntry {
  fileprivate init(_ revocation: Revocation) {
    self = .with {
      switch revocation.subject {
      case .session(let id): $0.sessionID = id.canonical
      case .tenant(let id): $0.organisationID = id.canonical
      }
      if let until = revocation.issuedUntil {
        $0.issuedUntil = Google_Protobuf_Timestamp(date: until)
      }
      $0.expiresAt = Google_Protobuf_Timestamp(date: revocation.expiresAt)
    }
  }
}
