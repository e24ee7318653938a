import RPC
import Schemas
import SwiftProtobuf

/// What goals hears of privacy: that no purpose is stopped for anybody, for as long as it listens.
enum PrivacyStandIn {
  /// Well within the patience of whoever listens.
  private static let interval: Duration = .seconds(2)

  static var purposes: RPCMethod {
    .serverStreaming(PurposeFeedServiceMethods.watch, admit: { $0 }) {
      (_: PurposeFeedWatchRequest, _, responses: ResponseWriter<PurposeFeedBatch>) in
      while true {
        try await responses.send(.with { $0.isComplete = true })
        try await Task.sleep(for: interval)
      }
    }
  }
}
