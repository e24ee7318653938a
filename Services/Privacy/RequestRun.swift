import Access
import Archive
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// One attempt at carrying a request out in every service, where the last one stopped.
struct RequestRun: Sendable {
  /// How long a service has for its part.
  static let stepTime: Duration = .seconds(120)

  let parts: RequestParts
  let claim: RequestClaim

  var mandate: Mandate { Mandate(tenant: claim.tenant, purpose: "privacy-requests") }

  func attempt() async throws {
    let found = try await parts.database.transaction(mandate) {
      try await RequestStore.fetch(claim.request, in: $0)
    }
    if let found, found.request.kind.stopsPurposes {
      return try await RestrictionRun(run: self, request: found.request)
        .attempt(after: found.steps)
    }
    guard let begun = try await begin(found?.request) else { return }
    let (request, steps) = begun
    guard let subject = request.subject else { return }
    switch request.kind {
    case .erasure:
      try await ErasureRun(run: self, request: request, subject: subject).attempt(after: steps)
    case .access, .portability:
      try await CollectionRun(run: self, request: request, subject: subject).attempt()
    case .rectification, .objection, .withdrawal, .restriction: return
    }
  }

  /// The request and the steps that were done, from now on begun; nil where there is nothing to do:
  /// it was closed meanwhile, its person was erased, or a legal hold has come before it.
  private func begin(
    _ found: PrivacyRequest?
  ) async throws -> (request: PrivacyRequest, steps: [RequestStep])? {
    let time = parts.now()
    guard let found, let subject = found.subject, found.state.isRunning || found.state == .onHold
    else {
      try await leave(found?.kind)
      return nil
    }
    return try await parts.database.transaction(mandate) { transaction in
      // In this order everywhere: the person's lock, then the row's.
      try await HoldStore.lock(subject, in: transaction)
      guard
        let found = try await RequestStore.fetch(
          claim.request, locking: true, in: transaction),
        found.request.state.isRunning || found.request.state == .onHold
      else { return nil }
      var request = found.request
      if request.kind == .erasure, request.begunAt == nil,
        let hold = try await HoldStore.inForce(subject, at: time, in: transaction)
      {
        (request.state, request.nextAttemptAt) = (.onHold, hold.expiresAt)
        try await RequestStore.update(request, at: time, in: transaction)
        return nil
      }
      guard request.begunAt == nil || request.state != .running else { return found }
      request.begunAt = request.begunAt ?? time
      request.state = .running
      request.nextAttemptAt = nil
      try await RequestStore.begin(request, in: transaction)
      return (request, found.steps)
    }
  }

  /// Ends the work at a request that is closed, as the last thing. Of an erasure its own key goes
  /// before that: no copy of what it looked for, in a backup either, can be opened any more.
  func leave(_ kind: RequestKind?) async throws {
    if kind == .erasure {
      try await parts.vault.destroyPerson(
        claim.tenant, claim.request, orderedBy: .service("privacy"))
    }
    try await parts.database.transaction(mandate) {
      try RequestQueue.remove(claim.request, in: $0)
    }
  }

  /// Stores a step.
  func put(_ step: RequestStep) async throws {
    try await parts.database.transaction(mandate) {
      try await RequestStore.put(step, of: claim.request, at: parts.now(), in: $0)
    }
  }

  /// Writes down that a step has failed, with the time of the next attempt.
  func putOff() async throws {
    let next = parts.now() + RequestPace.delay(after: claim.attempts)
    try await parts.database.transaction(mandate) {
      try await RequestStore.putOff(claim.request, until: next, in: $0)
    }
    try await parts.queue.settle(claim, next: next)
  }

  /// Who ordered it, for the services' records: whoever decided on it, else whoever asked.
  func orderedBy(_ request: PrivacyRequest) -> UUID? { request.decidedBy ?? request.requestedBy }

  func subjectRequest(_ request: PrivacyRequest, _ subject: UUID) -> SubjectSubjectRequest {
    .with {
      $0.organisationID = claim.tenant.canonical
      $0.subjectID = subject.canonical
      $0.orderedBy = orderedBy(request)?.canonical ?? ""
      $0.requestID = request.id.canonical
    }
  }

  /// Of a call to another service: in this one's own name.
  var options: CallOptions { CallOptions(timeout: Self.stepTime) }

  /// Why a service did not do its part, without anything that it said.
  static func problem(_ error: any Error, _ what: String) -> String {
    "\((error as? RPCError)?.code ?? .unknown): the service did not \(what)"
  }
}
