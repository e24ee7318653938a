import FoundationEssentials
import Postgres
import Storage

/// A person's app. Its secret is base 32; no export shows it.
struct TOTPRow: Sendable {
  let id: UUID
  let secret: Sealed<TotpColumns.Secret>
  let confirmedAt: Date?
  let lastStep: Int64?
  let failures: Int
  let failedAt: Date?

  init(_ row: Row) throws(PostgresError) {
    id = try row.get("totp_id")
    secret = try row.get("secret")
    confirmedAt = try row.get("confirmed_at")
    lastStep = try row.get("last_step")
    failures = try row.get("failures")
    failedAt = try row.get("failed_at")
  }
}

extension SQL {
  /// The one that counts.
  static func totpFetch(_ tenant: UUID, of person: UUID) -> SQL {
    totpFetch(tenant, of: person, "confirmed_at IS NOT NULL")
  }

  /// The one that is being set up.
  static func totpFetchPending(_ tenant: UUID, of person: UUID) -> SQL {
    totpFetch(tenant, of: person, "confirmed_at IS NULL")
  }

  private static func totpFetch(_ tenant: UUID, of person: UUID, _ which: SQL) -> SQL {
    """
    SELECT totp_id, secret, confirmed_at, last_step, failures, failed_at
    FROM identity.totp WHERE tenant_id = \(tenant) AND person_id = \(person) AND \(which)
    """
  }

  /// In place of one that was being set up before.
  static func totpInsert(
    _ tenant: UUID, _ id: UUID, of person: UUID, _ secret: Sealed<TotpColumns.Secret>, at time: Date
  ) -> [SQL] {
    [
      """
      DELETE FROM identity.totp
      WHERE tenant_id = \(tenant) AND person_id = \(person) AND confirmed_at IS NULL
      """,
      """
      INSERT INTO identity.totp (tenant_id, totp_id, person_id, secret, created_at)
      VALUES (\(tenant), \(id), \(person), \(secret), \(time))
      """,
    ]
  }

  /// Counts an attempt before its work; no row if another one was since `failures` was read.
  static func totpAttempt(_ tenant: UUID, _ id: UUID, failures: Int, at time: Date) -> SQL {
    """
    UPDATE identity.totp SET failures = failures + 1, failed_at = \(time)
    WHERE tenant_id = \(tenant) AND totp_id = \(id) AND failures = \(failures)
    """
  }

  /// A right code: it and all before it count no more. No row if that is so already.
  static func totpUse(_ tenant: UUID, _ id: UUID, step: Int64) -> SQL {
    """
    UPDATE identity.totp SET last_step = \(step), failures = 0, failed_at = NULL
    WHERE tenant_id = \(tenant) AND totp_id = \(id) AND (last_step IS NULL OR last_step < \(step))
    """
  }

  /// The one that is being set up counts from now on, and the earlier one no more. Without
  /// `replacing` there must be none: `totp_confirmed` is violated.
  static func totpConfirm(
    _ tenant: UUID, _ id: UUID, of person: UUID, step: Int64, replacing: Bool, at time: Date
  ) -> [SQL] {
    let earlier: SQL = """
      DELETE FROM identity.totp
      WHERE tenant_id = \(tenant) AND person_id = \(person) AND confirmed_at IS NOT NULL
      """
    let confirmed: SQL = """
      UPDATE identity.totp
      SET confirmed_at = \(time), last_step = \(step), failures = 0, failed_at = NULL
      WHERE tenant_id = \(tenant) AND totp_id = \(id) AND confirmed_at IS NULL
      """
    return replacing ? [earlier, confirmed] : [confirmed]
  }

  static func totpDelete(_ tenant: UUID, of person: UUID) -> SQL {
    "DELETE FROM identity.totp WHERE tenant_id = \(tenant) AND person_id = \(person)"
  }

  /// In place of all earlier ones.
  static func recoveryCodeReplaceAll(
    _ tenant: UUID, of person: UUID, _ codes: [RecoveryCode], at time: Date
  ) -> [SQL] {
    [
      recoveryCodeDelete(tenant, of: person),
      """
      INSERT INTO identity.recovery_code (
        tenant_id, recovery_code_id, person_id, code_hash, created_at)
      SELECT \(tenant), recovery_code_id, \(person), code_hash, \(time)
      FROM unnest(\(codes.map { _ in UUID() }), \(codes.map(\.hash)))
        AS new (recovery_code_id, code_hash)
      """,
    ]
  }

  static func recoveryCodeDelete(_ tenant: UUID, of person: UUID) -> SQL {
    "DELETE FROM identity.recovery_code WHERE tenant_id = \(tenant) AND person_id = \(person)"
  }

  /// Changes one row, or none for a code that is none or was used.
  static func recoveryCodeUse(
    _ tenant: UUID, of person: UUID, hash: [UInt8], at time: Date
  ) -> SQL {
    """
    UPDATE identity.recovery_code SET used_at = \(time)
    WHERE tenant_id = \(tenant) AND person_id = \(person) AND code_hash = \(hash)
      AND used_at IS NULL
    """
  }

  static func recoveryCodeCount(_ tenant: UUID, of person: UUID) -> SQL {
    """
    SELECT count(*) AS left_over
    FROM identity.recovery_code
    WHERE tenant_id = \(tenant) AND person_id = \(person) AND used_at IS NULL
    """
  }

  static func recoveryCodeFetchAll(_ tenant: UUID, of person: UUID) -> SQL {
    """
    SELECT recovery_code_id, created_at, used_at
    FROM identity.recovery_code WHERE tenant_id = \(tenant) AND person_id = \(person)
    ORDER BY created_at, recovery_code_id
    """
  }

  static func totpFetchAll(_ tenant: UUID, of person: UUID) -> SQL {
    """
    SELECT totp_id, created_at, confirmed_at, failed_at
    FROM identity.totp WHERE tenant_id = \(tenant) AND person_id = \(person)
    ORDER BY created_at, totp_id
    """
  }
}
