import Access
import Archive
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// The organisations' logs of who has had to do with whose data.
struct AccessLog: AccessLogServiceHandler, AccessIntakeServiceHandler {
  let database: Database
  let vault: Vault
  let pages: PageTokens
  let signingKey: ArchiveSigningKey
  let now: @Sendable () -> Date

  /// Seals each under its subject's key; ask before the transaction that adds them. An erased
  /// person's stay unreadable.
  func seal(_ accesses: [NewAccess], of tenant: UUID) async throws -> [SealedAccess] {
    var sealed: [SealedAccess] = []
    sealed.reserveCapacity(accesses.count)
    for access in accesses {
      guard let subject = access.subject, let detail = access.detail,
        let key = try await key(of: subject, tenant)
      else {
        sealed.append(SealedAccess(access: access, sealed: nil))
        continue
      }
      sealed.append(
        SealedAccess(
          access: access, sealed: try Sealed(piece: detail, at: 0, row: access.event, key)))
    }
    return sealed
  }

  /// Made if there is none; nil once it is destroyed, or the organisation's is.
  private func key(of subject: UUID, _ tenant: UUID) async throws -> SealingKey? {
    do throws(VaultError) {
      return try await vault.person(tenant, subject, create: true)
    } catch {
      switch error {
      case .destroyed, .tenantDestroyed: return nil
      default: throw error
      }
    }
  }

  /// Adds what this service has done itself, with the act.
  func append(
    _ accesses: [SealedAccess], in transaction: TenantTransaction
  ) async throws {
    try await AccessLogStore.append(
      accesses, signedWith: signingKey.key, at: now(), in: transaction)
  }

  /// An access of a call's own, to be sealed and added; nil for what people do with their own data.
  func access(
    _ kind: PrivacyAccessKind, to subject: UUID, _ data: [String], in tenant: UUID, _ call: Call
  ) throws -> NewAccess? {
    if case .person(let token) = call.caller, token.tenant == tenant, token.subject == subject {
      return nil
    }
    let detail = PrivacyAccessDetail(kind, data, in: tenant, call)
    let event = UUID()
    return NewAccess(
      event: event, subject: subject,
      commitment: AccessLeaf.commitment(event: event, subject: subject), occurredAt: now(),
      detail: [UInt8](try detail.serializedData()))
  }
}

extension NewAccess {
  /// What another service brings.
  init(_ event: PrivacyAccessEvent) throws {
    let id = try UUID(field: "event_id", event.eventID)
    let subject = try event.subjectID.isEmpty ? nil : UUID(field: "subject_id", event.subjectID)
    let commitment = [UInt8](event.subjectCommitment)
    guard commitment.count == Digest.sha256Bytes,
      subject.map({ AccessLeaf.commitment(event: id, subject: $0) == commitment }) ?? true
    else { throw AccessLogError.badCommitment }
    guard event.detail.count <= Self.detailLimit else {
      throw AccessLogError.detailTooLarge(limit: Self.detailLimit)
    }
    // From 2000 until 2200: what PostgreSQL and the leaf can hold, and no clock is so wrong.
    guard (946_684_800..<7_258_118_400).contains(event.occurredAt.seconds),
      (0..<1_000_000_000).contains(event.occurredAt.nanos)
    else { throw AccessLogError.timeOutOfRange }
    self.init(
      event: id, subject: subject, commitment: commitment, occurredAt: event.occurredAt.date,
      detail: event.detail.isEmpty ? nil : [UInt8](event.detail))
  }
}
