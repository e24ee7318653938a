import Access
import Cryptography
import Foundation
import Hosting
import Launch
import RPC
import Reactor
import Schemas
import Storage
import SwiftProtobuf

/// Requests about people's data: made, decided on, watched and answered. One file per method in
/// Methods/; what is common to them is here.
struct RequestDesk: RequestServiceHandler, OwnRequestServiceHandler, LegalHoldServiceHandler,
  DownloadServiceHandler, ProofServiceHandler
{
  let database: Database
  let vault: Vault
  let pages: PageTokens
  let answers: KeptAnswers
  let identity: IdentityServiceClient
  let people: PeopleServiceClient
  /// Knows who is one of an organisation, and carries out what identity can of rectifications.
  let persons: PersonDeskServiceClient
  let archiveKey: ArchiveSigningKey
  let log: AccessLog
  /// Rung when there is a request to carry out.
  let bell: Bell
  /// Where people can complain (clause 44).
  let authorityLink: String
  let drainSignal: DrainSignal
  let now: @Sendable () -> Date
}

extension RequestDesk {
  /// A request as it is found, to be answered.
  struct Found: Sendable {
    var request: PrivacyRequest
    var steps: [RequestStep]
    var texts: [RequestTextKind: String] = [:]
  }

  /// A request of the caller's organisation with its steps.
  func found(_ id: String, _ call: Call) async throws -> Found {
    let id = try UUID(field: "request_id", id)
    let mandate = try call.mandate(call.tenant())
    let found = try await database.transaction(mandate) { try await RequestStore.fetch(id, in: $0) }
    guard let found else { throw RequestError.requestAbsent }
    return Found(request: found.request, steps: found.steps)
  }

  /// One about the caller; of another person's it is not said that there is one.
  func ownFound(_ id: String, _ call: Call) async throws -> Found {
    let found = try await found(id, call)
    guard try found.request.subject == call.person.subject else {
      throw RequestError.requestAbsent
    }
    return found
  }

  /// Changes a request by a rule, with texts to it, and answers it as it stands then.
  func change(
    _ id: String, _ call: Call, texts: [RequestTextKind: String] = [:],
    unless isRefused: (PrivacyRequest, TenantTransaction) async throws -> Void = { _, _ in },
    _ rule: (PrivacyRequest) throws -> PrivacyRequest
  ) async throws -> PrivacyPrivacyRequest {
    let (id, tenant) = (try UUID(field: "request_id", id), try call.tenant())
    let mandate = call.mandate(tenant)
    guard
      let before = try await database.transaction(
        mandate, { try await RequestStore.fetch(id, in: $0) })?.request
    else { throw RequestError.requestAbsent }
    // Keys are fetched before the transaction; nobody seals for whom was erased.
    let key =
      texts.isEmpty ? nil : try await self.key(of: before.subject, tenant, create: true)
    let time = now()
    let changed = try await database.transaction(mandate) { transaction in
      if let subject = before.subject { try await HoldStore.lock(subject, in: transaction) }
      guard let found = try await RequestStore.fetch(id, locking: true, in: transaction) else {
        throw RequestError.requestAbsent
      }
      let changed = try rule(found.request)
      guard changed != found.request else { return Found(request: changed, steps: found.steps) }
      try await isRefused(changed, transaction)
      try await RequestStore.update(changed, at: time, in: transaction)
      if let key { try await RequestTextStore.put(texts, of: id, key, in: transaction) }
      try NoticeStore.put(
        RequestNotices(
          from: found.request, to: changed, at: time, authorityLink: authorityLink),
        about: id, in: transaction)
      return Found(request: changed, steps: found.steps)
    }
    if changed.request.state.isRunning { bell.ring() }
    return try await answer(changed, call)
  }

  /// The key that what is said to a request is sealed under; nil once the person was erased.
  func key(of subject: UUID?, _ tenant: UUID, create: Bool = false) async throws -> SealingKey? {
    guard let subject else { return nil }
    do {
      return try await vault.person(tenant, subject, create: create)
    } catch {
      switch error {
      case .absent, .destroyed, .tenantAbsent, .tenantDestroyed: return nil
      default: throw error
      }
    }
  }

  /// What a portability request names, sealed under `key`; empty: the person.
  func recipient(
    of request: PrivacyRequest, _ tenant: UUID, _ key: SealingKey, _ call: Call
  ) async throws -> String {
    let texts = try await database.transaction(call.mandate(tenant)) {
      try await RequestTextStore.fetch(of: request.id, key, in: $0)
    }
    return texts[.recipient] ?? request.recipient
  }

  /// With what was said to it and the receipt. That somebody else was told what was said stands in
  /// the log; not again where `isToldAgain`, in the same call.
  func answer(
    _ found: Found, _ call: Call, isToldAgain: Bool = false
  ) async throws -> PrivacyPrivacyRequest {
    let tenant = try call.tenant()
    var found = found
    if let subject = found.request.subject, let key = try await key(of: subject, tenant) {
      let accesses = try await isToldAgain
        ? [] : log.sealed(.read, of: [subject], ["texts"], in: tenant, call)
      found.texts = try await database.transaction(call.mandate(tenant)) { transaction in
        let texts = try await RequestTextStore.fetch(of: found.request.id, key, in: transaction)
        if !texts.isEmpty { try await log.append(accesses, in: transaction) }
        return texts
      }
    }
    return try message(found, tenant)
  }

  /// The person must be one of the organisation, else NOT_FOUND as for anybody who never was.
  func demandPerson(_ subject: UUID, of tenant: UUID, _ call: Call) async throws {
    guard try await persons.has(subject, of: tenant, call) else { throw RequestError.personAbsent }
  }

  /// By which the organisation counts its days.
  func timeZone(of tenant: UUID, _ call: Call) async throws -> TimeZone {
    let organisation = try await identity.getOrganisation(
      .with { $0.organisationID = tenant.canonical }, call.forwarded)
    guard let zone = TimeZone(identifier: organisation.timeZone) else {
      throw RPCError.internalError("internal error")
    }
    return zone
  }
}
