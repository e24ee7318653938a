import Cryptography
package import FoundationEssentials
import Synchronization

/// Page tokens of a service's lists: sealed, so that they tell nothing and cannot be made up, and
/// bound to tenant, list and reader.
package final class PageTokens: Sendable {
  private let vault: Vault
  /// The same in all processes of the service; kept for the life of this one.
  private let key = Mutex<SymmetricKey?>(nil)

  package init(_ vault: Vault) { self.vault = vault }

  /// The tokens of one list as one reader sees it. `name`: what tells the query from the service's
  /// others, with whatever else it depends on.
  package func list(
    _ name: String, _ mandate: Mandate, reader: UUID
  ) async throws(VaultError) -> PageList {
    var place = AssociatedData("ikso page token 1")
    place.append(mandate.tenant)
    place.append(name)
    place.append(reader)
    return PageList(key: try await sealingKey(), place: place.bytes)
  }

  private func sealingKey() async throws(VaultError) -> SymmetricKey {
    if let key = key.withLock({ $0 }) { return key }
    let secret = try await vault.secret(named: PageTokens.secretName) {
      SecureRandom.bytes(SymmetricKey.byteCount)
    }
    guard let made = try? SymmetricKey(bytes: secret) else {
      throw .corrupt("secret \(PageTokens.secretName)")
    }
    key.withLock { $0 = made }
    return made
  }

  private static let secretName = "page tokens"
}

/// One list of one reader.
package struct PageList: Sendable {
  private let key: SymmetricKey
  private let place: [UInt8]

  init(key: SymmetricKey, place: [UInt8]) {
    self.key = key
    self.place = place
  }

  /// As a request asks for it: 0 is the standard size, an empty token the start. Throws
  /// `PageError.token` alike for a token of another list, of another reader and of nobody.
  package func page(size: UInt32, token: String) throws(PageError) -> Page {
    guard !token.isEmpty else { return try Page(size: size) }
    guard let sealed = try? Base64URL.decode(token),
      let bytes = try? AEAD.open(sealed, associatedData: place, key: key),
      let position = PagePosition(bytes: bytes)
    else { throw .token }
    return try Page(size: size, after: position)
  }

  /// Empty after the last page.
  package func token(_ next: PagePosition?) throws -> String {
    guard let next else { return "" }
    return Base64URL.encode(try AEAD.seal(next.bytes, associatedData: place, key: key))
  }
}
