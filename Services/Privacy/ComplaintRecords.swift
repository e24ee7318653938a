import Archive
import Cryptography
import Foundation
import Storage

extension SubjectRecords {
  /// What the person has complained of, and what they were answered.
  static func complaints(
    of subject: UUID, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws -> RecordTable {
    var table = RecordTable(service: "privacy", table: "complaint")
    let stored = try await EntrySubjectStore.complaints(of: subject, in: transaction)
    for complaint in try stored.map({ try $0.open(key) }) {
      table.add([
        ("complaint_id", complaint.id.canonical), ("state", complaint.state.rawValue),
        ("text", complaint.text), ("answer", complaint.answer ?? ""),
        ("filed_at", complaint.filedAt.formatted(.iso8601)),
        ("answered_at", complaint.answeredAt?.formatted(.iso8601) ?? ""),
      ])
    }
    return table
  }
}
