import Access
import Cryptography
import Foundation
import Launch
import Logging
import RPC
import Reactor
import Schemas
import Storage

/// Carries requests out, for ever: what was just asked for at once, what failed when it is due
/// again.
///
/// Each step is a row, stored as it ends, and each can be done twice: a process that dies in the
/// middle of one leaves the request to be taken by this one or another when its lease ends. A
/// service that is away delays a request and never drops it.
struct RequestRounds: Sendable {
  /// Between two looks for what other processes have put into the queue.
  static let pollInterval: Duration = .seconds(1)
  /// After the queue could not be read.
  static let pause: Duration = .seconds(2)
  /// Requests that one process works at at a time.
  static let workers = 2

  let parts: RequestParts
  /// Rung when a request has come in here.
  let bell: Bell
  let logger: Logger

  /// Ends with its task.
  func keepGoing() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<Self.workers { group.addTask { try await work() } }
      try await group.waitForAll()
    }
  }

  private func work() async throws {
    while true {
      try Task.checkCancellation()
      do {
        if let claim = try await parts.queue.claim(at: parts.now()) {
          await carryOut(claim)
        } else {
          await bell.wait(orFor: Self.pollInterval)
        }
      } catch {
        try Task.checkCancellation()
        logger.warning("requests cannot be looked for", metadata: ["error": "\(error)"])
        try await Task.sleep(for: Self.pause)
      }
    }
  }

  /// One attempt at a request; what goes wrong is told, and tried again when its time has come.
  private func carryOut(_ claim: RequestClaim) async {
    let metadata: Logger.Metadata = [
      "request": "\(claim.request.canonical)",
      "organisation": "\(claim.tenant.canonical)", "attempts": "\(claim.attempts)",
    ]
    do {
      try await Lease.holding(for: parts.queue.lease) {
        try await parts.queue.renew(claim, at: parts.now())
      } _: {
        try await RequestRun(parts: parts, claim: claim).attempt()
      }
    } catch is Lease.Lost {
      logger.notice("another process has taken a request over", metadata: metadata)
    } catch {
      guard !Task.isCancelled else { return }
      logger.warning(
        "a request could not be carried out; it is tried again",
        metadata: metadata.merging(["error": "\(error)"]) { $1 })
      // What cannot be written down now waits for the end of the lease.
      try? await parts.queue.settle(
        claim, next: parts.now() + RequestPace.delay(after: claim.attempts))
    }
  }
}

/// What requests are carried out with.
struct RequestParts: Sendable {
  let database: Database
  let vault: Vault
  let answers: KeptAnswers
  let queue: RequestQueue
  /// The services that hold data about people, in the order in which they erase: identity last,
  /// as it knows what to scan for.
  let holders: [DataHolder]
  /// What this process refuses for whom.
  let purposes: PurposeList
  let archiveKey: ArchiveSigningKey
  /// Bytes of what is collected for an archive, and of the archive.
  let archiveLimit: Int
  let signer: ErasureSigner
  let log: AccessLog
  /// Reads every row of this service's own tables, within a transaction, and of its key store.
  let ownScan: SubjectScan
  let scanKeys: @Sendable (UUID, SubjectScan.Needles) async throws -> [SubjectScan.Finding]
  let now: @Sendable () -> Date
}

/// Another service that holds data about people.
struct DataHolder: Sendable {
  let name: String
  let client: SubjectDataServiceClient

  static func all(_ runtime: Runtime) throws -> [DataHolder] {
    try ["feedback", "goals", "identity"].map { name in
      DataHolder(name: name, client: SubjectDataServiceClient(try runtime.peer(name)))
    }
  }
}
