import Cryptography
import FoundationEssentials
import Postgres
import Storage

extension ServiceAccount {
  init(_ row: Row) throws(PostgresError) {
    let all: Bool = try row.get("all_organisations")
    self.init(
      id: try row.get("service_account_id"), name: try row.get("name"),
      scopes: try row.get("scopes"), reach: all ? .all : .some(try row.get("organisations")),
      createdAt: try row.get("created_at"), expiresAt: try row.get("expires_at"),
      disabledAt: try row.get("disabled_at"))
  }
}

extension ServiceCredential {
  init(_ row: Row) throws {
    let key: [UInt8]? = try row.get("public_key")
    self.init(
      id: try row.get("service_credential_id"),
      proof: try key.map(Proof.key)
        ?? .certificate(try CertificateIdentity(try row.get("identity"))),
      createdAt: try row.get("created_at"), expiresAt: try row.get("expires_at"),
      revokedAt: try row.get("revoked_at"), lastUsedAt: try row.get("last_used_at"))
  }
}

extension ServiceCredential.Proof {
  /// What a credential is known by in its account, once.
  fileprivate var identity: String {
    switch self {
    case .certificate(let identity): identity.text
    case .key(let encoded): CertificateIdentity.key(Digest.sha256(encoded)).text
    }
  }

  fileprivate var publicKey: [UInt8]? {
    if case .key(let encoded) = self { encoded } else { nil }
  }
}

/// All rows are the platform's: run them in a transaction of that tenant.
extension SQL {
  private static let accounts: SQL = """
    SELECT service_account_id, name, scopes, all_organisations, organisations, created_at,
      expires_at, disabled_at
    FROM identity.service_account WHERE tenant_id = \(UUID.platform)
    """

  private static let credentialColumns: SQL = """
    service_account_id, service_credential_id, identity, public_key, created_at, expires_at,
      revoked_at, last_used_at
    """

  private static let credentials: SQL = """
    SELECT \(credentialColumns) FROM identity.service_credential
    WHERE tenant_id = \(UUID.platform)
    """

  static func serviceAccountInsert(_ account: ServiceAccount) -> SQL {
    let organisations: [UUID] = if case .some(let ids) = account.reach { ids } else { [] }
    return """
      INSERT INTO identity.service_account (
        tenant_id, service_account_id, name, scopes, all_organisations, organisations, created_at,
        expires_at)
      VALUES (
        \(UUID.platform), \(account.id), \(account.name), \(account.scopes),
        \(account.reach == .all), \(organisations), \(account.createdAt), \(account.expiresAt))
      """
  }

  static func serviceAccountFetch(_ account: UUID) -> SQL {
    "\(accounts) AND service_account_id = \(account)"
  }

  static func serviceAccountLock(_ account: UUID) -> SQL {
    "\(serviceAccountFetch(account)) FOR UPDATE"
  }

  /// Keeps it from being disabled until the end of the transaction.
  static func serviceAccountShare(_ account: UUID) -> SQL {
    "\(serviceAccountFetch(account)) FOR SHARE"
  }

  static func serviceAccountDisable(_ account: UUID, at time: Date) -> SQL {
    """
    UPDATE identity.service_account SET disabled_at = \(time)
    WHERE tenant_id = \(UUID.platform) AND service_account_id = \(account)
    """
  }

  /// One more than a page holds, if there are as many; the one made last first. `organisation`:
  /// those alone that may act in it.
  static func serviceAccountPage(_ page: Page, of organisation: UUID?) -> SQL {
    let order: SQL = """
      ORDER BY created_at DESC, service_account_id DESC LIMIT \(page.size + 1)
      """
    var rows = accounts
    if let organisation {
      rows = "\(rows) AND (all_organisations OR \(organisation) = ANY(organisations))"
    }
    guard let after = page.after else { return "\(rows) \(order)" }
    return """
      \(rows) AND (created_at, service_account_id) < (\(after.date), \(after.id)) \(order)
      """
  }

  static func serviceCredentialInsert(_ account: UUID, _ credential: ServiceCredential) -> SQL {
    """
    INSERT INTO identity.service_credential (
      tenant_id, service_account_id, service_credential_id, identity, public_key, created_at,
      expires_at)
    VALUES (
      \(UUID.platform), \(account), \(credential.id), \(credential.proof.identity),
      \(credential.proof.publicKey), \(credential.createdAt), \(credential.expiresAt))
    """
  }

  /// Of each account the latest, at most `limit`.
  static func serviceCredentialFetch(_ accounts: [UUID], limit: Int) -> SQL {
    """
    SELECT latest.service_account_id, latest.service_credential_id, latest.identity,
      latest.public_key, latest.created_at, latest.expires_at, latest.revoked_at,
      latest.last_used_at
    FROM unnest(\(accounts)) AS account (service_account_id)
    CROSS JOIN LATERAL (
      SELECT \(credentialColumns) FROM identity.service_credential
      WHERE tenant_id = \(UUID.platform) AND service_account_id = account.service_account_id
      ORDER BY created_at DESC, service_credential_id LIMIT \(limit)
    ) AS latest
    ORDER BY latest.created_at DESC, latest.service_credential_id
    """
  }

  /// Those of an account that count: few.
  static func serviceCredentialFetchCounting(_ account: UUID, at time: Date) -> SQL {
    """
    \(credentials) AND service_account_id = \(account) AND revoked_at IS NULL
      AND expires_at > \(time)
    ORDER BY created_at DESC, service_credential_id
    """
  }

  static func serviceCredentialCount(_ account: UUID, at time: Date) -> SQL {
    """
    SELECT count(*) AS counting FROM identity.service_credential
    WHERE tenant_id = \(UUID.platform) AND service_account_id = \(account)
      AND revoked_at IS NULL AND expires_at > \(time)
    """
  }

  static func serviceCredentialLock(_ account: UUID, _ credential: UUID) -> SQL {
    """
    \(credentials) AND service_account_id = \(account) AND service_credential_id = \(credential)
    FOR UPDATE
    """
  }

  /// Those of an account that are not revoked.
  static func serviceCredentialLockAll(_ account: UUID) -> SQL {
    """
    \(credentials) AND service_account_id = \(account) AND revoked_at IS NULL
    ORDER BY service_credential_id FOR UPDATE
    """
  }

  static func serviceCredentialRevoke(
    _ account: UUID, _ credentials: [UUID], at time: Date
  ) -> SQL {
    """
    UPDATE identity.service_credential SET revoked_at = \(time)
    WHERE tenant_id = \(UUID.platform) AND service_account_id = \(account)
      AND service_credential_id = ANY(\(credentials))
    """
  }

  /// Changes one row, or none of a credential that does not count any more.
  static func serviceCredentialUse(_ account: UUID, _ credential: UUID, at time: Date) -> SQL {
    """
    UPDATE identity.service_credential SET last_used_at = \(time)
    WHERE tenant_id = \(UUID.platform) AND service_account_id = \(account)
      AND service_credential_id = \(credential) AND revoked_at IS NULL AND expires_at > \(time)
    """
  }

  static func serviceCredentialSweep(endedBefore time: Date) -> SQL {
    """
    DELETE FROM identity.service_credential
    WHERE tenant_id = \(UUID.platform) AND LEAST(expires_at, revoked_at) < \(time)
    """
  }

  /// How many of an account are remembered, counted up to `limit`.
  static func serviceAssertionCount(_ account: UUID, at time: Date, limit: Int) -> SQL {
    """
    SELECT count(*) AS known FROM (
      SELECT 1 FROM identity.service_assertion
      WHERE tenant_id = \(UUID.platform) AND service_account_id = \(account)
        AND expires_at > \(time)
      LIMIT \(limit)
    ) AS remembered
    """
  }

  /// Adds one row, or none for an assertion that is remembered.
  static func serviceAssertionInsert(_ account: UUID, _ hash: [UInt8], until end: Date) -> SQL {
    """
    INSERT INTO identity.service_assertion (
      tenant_id, service_account_id, identifier_hash, expires_at)
    VALUES (\(UUID.platform), \(account), \(hash), \(end))
    ON CONFLICT ON CONSTRAINT service_assertion_pkey DO NOTHING
    """
  }

  static func serviceAssertionSweep(at time: Date) -> SQL {
    """
    DELETE FROM identity.service_assertion
    WHERE tenant_id = \(UUID.platform) AND expires_at <= \(time)
    """
  }

  /// How many of the organisations are there.
  static func directoryCount(of organisations: [UUID]) -> SQL {
    """
    SELECT count(*) AS known FROM identity.directory
    WHERE tenant_id = \(UUID.platform) AND organisation_id = ANY(\(organisations))
    """
  }
}
