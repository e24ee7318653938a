import Cryptography
import Foundation
import Launch
import Logging
import Reactor
import Storage

/// Erases organisations, for ever: what was just reported at once, what failed or is on hold when
/// it is due again.
struct OrganisationErasureRounds: Sendable {
  /// Between two looks for what other processes have been told.
  static let pollInterval: Duration = .seconds(5)
  /// After the list could not be read.
  static let pause: Duration = .seconds(5)

  let parts: OrganisationErasureParts
  /// Rung when one has been reported here.
  let bell: Bell
  let logger: Logger

  /// One at a time; ends with its task.
  func keepGoing() async throws {
    while true {
      try Task.checkCancellation()
      do {
        if let claim = try await parts.store.claim(at: parts.now()) {
          await carryOut(claim)
        } else {
          await bell.wait(orFor: Self.pollInterval)
        }
      } catch {
        try Task.checkCancellation()
        logger.warning("organisations to erase not looked for", metadata: ["error": "\(error)"])
        try await Task.sleep(for: Self.pause)
      }
    }
  }

  private func carryOut(_ claim: OrganisationErasureClaim) async {
    let metadata: Logger.Metadata = [
      "organisation": "\(claim.erasure.organisation.canonical)", "attempts": "\(claim.attempts)",
    ]
    do {
      try await Lease.holding(for: parts.store.lease) {
        try await parts.store.renew(claim, at: parts.now())
      } _: {
        try await OrganisationErasureRun(parts: parts, claim: claim).attempt()
      }
      try await tell(claim, metadata)
    } catch is Lease.Lost {
      logger.notice("another process has taken an erasure over", metadata: metadata)
    } catch {
      guard !Task.isCancelled else { return }
      logger.warning(
        "an organisation could not be erased; it is tried again",
        metadata: metadata.merging(["error": "\(error)"]) { $1 })
      // What cannot be written down now waits for the end of the lease.
      try? await parts.store.putOff(
        claim, until: parts.now() + RequestPace.delay(after: claim.attempts),
        "this service could not do its part")
    }
  }

  /// How it stands: what stops it is an operator's to see.
  private func tell(
    _ claim: OrganisationErasureClaim, _ metadata: Logger.Metadata
  ) async throws {
    guard let erasure = try await parts.store.fetch(claim.erasure.organisation)?.erasure else {
      return
    }
    switch erasure.state {
    case .completed: logger.notice("organisation erased", metadata: metadata)
    case .onHold:
      logger.notice(
        "the erasure of an organisation is on hold",
        metadata: metadata.merging(["holds": "\(erasure.holds.count)"]) { $1 })
    case .waiting, .running:
      logger.warning(
        "the erasure of an organisation does not go on yet",
        metadata: metadata.merging(["problem": "\(erasure.problem ?? "")"]) { $1 })
    }
  }
}
