import Foundation
import Postgres
import Storage

/// All registers at once, without what has ended.
enum RegistersInForceStore {
  /// Of the transaction's organisation, or of the platform.
  static func fetch(
    at time: Date, in transaction: TenantTransaction
  ) async throws -> RegistersInForce {
    var found = RegistersInForce(
      transfers: try await TransferStore.list(onlyInForce: true, in: transaction),
      locations: try await StorageLocationStore.list(onlyInForce: true, in: transaction))
    if transaction.tenant == .platform {
      found.subProcessors = try await SubProcessorStore.current(at: time, in: transaction)
    } else {
      found.instruction = try await StorageLocationStore.instruction(in: transaction)
      found.collectors = try await CollectorStore.inForce(in: transaction)
    }
    return found
  }
}
