package import Archive
import Cryptography
package import FoundationEssentials
package import Storage

/// Signs for a service that it has erased a person and what a scan found after that.
package struct ErasureSigner: Sendable {
  package let service: String
  /// Ed25519, 32 bytes (RFC 8032).
  package let publicKey: [UInt8]
  private let key: ServiceSigningKey
  let now: @Sendable () -> Date

  package init(_ runtime: Runtime) async throws {
    try await self.init(service: runtime.name, vault: runtime.vault, now: runtime.now)
  }

  package init(service: String, vault: Vault, now: @escaping @Sendable () -> Date) async throws {
    self.service = service
    self.now = now
    key = try await ServiceSigningKey(vault: vault, for: .erasure)
    publicKey = key.key.publicKey.rawBytes
  }

  /// A signed `ErasureReceipt`. `requestID`: what the caller calls it; kept to a UUID's length.
  package func erased(_ rows: [ErasedRows], request requestID: String) throws -> String {
    try SignedDocument.write(
      ErasureReceipt(
        service: service, requestID: String(requestID.prefix(Self.idLimit)),
        tables: rows.map { ErasureReceipt.Table(table: $0.table, rows: $0.rows) },
        keyDestroyed: true, erasedAt: now().formatted(.iso8601)),
      keyID: key.id, signedWith: key.key)
  }

  /// A signed `ScanReceipt`.
  package func scanned(
    _ findings: [SubjectScan.Finding], request requestID: String
  ) throws -> String {
    try SignedDocument.write(
      ScanReceipt(
        service: service, requestID: String(requestID.prefix(Self.idLimit)),
        tables: findings.map {
          ScanReceipt.Table(table: $0.table, rowsRead: $0.rowsRead, rowsFound: $0.rowsFound)
        }, scannedAt: now().formatted(.iso8601)),
      keyID: key.id, signedWith: key.key)
  }

  /// What the service has signed itself, in this process or another one.
  func opened<Content: SignedContent>(
    _ text: String, as type: Content.Type
  ) throws(ArchiveError) -> Content {
    try SignedDocument.verify(
      Array(text.utf8), keys: [key.id: key.key.publicKey], as: type).content
  }

  /// Whatever else the service vouches for about an erasure.
  package func sign(_ content: some SignedContent) throws -> String {
    try SignedDocument.write(content, keyID: key.id, signedWith: key.key)
  }

  private static let idLimit = 36
}
