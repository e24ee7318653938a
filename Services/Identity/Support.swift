import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// Access of IKSO's staff to an organisation, with its approval. Rows are the organisation's own:
/// what was asked of it is gone with it, and not before.
extension IdentityService {
  /// Changes an access under its lock, with the event, and shows it as it is then. NOT_FOUND for
  /// another organisation's.
  func changeSupport(
    _ id: String, of tenant: UUID, _ kind: SecurityEvent.Kind, _ call: Call,
    _ body: (SupportAccess, Date, TenantTransaction) async throws -> SupportAccess
  ) async throws -> IdentitySupportAccess {
    let id = try UUID(field: "support_access_id", id)
    let time = now()
    let origin = try await origin(of: call, in: tenant)
    let changed = try await database.transaction(call.mandate(tenant)) { transaction in
      guard let row = try await transaction.query(.supportAccessLock(tenant, id)).first else {
        throw SupportError.notFound
      }
      let access = try SupportAccess(row)
      let changed = try await body(access, time, transaction)
      if changed != access {
        try await transaction.query(.supportAccessUpdate(tenant, changed))
        try transaction.record(SecurityEvent(kind, session: id), by: origin, at: time)
      }
      return changed
    }
    return IdentitySupportAccess(changed, of: tenant, at: time)
  }

  /// An organisation that has, or had until a month ago, a contract: afterwards support and export
  /// are what is left (clause 29).
  func requireSupportable(_ row: Row?, at time: Date) throws {
    guard let organisation = try row.map(OrganisationRow.init) else {
      throw IdentityError.organisationNotFound
    }
    let today = organisation.today(time)
    if case .terminated = organisation.contract.state(on: today) { return }
    try organisation.contract.requireActive(on: today)
  }
}

extension Call {
  /// The organisation that the request names; all but operators may leave out their own.
  func tenant(ownOr id: String) throws(RPCError) -> UUID {
    try id.isEmpty && !holds([.operator]) ? tenant() : tenant(organisation: id)
  }
}

extension IdentitySupportAccess {
  init(_ access: SupportAccess, of tenant: UUID, at time: Date) {
    func stamp(_ date: Date) -> Google_Protobuf_Timestamp { Google_Protobuf_Timestamp(date: date) }
    self = .with {
      $0.supportAccessID = access.id.canonical
      $0.organisationID = tenant.canonical
      $0.reason = access.reason
      $0.scopes = access.scopes
      $0.minutes = UInt32(access.minutes)
      $0.state =
        switch access.state(at: time) {
        case .requested: .requested
        case .approved: .approved
        case .refused: .refused
        case .ended: .ended
        case .expired: .expired
        }
      $0.requestedBy = access.requestedBy.canonical
      $0.requestedAt = stamp(access.requestedAt)
      $0.decidedBy = access.decidedBy?.canonical ?? ""
      if let date = access.decidedAt { $0.decidedAt = stamp(date) }
      if let date = access.endsAt { $0.endsAt = stamp(date) }
      if let date = access.lastUsedAt { $0.lastUsedAt = stamp(date) }
    }
  }
}
