import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension RegisterDesk {
  func recordCollector(
    _ request: PrivacyRecordCollectorRequest, _ call: Call
  ) async throws -> PrivacyCollector {
    let tenant = try await client(request.organisationID, call)
    let collector = Collector(
      id: UUID(), name: try Collector.name.check(request.name),
      reference: try Collector.reference.check(request.reference), recordedAt: now())
    return try await entry(request, call.mandate(tenant), call) {
      try await CollectorStore.insert(collector, in: $0)
      return collector.message(tenant)
    }
  }

  func endCollector(
    _ request: PrivacyEndCollectorRequest, _ call: Call
  ) async throws -> PrivacyCollector {
    let tenant = try await client(request.organisationID, call)
    let id = try UUID(field: "collector_id", request.collectorID)
    let ended = try await database.transaction(call.mandate(tenant)) {
      try await CollectorStore.end(id, at: now(), in: $0)
    }
    guard let ended else { throw EntryError.absent("collector") }
    return ended.message(tenant)
  }

  func listCollectors(
    _ request: PrivacyListCollectorsRequest, _ call: Call
  ) async throws -> PrivacyListCollectorsResponse {
    let tenant = try await organisation(request.organisationID, call)
    let mandate = call.mandate(tenant)
    let list = try await pages.list("collectors", mandate, reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (collectors, next) = try await database.transaction(mandate) {
      try await CollectorStore.list(page, in: $0)
    }
    return try .with {
      $0.collectors = collectors.map { $0.message(tenant) }
      $0.nextPageToken = try list.token(next)
    }
  }

  /// A client organisation, which must be named: the platform owes itself nothing.
  private func client(_ id: String, _ call: Call) async throws -> UUID {
    let tenant = try await organisation(id, call)
    guard tenant != .platform else {
      throw RPCError.invalid("organisation_id", "must be a client organisation's")
    }
    return tenant
  }
}

extension Collector {
  fileprivate func message(_ tenant: UUID) -> PrivacyCollector {
    .with {
      $0.collectorID = id.canonical
      $0.organisationID = tenant.organisationText
      $0.name = name
      $0.reference = reference
      $0.dataCategory = Self.dataCategory
      $0.recordedAt = Google_Protobuf_Timestamp(date: recordedAt)
      if let endedAt { $0.endedAt = Google_Protobuf_Timestamp(date: endedAt) }
    }
  }
}
