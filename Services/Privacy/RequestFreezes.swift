import Foundation
import Storage

/// What a request does to the purposes that it is about (clause 34): they are frozen for the person
/// from the request on, until it is decided, and stay so when it is granted.
enum RequestFreezes {
  /// With the request; every service is asked to confirm it (`RestrictionRun`).
  static func begin(_ request: PrivacyRequest, in transaction: TenantTransaction) async throws {
    guard let subject = request.subject, let reason = FreezeReason(request.kind) else { return }
    _ = try await ConsentStore.freeze(
      purposes(of: request, for: reason), for: reason, of: subject,
      by: request.requestedBy, request: request.id, at: request.receivedAt, in: transaction)
    try RequestQueue.enqueue(request.id, at: request.receivedAt, in: transaction)
  }

  private static func purposes(
    of request: PrivacyRequest, for reason: FreezeReason
  ) throws(ConsentError) -> [Purpose] {
    try PurposeFreeze.purposes(
      Purpose(rawValue: request.purpose).map { [$0] } ?? [], for: reason)
  }

  /// What a request stops and nobody has released, whichever request it was frozen for first.
  static func inForce(
    _ request: PrivacyRequest, in transaction: TenantTransaction
  ) async throws -> [Purpose] {
    guard let subject = request.subject, request.isInForce,
      let reason = FreezeReason(request.kind)
    else { return [] }
    let frozen = try await ConsentStore.freezes(of: subject, in: transaction)
      .filter { $0.reason == reason && $0.releasedAt == nil }.map(\.purpose)
    return try purposes(of: request, for: reason).filter(frozen.contains)
  }

  /// Of a request that was refused or withdrawn; what an officer has frozen as well stays so.
  static func lift(
    _ request: PrivacyRequest, by person: UUID, at time: Date, in transaction: TenantTransaction
  ) async throws {
    guard let subject = request.subject, FreezeReason(request.kind) != nil else { return }
    for freeze in try await ConsentStore.freezes(of: subject, in: transaction)
    where freeze.request == request.id && freeze.releasedAt == nil && freeze.keptAt == nil {
      _ = try await ConsentStore.release(freeze.id, by: person, at: time, in: transaction)
    }
  }
}

extension FreezeReason {
  fileprivate init?(_ kind: RequestKind) {
    switch kind {
    case .objection: self = .objection
    case .withdrawal: self = .withdrawal
    case .restriction: self = .restriction
    case .access, .erasure, .rectification, .portability: return nil
    }
  }
}
