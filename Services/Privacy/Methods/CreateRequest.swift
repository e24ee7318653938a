import Access
import Foundation
import Launch
import RPC
import Reactor
import Schemas
import Storage

extension PrivacyService {
  func createRequest(
    _ request: PrivacyCreateRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest {
    let tenant = try call.tenant()
    let kind = try RequestKind(request.kind)
    let subject = try UUID(field: "subject_id", request.subjectID)
    let answer = try await call.once(request, call.mandate(tenant), answers) { once in
      try await requests.demandPerson(subject, of: tenant, call)
      let detail = try RequestDetail(for: kind, request.detail)
      let keep = once.keep { (made: PrivacyRequest) in requests.message(made) }
      let made = try await requests.make(
        kind, about: subject, asOfficer: true, detail, call, keep: keep)
      return requests.message(made)
    }
    // Asked for before under the same key: that request, as it stands now.
    return try await requests.answer(requests.found(answer.requestID, call), call)
  }

  /// Has one that waits for its next attempt tried at once.
  func resumeRequest(
    _ request: PrivacyResumeRequestRequest, _ call: Call
  ) async throws -> PrivacyPrivacyRequest {
    let found = try await requests.found(request.requestID, call)
    guard found.request.state != .completed else { throw RequestError.completedAlready }
    guard found.request.state.isRunning else {
      throw RequestError.stateForbids(found.request.state)
    }
    let tenant = try call.tenant()
    if found.request.state == .incomplete {
      try await database.transaction(call.mandate(tenant)) {
        try await RequestStore.putOff(found.request.id, until: now(), in: $0)
        try RequestQueue.enqueue(found.request.id, at: now(), in: $0)
      }
      requests.bell.ring()
    }
    return try await requests.answer(requests.found(request.requestID, call), call)
  }
}

extension RequestDesk {
  /// Stores a request by the caller, or gives the open one that it joins.
  func make(
    _ kind: RequestKind, about subject: UUID, asOfficer: Bool, _ detail: RequestDetail,
    _ call: Call, keep: KeptAnswers.Keep<PrivacyRequest>? = nil
  ) async throws -> PrivacyRequest {
    let (tenant, asker) = (try call.tenant(), try call.person.subject)
    var key: SealingKey?
    if !detail.texts.isEmpty {
      key = try await self.key(of: subject, tenant, create: true)
      guard key != nil else { throw RequestError.personAbsent }
    }
    let made = PrivacyRequest(
      kind, about: subject, by: asker, asOfficer: asOfficer, at: now(), purpose: detail.purpose)
    func store(_ transaction: TenantTransaction) async throws -> PrivacyRequest {
      if kind == .rectification {
        let open = try await RequestStore.countOpen(kind, of: subject, in: transaction)
        guard open < RequestDetail.openLimit else {
          throw RequestError.tooManyOpen(limit: RequestDetail.openLimit)
        }
      } else if let open = try await RequestStore.open(
        kind, detail.purpose, of: subject, in: transaction)
      {
        if let keep { try transaction.queryAtCommit(keep(open)) }
        return open
      }
      try await RequestStore.insert(made, in: transaction)
      try await RequestFreezes.begin(made, in: transaction)
      if let key { try await RequestTextStore.put(detail.texts, of: made.id, key, in: transaction) }
      try NoticeStore.put(RequestNotices(received: made), about: made.id, in: transaction)
      if let keep { try transaction.queryAtCommit(keep(made)) }
      return made
    }
    let stored: PrivacyRequest
    do {
      stored = try await database.transaction(call.mandate(tenant), store)
    } catch is RequestStore.OpenAlready {
      // A twin was faster: the next look finds it.
      stored = try await database.transaction(call.mandate(tenant), store)
    }
    if stored.state.isRunning || kind.stopsPurposes { bell.ring() }
    return stored
  }
}

extension RequestDetail {
  init(for kind: RequestKind, _ detail: PrivacyRequestDetail) throws(RequestError) {
    try self.init(
      for: kind, purpose: detail.purpose, field: detail.field, newValue: detail.newValue,
      explanation: detail.explanation, recipient: detail.recipient)
  }
}
