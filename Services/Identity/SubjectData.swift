import FoundationEssentials
import Schemas
import Storage

/// What identity holds about one person: its export, its erasure, and the proof of that.
struct SubjectData: SubjectDataServiceHandler {
  let database: Database
  let vault: Vault
  /// Reads every row of every table, the key store's too.
  let scan: @Sendable (UUID, SubjectScan.Needles) async throws -> [SubjectScan.Finding]
}
