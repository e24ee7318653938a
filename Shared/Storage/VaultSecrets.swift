import Cryptography
import FoundationEssentials
import Postgres

extension Vault {
  /// The platform's secret of this name, under the master key; the first caller of all processes
  /// makes it with `generate`.
  package func secret(
    named name: String, generate: () -> [UInt8]
  ) async throws(VaultError) -> [UInt8] {
    let fetch: SQL = """
      SELECT sealed_secret, master_id FROM \(schema).platform_secret
      WHERE tenant_id = \(UUID.platform) AND name = \(name)
      """
    var found = try await store(.platform, fetch)[0].first
    if found == nil {
      let sealed = try seal(generate(), named: name)
      found = try await store(
        .platform,
        """
        INSERT INTO \(schema).platform_secret (tenant_id, name, sealed_secret, master_id)
        VALUES (\(UUID.platform), \(name), \(sealed), \(masters.current.id))
        ON CONFLICT (tenant_id, name) DO NOTHING
        """, fetch)[1].first
    }
    guard let found else { throw .corrupt("secret \(name)") }
    return try open(
      try read(found, "sealed_secret"), under: try read(found, "master_id"), named: name)
  }

  /// Under the current master key.
  func seal(_ secret: [UInt8], named name: String) throws(VaultError) -> [UInt8] {
    do {
      return try AEAD.seal(secret, associatedData: place(name), key: masters.current.key)
    } catch {
      throw .corrupt("secret \(name)")
    }
  }

  func open(
    _ sealed: [UInt8], under master: String?, named name: String
  ) throws(VaultError) -> [UInt8] {
    try masters.open(under: master, "secret \(name)") { (key) throws(CryptographyError) in
      try AEAD.open(sealed, associatedData: place(name), key: key)
    }
  }

  private func place(_ name: String) -> [UInt8] {
    var data = AssociatedData("ikso platform secret 1")
    data.append(name)
    return data.bytes
  }
}
