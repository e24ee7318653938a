package import Cryptography

/// The keys that wrap the keys of tenants: the one that is written with, and others that are only
/// read, before, while and after the store passes from one to the next.
package struct MasterKeys: Sendable {
  /// A master key and the name by which rows say that they are under it.
  struct Named: Sendable {
    let id: String
    let key: SymmetricKey

    init(_ key: SymmetricKey) {
      // Says nothing of the key: the first 8 bytes of an HMAC under it.
      let digest = HMACSHA256.authenticate(Array("ikso master key id 1".utf8), key: key)
      id = Hex.encode(Array(digest.prefix(8)))
      self.key = key
    }
  }

  let current: Named
  let others: [Named]

  package init(current: SymmetricKey, others: [SymmetricKey] = []) {
    self.current = Named(current)
    self.others = others.map(Named.init)
  }

  /// 16 hexadecimal digits.
  package var currentID: String { current.id }
  package var ids: [String] { all.map(\.id) }

  private var all: [Named] { [current] + others }

  /// Opens what is under the master key `id`; nil: from before rows said which, so that each key
  /// is tried. Throws `masterAbsent` or `corrupt(what)`.
  func open<Opened>(
    under id: String?, _ what: @autoclosure () -> String,
    _ body: (SymmetricKey) throws(CryptographyError) -> Opened
  ) throws(VaultError) -> Opened {
    let candidates = all.filter { id == nil || $0.id == id }
    if let id, candidates.isEmpty { throw .masterAbsent(id) }
    for candidate in candidates {
      do {
        return try body(candidate.key)
      } catch {
        continue
      }
    }
    throw .corrupt(what())
  }
}
