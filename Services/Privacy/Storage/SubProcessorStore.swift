import Foundation
import Postgres
import Storage

/// Sub-processors, rows of the platform that every organisation reads, and organisations'
/// objections.
enum SubProcessorStore {
  /// The next version of its id. Throws `changedMeanwhile` if another one was announced at the same
  /// moment, `absent` if it is to change one that is not there or has ended.
  static func insert(
    _ new: SubProcessor, isChange: Bool, in transaction: TenantTransaction
  ) async throws -> SubProcessor {
    let latest = try await transaction.query(
      """
      SELECT version, ended_at FROM privacy.sub_processor
      WHERE tenant_id = \(transaction.tenant) AND sub_processor_id = \(new.id)
      ORDER BY version DESC LIMIT 1
      """
    ).first
    let ended: Date? = try latest?.get("ended_at")
    guard isChange == (latest != nil), ended == nil else {
      throw EntryError.absent("sub-processor")
    }
    var made = new
    made.version = Int(try latest?.get("version", as: Int32.self) ?? 0) + 1
    guard made.version <= SubProcessor.versionLimit else {
      throw EntryError.tooMany("versions", limit: SubProcessor.versionLimit)
    }
    let signedOn = try CalendarDate(field: "agreement_signed_on", made.agreementSignedOn)
    do {
      try await transaction.query(
        """
        INSERT INTO privacy.sub_processor
          (tenant_id, sub_processor_id, version, name, service, agreement_reference,
           agreement_signed_on, country, safeguards, mechanism, basis_reference, basis_ground,
           announced_at, objections_until, in_force_at)
        VALUES (\(transaction.tenant), \(made.id), \(made.version), \(made.name),
          \(made.service), \(made.agreementReference), \(signedOn), \(made.country),
          \(made.safeguards), \(made.basis?.mechanism.rawValue), \(made.basis?.reference),
          \(made.basis?.ground), \(made.announcedAt), \(made.objectionsUntil), \(made.inForceAt))
        """)
    } catch {
      guard error.violatedConstraint == "sub_processor_pkey" else { throw error }
      throw EntryError.changedMeanwhile
    }
    return made
  }

  /// - Returns: when it ended, with this or before; nil if there is none.
  static func end(
    _ id: UUID, at time: Date, in transaction: TenantTransaction
  ) async throws -> Date? {
    try await transaction.query(
      """
      UPDATE privacy.sub_processor SET ended_at = coalesce(ended_at, \(time))
      WHERE tenant_id = \(transaction.tenant) AND sub_processor_id = \(id)
      RETURNING ended_at
      """
    ).first?.get("ended_at")
  }

  private static let columns: SQL = """
    sub_processor_id, version, name, service, agreement_reference, agreement_signed_on, country,
    safeguards, mechanism, basis_reference, basis_ground, announced_at, objections_until,
    in_force_at, ended_at
    """

  static func list(
    _ page: Page, at time: Date, in transaction: TenantTransaction
  ) async throws -> (found: [SubProcessor], next: PagePosition?) {
    let (date, id) = (page.after?.date, page.after?.id)
    let found = try await transaction.query(
      """
      SELECT \(columns), \(isInForce(at: time)) AS is_in_force
      FROM privacy.sub_processor AS it
      WHERE tenant_id = \(transaction.tenant)
        AND (\(date)::timestamptz IS NULL
          OR (announced_at, sub_processor_id) < (\(date)::timestamptz, \(id)::uuid))
      ORDER BY announced_at DESC, sub_processor_id DESC LIMIT \(page.size + 1)
      """
    ).map(processor)
    let shown = Array(found.prefix(page.size))
    guard found.count > page.size, let last = shown.last else { return (shown, nil) }
    return (shown, PagePosition(at: last.announcedAt, id: last.id))
  }

  /// Those that count at `time`, and those that will as they are announced, the latest first.
  static func current(
    at time: Date, in transaction: TenantTransaction
  ) async throws -> [SubProcessor] {
    try await transaction.query(
      """
      SELECT \(columns), \(isInForce(at: time)) AS is_in_force FROM privacy.sub_processor AS it
      WHERE tenant_id = \(transaction.tenant) AND (\(isInForce(at: time))
        OR (in_force_at > \(time) AND (ended_at IS NULL OR ended_at > \(time))))
      ORDER BY in_force_at DESC, sub_processor_id DESC LIMIT \(RecordedEntry.limit)
      """
    ).map(processor)
  }

  /// The version, or with nil the latest one.
  static func fetch(
    _ id: UUID, version: Int?, at time: Date, in transaction: TenantTransaction
  ) async throws -> SubProcessor? {
    try await transaction.query(
      """
      SELECT \(columns), \(isInForce(at: time)) AS is_in_force
      FROM privacy.sub_processor AS it
      WHERE tenant_id = \(transaction.tenant) AND sub_processor_id = \(id)
        AND version = coalesce(\(version)::integer, version)
      ORDER BY version DESC LIMIT 1
      """
    ).first.map(processor)
  }

  private static func isInForce(at time: Date) -> SQL {
    """
    (in_force_at <= \(time) AND (ended_at IS NULL OR ended_at > \(time)) AND NOT EXISTS (
      SELECT FROM privacy.sub_processor AS later
      WHERE later.tenant_id = it.tenant_id AND later.sub_processor_id = it.sub_processor_id
        AND later.version > it.version AND later.in_force_at <= \(time)))
    """
  }

  private static func processor(_ row: Row) throws -> SubProcessor {
    SubProcessor(
      id: try row.get("sub_processor_id"), version: Int(try row.get("version") as Int32),
      name: try row.get("name"), service: try row.get("service"),
      agreementReference: try row.get("agreement_reference"),
      agreementSignedOn: try row.get("agreement_signed_on", as: CalendarDate.self).description,
      country: try row.get("country"), safeguards: try row.get("safeguards"),
      basis: try TransferBasis(row), announcedAt: try row.get("announced_at"),
      objectionsUntil: try row.get("objections_until"), inForceAt: try row.get("in_force_at"),
      endedAt: try row.get("ended_at"), isInForce: try row.get("is_in_force"))
  }
}

/// What an organisation has objected to.
struct SubProcessorObjection: Sendable, Equatable {
  var organisation: UUID
  var processor: UUID
  var version: Int
  var reason: String
  var objectedAt: Date
}

/// Objections: rows of the organisation, and for the operators a row of the platform that says who
/// has one.
enum ObjectionStore {
  /// The objection that stands: the first one, where there was one.
  static func insert(
    _ objection: SubProcessorObjection, by person: UUID, in transaction: TenantTransaction
  ) async throws -> SubProcessorObjection {
    let tenant = transaction.tenant
    let rows = try await transaction.query(all: [
      """
      INSERT INTO privacy.sub_processor_objection
        (tenant_id, sub_processor_id, version, reason, objected_at, objected_by)
      VALUES (\(tenant), \(objection.processor), \(objection.version), \(objection.reason),
        \(objection.objectedAt), \(person))
      ON CONFLICT ON CONSTRAINT sub_processor_objection_pkey DO NOTHING
      """,
      """
      SELECT sub_processor_id, version, reason, objected_at
      FROM privacy.sub_processor_objection
      WHERE tenant_id = \(tenant) AND sub_processor_id = \(objection.processor)
        AND version = \(objection.version)
      """,
    ])[1]
    guard let row = rows.first else { throw EntryError.changedMeanwhile }
    let standing = try self.objection(row, of: tenant)
    try transaction.platformQueryAtCommit([
      """
      INSERT INTO privacy.sub_processor_objector
        (tenant_id, organisation_id, sub_processor_id, version, objected_at)
      VALUES (\(UUID.platform), \(tenant), \(standing.processor), \(standing.version),
        \(standing.objectedAt))
      ON CONFLICT ON CONSTRAINT sub_processor_objector_pkey DO NOTHING
      """
    ])
    return standing
  }

  /// Of the organisation of the transaction, to any of `processors`.
  static func list(
    _ processors: [UUID], in transaction: TenantTransaction
  ) async throws -> [SubProcessorObjection] {
    try await transaction.query(
      """
      SELECT sub_processor_id, version, reason, objected_at
      FROM privacy.sub_processor_objection
      WHERE tenant_id = \(transaction.tenant) AND sub_processor_id = ANY(\(processors))
      """
    ).map { try objection($0, of: transaction.tenant) }
  }

  /// Who has objected, of all organisations; in a transaction of the platform. Without reasons.
  static func objectors(
    _ page: Page, in transaction: TenantTransaction
  ) async throws -> (found: [SubProcessorObjection], next: PagePosition?) {
    let (date, id) = (page.after?.date, page.after?.id)
    let found = try await transaction.query(
      """
      SELECT organisation_id, sub_processor_id, version, '' AS reason, objected_at
      FROM privacy.sub_processor_objector
      WHERE tenant_id = \(transaction.tenant)
        AND (\(date)::timestamptz IS NULL
          OR (objected_at, organisation_id) < (\(date)::timestamptz, \(id)::uuid))
      ORDER BY objected_at DESC, organisation_id DESC LIMIT \(page.size + 1)
      """
    ).map { try objection($0, of: try $0.get("organisation_id")) }
    let shown = Array(found.prefix(page.size))
    guard found.count > page.size, let last = shown.last else { return (shown, nil) }
    return (shown, PagePosition(at: last.objectedAt, id: last.organisation))
  }

  private static func objection(_ row: Row, of tenant: UUID) throws -> SubProcessorObjection {
    SubProcessorObjection(
      organisation: tenant, processor: try row.get("sub_processor_id"),
      version: Int(try row.get("version") as Int32), reason: try row.get("reason"),
      objectedAt: try row.get("objected_at"))
  }
}
