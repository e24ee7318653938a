import Access
import Cryptography
import Foundation
import Postgres
import RPC
import Reactor
import Storage

/// Makes tokens with the house's own signing key, which it takes from identity's key store with
/// the master key: what time or a role would otherwise be waited for.
struct TokenSmith: Sendable {
  let signer: TokenSigner
  let issuer: String

  /// The key that signs now.
  static func make() async throws -> TokenSmith {
    let house = try House.current()
    let settings = try house.plan.settings(of: "identity")
    let digits = try String(
      contentsOfFile: settings.string("keys.masterKeyFile"), encoding: .utf8)
    let master = try SymmetricKey(
      bytes: Hex.decode(digits.trimmingCharacters(in: .whitespacesAndNewlines)))
    let vault = try Vault(
      pool: house.superuser, schema: "identity_keys", masterKey: master)
    let rows = try await house.superuser.run([
      """
      SELECT key_id FROM identity.signing_key
      WHERE not_before <= now() AND (not_after IS NULL OR not_after > now())
      ORDER BY not_before DESC LIMIT 1
      """
    ])
    let id: String = try rows[0][0].get("key_id")
    let bytes = try await vault.secret(named: "signing-key/\(id)") {
      preconditionFailure("the key store has no private part of signing key \(id)")
    }
    let issuer = try settings.string("tokens.issuer")
    return TokenSmith(
      signer: try TokenSigner(
        issuer: issuer, keyID: id, key: Ed25519PrivateKey(rawBytes: bytes)),
      issuer: issuer)
  }

  /// A token that nobody could get by signing in, all the same signed as it must be; of a session
  /// that never was unless it is given. `scopes`: for roles that name what they are good for.
  func token(
    _ roles: Set<Role>, of member: Member, authenticated: Duration = .zero,
    issued: Duration = .zero, session: String? = nil, scopes: [String] = []
  ) throws -> String {
    let now = Date()
    let isOperator = roles.contains(.operator)
    let issuedAt = now.addingTimeInterval(issued / .seconds(1))
    return try signer.sign(
      Token(
        issuer: issuer, subject: member.uuid,
        tenant: isOperator ? .platform : member.organisation.uuid, roles: roles,
        session: session.flatMap(UUID.init) ?? UUID(),
        authenticatedAt: now.addingTimeInterval(authenticated / .seconds(1)), issuedAt: issuedAt,
        expiresAt: issuedAt.addingTimeInterval(600),
        statementHash: isOperator ? "" : String(repeating: "0", count: 64),
        scopes: roles.isDisjoint(with: Role.scoped) ? [] : scopes,
        account: roles.contains(.service) ? "smith" : ""))
  }

  func options(
    _ roles: Set<Role>, of member: Member, scopes: [String] = []
  ) throws -> CallOptions {
    .bearer(try token(roles, of: member, scopes: scopes))
  }
}
