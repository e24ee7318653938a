import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// What an affected organisation sees. The notice, a row of its own, comes first: without one
/// nothing of the breach is read.
extension BreachDesk {
  func listBreachNotices(
    _ request: PrivacyListBreachNoticesRequest, _ call: Call
  ) async throws -> PrivacyListBreachNoticesResponse {
    let reader = try call.person
    let mandate = call.mandate(reader.tenant)
    let list = try await pages.list("breach notices", mandate, reader: reader.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (notices, next) = try await database.transaction(mandate) {
      try await BreachNoticeStore.list(page, in: $0)
    }
    let messages = try await messages(notices, call)
    return try .with {
      $0.notices = messages
      $0.nextPageToken = try list.token(next)
    }
  }

  func acknowledgeBreachNotice(
    _ request: PrivacyAcknowledgeBreachNoticeRequest, _ call: Call
  ) async throws -> PrivacyBreachNotice {
    let officer = try call.person
    let id = try UUID(field: "breach_id", request.breachID)
    let notice = try await database.transaction(call.mandate(officer.tenant)) {
      try await BreachNoticeStore.acknowledge(
        id, revision: max(1, Int(request.revision)), by: officer.subject, at: now(), in: $0)
    }
    guard let notice, let message = try await messages([notice], call).first else {
      throw EntryError.absent("breach")
    }
    return message
  }

  private func messages(
    _ notices: [BreachNotice], _ call: Call
  ) async throws -> [PrivacyBreachNotice] {
    guard !notices.isEmpty else { return [] }
    let key = try await vault.organisationKey(.platform)
    let ids = notices.map(\.breach)
    let (breaches, entries) = try await database.transaction(call.mandate(.platform)) {
      (
        try await BreachStore.fetch(ids, key, in: $0),
        try await BreachStore.entries(of: ids, key, in: $0)
      )
    }
    // Of a breach whose term is over nothing is left but that there was one.
    return notices.map { notice in
      notice.message(breaches[notice.breach], entries[notice.breach] ?? [], contacts)
    }
  }
}

extension BreachNotice {
  fileprivate func message(
    _ breach: Breach?, _ entries: [BreachEntry], _ contacts: ContactSettings
  ) -> PrivacyBreachNotice {
    .with {
      $0.breachID = self.breach.canonical
      $0.state = breach?.state.message ?? .closed
      $0.revision = UInt32(clamping: revision)
      $0.content = breach?.content.message ?? PrivacyBreachContent()
      $0.entries = entries.filter(\.kind.isShared).map(\.message)
      $0.toldAt = Google_Protobuf_Timestamp(date: toldAt)
      $0.authorityDueAt = Google_Protobuf_Timestamp(date: BreachClock.end(from: toldAt))
      if let acknowledgedAt { $0.acknowledgedAt = Google_Protobuf_Timestamp(date: acknowledgedAt) }
      $0.acknowledgedBy = acknowledgedBy?.canonical ?? ""
      $0.acknowledgedRevision = UInt32(clamping: acknowledgedRevision)
      $0.contact = contacts.dataLeak
    }
  }
}
