import Archive
import Foundation
import Launch
import Storage

extension RequestRun {
  /// What the person has complained of, and what they were answered.
  func complaintRecords() async throws -> RecordTable {
    var table = RecordTable(service: "privacy", table: "complaint")
    let stored = try await service.database.transaction(call.mandate(tenant)) {
      try await EntrySubjectStore.complaints(of: subject, in: $0)
    }
    guard !stored.isEmpty else { return table }
    let keys = try await service.vault.persons(tenant, [subject])
    guard let key = keys[subject] else { return table }
    for complaint in try stored.map({ try $0.open(key) }) {
      table.add([
        ("complaint_id", complaint.id.idText), ("state", complaint.state.rawValue),
        ("text", complaint.text), ("answer", complaint.answer ?? ""),
        ("filed_at", complaint.filedAt.formatted(.iso8601)),
        ("answered_at", complaint.answeredAt?.formatted(.iso8601) ?? ""),
      ])
    }
    return table
  }
}
