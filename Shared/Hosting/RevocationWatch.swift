package import Access
import FoundationEssentials
package import Logging
import RPC
import Schemas
import SwiftProtobuf
package import Telemetry

/// Keeps what a process knows of revoked tokens up to date: holds the issuer's stream, and after a
/// break opens it again and catches up.
package struct RevocationWatch: Sendable {
  /// Takes a batch and the sequence up to which it goes.
  package typealias Take = @Sendable ([Revocation], Int64) -> Void
  /// Follows the issuer after a sequence until the stream breaks.
  package typealias Follow = @Sendable (Int64, @escaping Take) async throws -> Void

  private let watch: FeedWatch

  package init(_ list: RevocationList, logger: Logger, follow: @escaping Follow) {
    let subject = FeedWatch.Subject(
      name: "revocations", source: "identity",
      withoutIt: "no fresh authentication is admitted", silence: { list.silence },
      isInTouch: { list.isInTouch })
    watch = FeedWatch(subject, logger: logger) { found in
      try await follow(list.sequence) { revocations, sequence in
        list.add(revocations, sequence: sequence, now: Date())
        found()
      }
    }
  }

  /// Follows for ever; ends with the task's cancellation.
  package func run() async throws { try await watch.run() }
}

extension RevocationList {
  /// What a process measures of it.
  package func register(in metrics: MetricsRegistry) {
    metrics.counter(
      "ikso_revoked_tokens_refused_total", "Calls refused because their token was revoked."
    ) { Double(self.refusals) }
    metrics.gauge("ikso_revocations", "Revocations in force, as far as this process knows.") {
      Double(self.count)
    }
    metrics.gauge(
      "ikso_revocations_unknown",
      "1 while nothing was heard of revocations for so long that no fresh authentication counts."
    ) { self.isInTouch ? 0 : 1 }
  }
}

extension Peers {
  /// Holds identity's stream of revocations until it breaks.
  @Sendable package func followRevocations(
    after sequence: Int64, _ take: @escaping RevocationWatch.Take
  ) async throws {
    let identity = RevocationServiceClient(try client("identity"))
    let batches = try await identity.watch(.with { $0.afterSequence = sequence })
    for try await batch in batches {
      take(try batch.entries.compactMap(Revocation.init), batch.sequence)
    }
  }
}

extension Revocation {
  /// Nil for a kind that this build doesn't know.
  fileprivate init?(_ entry: RevocationEntry) throws(RPCError) {
    let subject: Subject
    switch entry.subject {
    case .sessionID(let id): subject = .session(try UUID(field: "session_id", id))
    case .organisationID(let id): subject = .tenant(try UUID(field: "organisation_id", id))
    case nil: return nil
    }
    self.init(
      subject, issuedUntil: entry.hasIssuedUntil ? entry.issuedUntil.date : nil,
      expiresAt: entry.expiresAt.date)
  }
}
