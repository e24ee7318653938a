import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// Retention (clause 28) and the holds that stop it (clause 12h).
struct RetentionDesk: RetentionServiceHandler {
  let database: Database
  let pages: PageTokens
  let sweep: RetentionSweep
  let identity: IdentityServiceClient
  let now: @Sendable () -> Date

  func planRetention(
    _ request: PrivacyPlanRetentionRequest, _ call: Call
  ) async throws -> PrivacyPlanRetentionResponse {
    let time = now()
    var sums: [RetentionRule: (due: Int, onHold: Int)] = [:]
    func add(_ categories: [RetentionRule], _ mandate: Mandate) async throws {
      let counts = try await RetentionSweep.counts(categories, at: time, mandate, database)
      for (category, count) in zip(categories, counts) {
        let sum = sums[category, default: (0, 0)]
        sums[category] = (sum.due + count.due, sum.onHold + count.onHold)
      }
    }
    try await add(
      RetentionRule.all(of: .platform) + RetentionRule.all(of: .whole), call.mandate(.platform))
    try await sweep.organisations.forEach { tenant in
      try await add(RetentionRule.all(of: .organisations), call.mandate(tenant))
    }
    return .with {
      $0.plans = RetentionRule.allCases.map { category in
        .with {
          $0.category = category.message
          $0.rule = category.sentence
          $0.due = UInt64(sums[category]?.due ?? 0)
          $0.onHold = UInt64(sums[category]?.onHold ?? 0)
        }
      }
    }
  }

  func runRetention(
    _ request: PrivacyRunRetentionRequest, _ call: Call,
    _ responses: ResponseWriter<PrivacyRetentionProgress>
  ) async throws {
    let orderedBy = OrderedBy.person(try call.person.subject)
    try await sweep.run(call.mandate(.platform), orderedBy: orderedBy) {
      category, deleted, isDone in
      try await responses.send(
        .with {
          $0.category = category.message
          $0.deleted = UInt64(deleted)
          $0.done = isDone
        })
    }
  }

  func listRetentionReports(
    _ request: PrivacyListRetentionReportsRequest, _ call: Call
  ) async throws -> PrivacyListRetentionReportsResponse {
    let mandate = call.mandate(.platform)
    let list = try await pages.list("retention reports", mandate, reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (reports, next) = try await database.transaction(mandate) {
      try await RetentionStore.reports(page, in: $0)
    }
    return try .with {
      $0.reports = reports.map(\.message)
      $0.nextPageToken = try list.token(next)
    }
  }

  func holdRecord(
    _ request: PrivacyHoldRecordRequest, _ call: Call
  ) async throws -> PrivacyRetentionHold {
    let time = now()
    let hold = RetentionHold(
      category: try RetentionRule(request.category),
      record: try UUID(field: "record_id", request.recordID),
      ground: try RetentionHold.ground.check(request.ground), owner: try call.person.subject,
      placedAt: time,
      expiresAt: try request.expiresAt.moment(
        "expires_at", in: time...(time + RetentionHold.longest),
        expected: "must be a moment to come, at most five years from now"))
    if hold.category == .organisation { try await demandOrganisation(hold.record, call) }
    try await database.transaction(call.mandate(.platform)) { transaction in
      if hold.category == .organisation {
        try await OrganisationErasureStore.lock(hold.record, shared: true, in: transaction)
        guard try await !OrganisationErasureStore.hasBegun(hold.record, in: transaction) else {
          throw RPCError.failedPrecondition("the erasure of the organisation has begun")
        }
      } else {
        guard
          try await RetentionStore.exists(hold.record, hold.category, in: transaction)
        else { throw EntryError.absent("record") }
      }
      try await RetentionStore.put(hold, in: transaction)
    }
    return hold.message
  }

  /// NOT_FOUND for one that identity does not know.
  private func demandOrganisation(_ organisation: UUID, _ call: Call) async throws {
    do {
      _ = try await identity.getOrganisation(
        .with { $0.organisationID = organisation.canonical }, call.forwarded)
    } catch {
      if error.code == .notFound { throw EntryError.absent("organisation") }
      throw error
    }
  }

  func releaseRecord(
    _ request: PrivacyReleaseRecordRequest, _ call: Call
  ) async throws -> PrivacyReleaseRecordResponse {
    let category = try RetentionRule(request.category)
    let id = try UUID(field: "record_id", request.recordID)
    try await database.transaction(call.mandate(.platform)) {
      try await RetentionStore.release(id, category, in: $0)
    }
    return PrivacyReleaseRecordResponse()
  }

  func listRecordHolds(
    _ request: PrivacyListRecordHoldsRequest, _ call: Call
  ) async throws -> PrivacyListRecordHoldsResponse {
    let holds = try await database.transaction(call.mandate(.platform)) {
      try await RetentionStore.holds(at: now(), in: $0)
    }
    return .with { $0.holds = holds.map(\.message) }
  }
}

extension RetentionRule {
  fileprivate init(_ category: PrivacyRetentionCategory) throws(EntryError) {
    switch category {
    case .application: self = .application
    case .breach: self = .breach
    case .organisation: self = .organisation
    case .subscriber: self = .subscriber
    case .archive, .request, .legalHold, .freeze, .complaint, .breachNotice, .unspecified,
      .UNRECOGNIZED:
      throw .missing(
        field: "category", choices: "APPLICATION, BREACH, ORGANISATION or SUBSCRIBER")
    }
  }

  fileprivate var message: PrivacyRetentionCategory {
    switch self {
    case .application: .application
    case .breach: .breach
    case .organisation: .organisation
    case .archive: .archive
    case .request: .request
    case .legalHold: .legalHold
    case .freeze: .freeze
    case .complaint: .complaint
    case .breachNotice: .breachNotice
    case .subscriber: .subscriber
    }
  }
}

extension RetentionHold {
  fileprivate var message: PrivacyRetentionHold {
    .with {
      $0.category = category.message
      $0.recordID = record.canonical
      $0.ground = ground
      $0.expiresAt = Google_Protobuf_Timestamp(date: expiresAt)
      $0.placedAt = Google_Protobuf_Timestamp(date: placedAt)
      $0.ownerID = owner.canonical
    }
  }
}

extension RetentionReport {
  fileprivate var message: PrivacyRetentionReport {
    .with {
      $0.reportID = id.canonical
      $0.category = category.message
      $0.beganAt = Google_Protobuf_Timestamp(date: beganAt)
      $0.endedAt = Google_Protobuf_Timestamp(date: endedAt)
      $0.deleted = UInt64(deleted)
      $0.onHold = UInt64(onHold)
    }
  }
}
