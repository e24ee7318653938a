import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// Has every service confirm that it refuses what a restriction, an objection or a withdrawal
/// stops (clause 34). The purposes are stopped at the commit of the request, and each process
/// hears of it by itself; a step says from when on a service is known to keep to it.
struct RestrictionRun: Sendable {
  /// How long a service has: it hears of it within a second.
  static let stepTime: Duration = .seconds(20)

  let run: RequestRun
  let request: PrivacyRequest

  private var parts: RequestParts { run.parts }

  func attempt(after steps: [RequestStep]) async throws {
    let purposes = try await inForce()
    // Refused, withdrawn, released or erased meanwhile: there is nothing to confirm.
    guard !purposes.isEmpty, let subject = request.subject else {
      return try await run.leave(request.kind)
    }
    let done = Set(steps.filter(\.done).map(\.service))
    var isConfirmed = true
    for holder in parts.holders where !done.contains(holder.name) {
      let step = try await confirm(at: holder, purposes, for: subject)
      isConfirmed = isConfirmed && step.done
      try await put(step)
    }
    if !done.contains("privacy") {
      let step = try await confirmHere(purposes, for: subject)
      isConfirmed = isConfirmed && step.done
      try await put(step)
    }
    guard isConfirmed else {
      let next = parts.now() + RequestPace.delay(after: run.claim.attempts)
      return try await parts.queue.settle(run.claim, next: next)
    }
    try await run.leave(request.kind)
  }

  private func inForce() async throws -> [String] {
    try await parts.database.transaction(run.mandate) {
      try await RequestFreezes.inForce(request, in: $0).map(\.rawValue)
    }
  }

  /// Stores a step, unless the request was refused, withdrawn or erased meanwhile.
  private func put(_ step: RequestStep) async throws {
    try await parts.database.transaction(run.mandate) { transaction in
      let found = try await RequestStore.fetch(request.id, locking: true, in: transaction)
      guard let found, found.request.isInForce, found.request.subject != nil else { return }
      try await RequestStore.put(step, of: request.id, at: parts.now(), in: transaction)
    }
  }

  private func confirm(
    at holder: DataHolder, _ purposes: [String], for subject: UUID
  ) async throws -> RequestStep {
    var problem: String?
    do {
      _ = try await holder.client.restrictSubject(
        .with {
          $0.organisationID = run.claim.tenant.canonical
          $0.subjectID = subject.canonical
          $0.purposes = purposes
        }, CallOptions(timeout: Self.stepTime))
    } catch {
      try Task.checkCancellation()
      problem = RequestRun.problem(error, "confirm that it refuses")
    }
    return RequestStep(
      service: holder.name, done: problem == nil, rows: [], found: [], problem: problem)
  }

  private func confirmHere(
    _ purposes: [String], for subject: UUID
  ) async throws -> RequestStep {
    let isStopped = try await parts.purposes.areStopped(
      purposes, for: subject, in: run.claim.tenant, until: .now + Self.stepTime / 2)
    return RequestStep(
      service: "privacy", done: isStopped, rows: [], found: [],
      problem: isStopped ? nil : "this process does not refuse the purposes yet")
  }
}
