import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// Complaints (clause 44).
struct ComplaintDesk: ComplaintServiceHandler {
  let database: Database
  let vault: Vault
  let pages: PageTokens
  let answers: KeptAnswers
  let contacts: ContactSettings
  let log: AccessLog
  let now: @Sendable () -> Date

  func fileComplaint(
    _ request: PrivacyFileComplaintRequest, _ call: Call
  ) async throws -> PrivacyComplaint {
    let person = try call.person
    let complaint = Complaint(
      id: UUID(), subject: person.subject, text: try Complaint.text.check(request.text),
      filedAt: now())
    let key = try await vault.person(person.tenant, person.subject, create: true)
    // The answer that is kept holds nothing that an erasure would have to find.
    let kept = try await call.entry(request, call.mandate(person.tenant), answers, database) {
      try await ComplaintStore.insert(complaint, key, in: $0)
      try NoticeStore.insert([complaint.received], in: $0)
      return PrivacyComplaint.with { $0.complaintID = complaint.id.canonical }
    }
    guard kept.complaintID != complaint.id.canonical else { return complaint.message(contacts) }
    // Asked for before under the same key: that complaint, as it stands now.
    let id = try UUID(field: "complaint_id", kept.complaintID)
    let stored = try await database.transaction(call.mandate(person.tenant)) {
      try await ComplaintStore.fetch(id, in: $0)
    }
    guard let stored else { throw EntryError.absent("complaint") }
    return try stored.open(key).message(contacts)
  }

  func listMyComplaints(
    _ request: PrivacyListMyComplaintsRequest, _ call: Call
  ) async throws -> PrivacyListComplaintsResponse {
    let person = try call.person
    let mandate = call.mandate(person.tenant)
    let list = try await pages.list("my complaints", mandate, reader: person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (found, next) = try await database.transaction(mandate) {
      try await ComplaintStore.list(page, subject: person.subject, in: $0)
    }
    let complaints = try await open(found, of: person.tenant)
    return try .with {
      $0.complaints = complaints
      $0.nextPageToken = try list.token(next)
    }
  }

  func listComplaints(
    _ request: PrivacyListComplaintsRequest, _ call: Call
  ) async throws -> PrivacyListComplaintsResponse {
    let officer = try call.person
    let mandate = call.mandate(officer.tenant)
    let list = try await pages.list("complaints", mandate, reader: officer.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (found, next) = try await database.transaction(mandate) {
      try await ComplaintStore.list(page, in: $0)
    }
    let complaints = try await open(found, of: officer.tenant)
    try await log.write(
      .read, of: complaints.compactMap { UUID(uuidString: $0.subjectID) }, ["text", "answer"],
      in: officer.tenant, call)
    return try .with {
      $0.complaints = complaints
      $0.nextPageToken = try list.token(next)
    }
  }

  func answerComplaint(
    _ request: PrivacyAnswerComplaintRequest, _ call: Call
  ) async throws -> PrivacyComplaint {
    let officer = try call.person
    let id = try UUID(field: "complaint_id", request.complaintID)
    let outcome = try Complaint.State(answering: request.outcome)
    let answer = try Complaint.answer.check(request.answer)
    let mandate = call.mandate(officer.tenant)
    let stored = try await database.transaction(mandate) {
      try await ComplaintStore.fetch(id, in: $0)
    }
    guard let stored else { throw EntryError.absent("complaint") }
    let keys = try await vault.persons(officer.tenant, [stored.subject])
    // Without a key the person is being erased, and the row goes next.
    guard let key = keys[stored.subject] else { throw EntryError.absent("complaint") }
    var complaint = try stored.open(key)
    complaint.state = outcome
    complaint.answer = answer
    complaint.answeredAt = now()
    let accesses = try await log.sealed(
      .read, of: [stored.subject], ["text", "answer"], in: officer.tenant, call)
    let told = complaint.answered(contacts, at: now())
    let isAnswered = try await database.transaction(mandate) { [complaint] transaction in
      guard try await ComplaintStore.answer(complaint, by: officer.subject, key, in: transaction)
      else { return false }
      try await log.append(accesses, in: transaction)
      try NoticeStore.insert([told], in: transaction)
      return true
    }
    guard isAnswered else { throw EntryError.closed("complaint") }
    return complaint.message(contacts)
  }

  /// Without those whose person was erased since they were read.
  private func open(
    _ found: [ComplaintStore.Stored], of tenant: UUID
  ) async throws -> [PrivacyComplaint] {
    guard !found.isEmpty else { return [] }
    let keys = try await vault.persons(tenant, Array(Set(found.map(\.subject))))
    return try found.compactMap { stored in
      try keys[stored.subject].map { try stored.open($0).message(contacts) }
    }
  }
}

extension Complaint.State {
  fileprivate init(answering outcome: PrivacyComplaintState) throws(EntryError) {
    switch outcome {
    case .upheld: self = .upheld
    case .refused: self = .refused
    case .unspecified, .open, .UNRECOGNIZED:
      throw .missing(field: "outcome", choices: "UPHELD or REFUSED")
    }
  }
}

extension Complaint {
  /// To the officers.
  fileprivate var received: Notice {
    Notice(
      kind: .complaintReceived, audience: .authorisedPersons, reference: id, moment: filedAt,
      dueAt: filedAt)
  }

  /// To the person.
  fileprivate func answered(_ contacts: ContactSettings, at time: Date) -> Notice {
    Notice(
      kind: .complaintAnswered, audience: .person, person: subject, reference: id,
      moment: filedAt, authorityLink: contacts.authorityLink, dueAt: time)
  }

  fileprivate func message(_ contacts: ContactSettings) -> PrivacyComplaint {
    .with {
      $0.complaintID = id.canonical
      $0.state =
        switch state {
        case .open: .open
        case .upheld: .upheld
        case .refused: .refused
        }
      $0.subjectID = subject.canonical
      $0.text = text
      $0.answer = answer ?? ""
      $0.filedAt = Google_Protobuf_Timestamp(date: filedAt)
      if let answeredAt { $0.answeredAt = Google_Protobuf_Timestamp(date: answeredAt) }
      $0.authority = contacts.authority
      $0.authorityLink = contacts.authorityLink
    }
  }
}
