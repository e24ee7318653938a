import Archive
import Cryptography
import Foundation
import Storage

/// What this service itself holds about one person, as it stands in an archive.
enum SubjectRecords {
  static func tables(
    of subject: UUID, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws -> [RecordTable] {
    var acceptances = RecordTable(service: "privacy", table: "acceptance")
    for row in try await SubjectStore.acceptances(of: subject, in: transaction) {
      acceptances.add([
        ("version", "\(row.version)"), ("subject_kind", row.kind),
        ("sha256", Data(row.sha256).map { String(format: "%02x", $0) }.joined()),
        ("accepted_at", row.at.formatted(.iso8601)),
      ])
    }
    var requests = RecordTable(service: "privacy", table: "request")
    for row in try await SubjectStore.requests(of: subject, in: transaction) {
      requests.add([
        ("request_id", row.id.canonical), ("kind", row.kind),
        ("state", row.state), ("received_at", row.at.formatted(.iso8601)),
      ])
    }
    var texts = RecordTable(service: "privacy", table: "request_text")
    for row in try await RequestTextStore.all(about: subject, key, in: transaction) {
      texts.add([
        ("request_id", row.request.canonical), ("kind", row.kind.rawValue),
        ("text", row.text),
      ])
    }
    var holds = RecordTable(service: "privacy", table: "legal_hold")
    for hold in try await HoldStore.about(subject, in: transaction) {
      holds.add([
        ("ground", hold.ground.rawValue), ("reference", hold.reference),
        ("placed_at", hold.placedAt.formatted(.iso8601)),
        ("expires_at", hold.expiresAt.formatted(.iso8601)),
        ("released_at", hold.releasedAt?.formatted(.iso8601) ?? ""),
      ])
    }
    return try await [acceptances, requests, texts, holds]
      + purposes(of: subject, in: transaction) + [complaints(of: subject, key, in: transaction)]
  }

  private static func purposes(
    of subject: UUID, in transaction: TenantTransaction
  ) async throws -> [RecordTable] {
    var consents = RecordTable(service: "privacy", table: "consent_event")
    let receipts = try await ConsentStore.receipts(of: subject, limit: .max, in: transaction)
    for receipt in receipts {
      consents.add([
        ("receipt_id", receipt.id.canonical), ("purpose", receipt.purpose.rawValue),
        ("act", receipt.act.rawValue), ("at", receipt.at.formatted(.iso8601)),
        ("document", receipt.document), ("signature", Hex.encode(receipt.signature)),
        ("key_id", receipt.keyID),
      ])
    }
    var freezes = RecordTable(service: "privacy", table: "purpose_freeze")
    for freeze in try await ConsentStore.freezes(of: subject, in: transaction) {
      freezes.add([
        ("freeze_id", freeze.id.canonical), ("purpose", freeze.purpose.rawValue),
        ("reason", freeze.reason.rawValue), ("frozen_at", freeze.frozenAt.formatted(.iso8601)),
        ("released_at", freeze.releasedAt?.formatted(.iso8601) ?? ""),
      ])
    }
    return [consents, freezes]
  }
}
