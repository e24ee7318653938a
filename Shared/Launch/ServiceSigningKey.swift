package import Cryptography
package import Storage
import Access

/// A key that a service signs documents with, and its name.
package struct ServiceSigningKey: Sendable {
  package enum Use: String {
    /// The results of its self-test.
    case selfTest = "self-test-signing-key"
    /// That it has erased a person, and what a scan found after that.
    case erasure = "erasure-signing-key"
  }

  package let id: String
  package let key: Ed25519PrivateKey

  /// The one in the vault, made on first use.
  package init(vault: Vault, for use: Use) async throws {
    let fresh = try Ed25519PrivateKey.generate().rawBytes()
    let bytes = try await vault.secret(named: use.rawValue) { fresh }
    key = try Ed25519PrivateKey(rawBytes: bytes)
    id = PublishedKey.id(of: key.publicKey)
  }
}
