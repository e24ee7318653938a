import Access
import Cryptography
import Foundation
import RPC
import Schemas
import Storage

/// The privacy service: what its methods stand on. One file per method in Methods/.
struct PrivacyService: PrivacyServiceHandler {
  let database: Database
  let vault: Vault
  let pages: PageTokens
  let answers: KeptAnswers
  let identity: IdentityServiceClient
  let requests: RequestDesk
  let archiveKey: ArchiveSigningKey
  let now: @Sendable () -> Date
}

/// The key that archives are signed with, and its name.
struct ArchiveSigningKey: Sendable {
  let id: String
  let key: Ed25519PrivateKey

  init(id: String, key: Ed25519PrivateKey) { (self.id, self.key) = (id, key) }

  /// The one in the vault, made on first use.
  init(vault: Vault) async throws {
    let fresh = try Ed25519PrivateKey.generate().rawBytes()
    let bytes = try await vault.secret(named: "archive-signing-key") { fresh }
    key = try Ed25519PrivateKey(rawBytes: bytes)
    id = String(Hex.encode(Digest.sha256(key.publicKey.rawBytes)).prefix(16))
  }
}

/// What other services ask on behalf of somebody who has no token yet.
struct StatementDesk: StatementDeskServiceHandler {
  let database: Database
  let contacts: PersonalStatementText.Contacts
  let now: @Sendable () -> Date
}
