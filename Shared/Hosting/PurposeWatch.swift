package import Access
import FoundationEssentials
package import Logging
import RPC
import Schemas
import SwiftProtobuf
package import Telemetry

/// Keeps what a process knows of stopped purposes up to date: holds privacy's stream, and after a
/// break opens it again and catches up.
package struct PurposeWatch: Sendable {
  package typealias Take = @Sendable (PurposeChanges) -> Void
  /// Follows privacy after a sequence until the stream breaks.
  package typealias Follow = @Sendable (Int64, @escaping Take) async throws -> Void

  private let watch: FeedWatch

  package init(_ list: PurposeList, logger: Logger, follow: @escaping Follow) {
    let subject = FeedWatch.Subject(
      name: "purposes", source: "privacy",
      withoutIt: "nothing is admitted for a purpose that can be stopped",
      silence: { list.silence }, isInTouch: { list.isInTouch })
    watch = FeedWatch(subject, logger: logger) { heard in
      // A list that was not complete when the stream broke is begun anew.
      try await follow(list.hasBeenComplete ? list.sequence : 0) { batch in
        list.add(batch)
        heard()
      }
    }
  }

  /// Follows for ever; ends with the task's cancellation.
  package func run() async throws { try await watch.run() }
}

extension PurposeList {
  /// What a process measures of it.
  package func register(in metrics: MetricsRegistry) {
    metrics.counter(
      "ikso_purposes_refused_total", "Calls refused because their purpose was stopped."
    ) { Double(self.refusals) }
    metrics.gauge("ikso_purpose_marks", "Purposes that are stopped or allowed for somebody.") {
      Double(self.count)
    }
    metrics.gauge(
      "ikso_purposes_unknown",
      "1 while so long nothing was heard of purposes that none that can be stopped is admitted."
    ) { self.isInTouch ? 0 : 1 }
  }
}

extension Peers {
  /// Holds privacy's stream of purposes until it breaks.
  @Sendable package func followPurposes(
    after sequence: Int64, _ take: @escaping PurposeWatch.Take
  ) async throws {
    let privacy = PurposeFeedServiceClient(try client("privacy"))
    let batches = try await privacy.watch(.with { $0.afterSequence = sequence })
    for try await batch in batches {
      take(
        PurposeChanges(
          try batch.entries.map(PurposeChange.init), sequence: batch.sequence,
          reset: batch.reset, isComplete: batch.isComplete))
    }
  }
}

extension PurposeChange {
  /// A mark that this build doesn't know stops.
  fileprivate init(_ entry: PurposeFeedEntry) throws(RPCError) {
    let mark: PurposeMark? =
      switch entry.mark {
      case .none: nil
      case .allowed: .allowed
      case .stopped, .unspecified, .UNRECOGNIZED: .stopped
      }
    self.init(
      tenant: try UUID(field: "organisation_id", entry.organisationID),
      person: entry.personID.isEmpty ? nil : try UUID(field: "person_id", entry.personID),
      purpose: entry.purpose, mark: mark)
  }
}
