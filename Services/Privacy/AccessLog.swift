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
      guard let subject = access.subject, let detail = access.detail else {
        sealed.append(SealedAccess(access: access, sealed: nil))
        continue
      }
      guard let key = try await key(of: subject, tenant) else {
        // Nothing is to lead to whoever was erased.
        var access = access
        access.subject = nil
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

  /// What a call of this service's own does with the data of `subjects`, sealed, to be added in the
  /// transaction of the act: one for each, none for what people do with their own.
  func sealed(
    _ kind: PrivacyAccessKind, of subjects: [UUID], _ data: [String], in tenant: UUID, _ call: Call,
    holder: String = ""
  ) async throws -> [SealedAccess] {
    var subjects = Set(subjects)
    if case .person(let token) = call.caller, token.tenant == tenant {
      subjects.remove(token.subject)
    }
    var detail = PrivacyAccessDetail(kind, data, in: tenant, call)
    if detail.actor == .codeHolder { detail.actorName = holder }
    return try await sealed(detail, of: Array(subjects), in: tenant)
  }

  /// The same for what is done in a request's name.
  func sealed(
    _ detail: PrivacyAccessDetail, of subjects: [UUID], in tenant: UUID
  ) async throws -> [SealedAccess] {
    guard !subjects.isEmpty else { return [] }
    let (bytes, time) = ([UInt8](try detail.serializedData()), now())
    return try await seal(
      subjects.map { subject in
        let event = UUID()
        return NewAccess(
          event: event, subject: subject,
          commitment: AccessLeaf.commitment(event: event, subject: subject), occurredAt: time,
          detail: bytes)
      }, of: tenant)
  }

  /// Writes down, in a transaction of its own, what is known only once it was read: before it is
  /// told. `holder`: who was to get the code, where a code is the right.
  func write(
    _ kind: PrivacyAccessKind, of subjects: [UUID], _ data: [String], in tenant: UUID, _ call: Call,
    holder: String = ""
  ) async throws {
    let accesses = try await sealed(kind, of: subjects, data, in: tenant, call, holder: holder)
    guard !accesses.isEmpty else { return }
    try await database.transaction(call.mandate(tenant)) { try await append(accesses, in: $0) }
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
      event: id, subject: subject, commitment: commitment,
      // As the row has it: the leaf is hashed over what is stored.
      occurredAt: event.occurredAt.date.roundedToMicroseconds,
      detail: event.detail.isEmpty ? nil : [UInt8](event.detail))
  }
}
