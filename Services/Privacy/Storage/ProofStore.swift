import Foundation
import Postgres
import Storage

/// A proof of identity as it is kept (clause 37).
struct ProofRow: Sendable {
  var request: UUID
  var form: ProofForm
  /// Nil once it was checked, or the request closed.
  var copy: Sealed<ProofColumns.SealedCopy>?
  var attachedAt: Date
  var checkedAt: Date?
  var identified: Bool?
}

enum ProofStore {
  /// Attaches a copy to a request, in place of one that was there.
  static func put(
    _ copy: Sealed<ProofColumns.SealedCopy>, _ form: ProofForm, to request: UUID, by officer: UUID,
    at time: Date, in transaction: TenantTransaction
  ) async throws {
    _ = try await transaction.query(
      """
      INSERT INTO privacy.proof
        (tenant_id, request_id, form, sealed_copy, attested_by, attached_at)
      VALUES (\(transaction.tenant), \(request), \(form.rawValue), \(copy), \(officer), \(time))
      ON CONFLICT (tenant_id, request_id) DO UPDATE SET form = excluded.form,
        sealed_copy = excluded.sealed_copy, attested_by = excluded.attested_by,
        attached_at = excluded.attached_at, checked_by = NULL, checked_at = NULL,
        identified = NULL
      """)
  }

  static func fetch(
    _ request: UUID, in transaction: TenantTransaction
  ) async throws -> ProofRow? {
    let row = try await transaction.query(
      """
      SELECT request_id, form, sealed_copy, attached_at, checked_at, identified
      FROM privacy.proof WHERE tenant_id = \(transaction.tenant) AND request_id = \(request)
      """
    ).first
    return try row.map { row in
      let form: String = try row.get("form")
      return ProofRow(
        request: try row.get("request_id"),
        form: try RequestStore.known(ProofForm(rawValue: form), "form"),
        copy: try row.get("sealed_copy"), attachedAt: try row.get("attached_at"),
        checkedAt: try row.get("checked_at"), identified: try row.get("identified"))
    }
  }

  /// Takes the copy away, checked or not: its request is over.
  static func forgetCopy(of request: UUID, in transaction: TenantTransaction) async throws {
    _ = try await transaction.query(
      """
      UPDATE privacy.proof SET sealed_copy = NULL
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(request)
      """)
  }

  /// Writes the outcome down and takes the copy away; the first outcome stays.
  static func check(
    _ request: UUID, identified: Bool, by officer: UUID, at time: Date,
    in transaction: TenantTransaction
  ) async throws {
    _ = try await transaction.query(
      """
      UPDATE privacy.proof SET sealed_copy = NULL, checked_by = \(officer), checked_at = \(time),
        identified = \(identified)
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(request)
        AND checked_at IS NULL
      """)
  }
}
