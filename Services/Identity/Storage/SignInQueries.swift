import FoundationEssentials
import Postgres

/// A sign-in on its way.
struct SignInRow: Sendable {
  let id: UUID
  let person: UUID
  /// When the password was given.
  let passwordAt: Date
  let expiresAt: Date
  /// How the second factor was given; nil until it was.
  var proof: FactorProof?
  /// The session that comes of it remembers its device.
  var remembersDevice: Bool

  init(_ row: Row) throws(PostgresError) {
    id = try row.get("sign_in_id")
    person = try row.get("person_id")
    passwordAt = try row.get("created_at")
    expiresAt = try row.get("expires_at")
    let isGiven = try row.get("factor_at", as: Date?.self) != nil
    proof = isGiven ? (try row.get("by_device") ? .device : .given) : nil
    remembersDevice = try row.get("remembers_device")
  }

  init(id: UUID, person: UUID, passwordAt: Date, _ proof: FactorProof?) {
    (self.id, self.person, self.passwordAt) = (id, person, passwordAt)
    expiresAt = passwordAt + SignInRules.lifetime
    self.proof = proof
    remembersDevice = false
  }
}

extension SQL {
  /// A new one; of the person's earlier ones few are kept.
  static func signInInsert(_ tenant: UUID, _ signIn: SignInRow, codeHash: [UInt8]) -> [SQL] {
    [
      """
      DELETE FROM identity.sign_in
      WHERE tenant_id = \(tenant) AND person_id = \(signIn.person) AND sign_in_id NOT IN (
        SELECT sign_in_id FROM identity.sign_in
        WHERE tenant_id = \(tenant) AND person_id = \(signIn.person)
          AND expires_at > \(signIn.passwordAt)
        ORDER BY created_at DESC LIMIT \(SignInRules.open - 1))
      """,
      """
      INSERT INTO identity.sign_in (
        tenant_id, sign_in_id, person_id, code_hash, created_at, expires_at, factor_at, by_device)
      VALUES (
        \(tenant), \(signIn.id), \(signIn.person), \(codeHash), \(signIn.passwordAt),
        \(signIn.expiresAt), \(signIn.proof.map { _ in signIn.passwordAt }),
        \(signIn.proof == .device))
      """,
    ]
  }

  static func signInFetch(_ tenant: UUID, codeHash: [UInt8], at time: Date) -> SQL {
    """
    SELECT sign_in_id, person_id, created_at, expires_at, factor_at, by_device, remembers_device
    FROM identity.sign_in
    WHERE tenant_id = \(tenant) AND code_hash = \(codeHash) AND expires_at > \(time)
    """
  }

  /// Counts an attempt before its work, so that many at once do not pass together; no row after the
  /// last.
  static func signInAttempt(_ tenant: UUID, _ signIn: UUID) -> SQL {
    """
    UPDATE identity.sign_in SET attempts = attempts + 1
    WHERE tenant_id = \(tenant) AND sign_in_id = \(signIn) AND factor_at IS NULL
      AND attempts < \(SignInRules.attempts)
    """
  }

  static func signInGiveFactor(
    _ tenant: UUID, _ signIn: UUID, remembersDevice: Bool = false, at time: Date
  ) -> SQL {
    """
    UPDATE identity.sign_in SET factor_at = \(time), remembers_device = \(remembersDevice)
    WHERE tenant_id = \(tenant) AND sign_in_id = \(signIn) AND factor_at IS NULL
    """
  }

  /// Uses it up: changes one row, or none if somebody was faster.
  static func signInDelete(_ tenant: UUID, _ signIn: UUID) -> SQL {
    "DELETE FROM identity.sign_in WHERE tenant_id = \(tenant) AND sign_in_id = \(signIn)"
  }

  static func signInDeleteAll(_ tenant: UUID, of person: UUID, except signIn: UUID? = nil) -> SQL {
    """
    DELETE FROM identity.sign_in
    WHERE tenant_id = \(tenant) AND person_id = \(person)
      AND sign_in_id IS DISTINCT FROM \(signIn)
    """
  }

  static func signInFetchAll(_ tenant: UUID, of person: UUID) -> SQL {
    """
    SELECT sign_in_id, created_at, expires_at, factor_at
    FROM identity.sign_in WHERE tenant_id = \(tenant) AND person_id = \(person)
    ORDER BY created_at, sign_in_id
    """
  }
}
