import Foundation
import Logging
import Synchronization
import Testing

@testable import Cryptography
@testable import Storage

/// What is to be had of a key beside its use.
@Suite(.serialized) struct KeySecrecyTests {
  @Test func `a key that leaves the cache is given up, and with it overwritten`() throws {
    let clock = Mutex(ContinuousClock.now)
    let cache = VaultCache(limit: 2) { clock.withLock { $0 } }
    let tenant = UUID()
    /// Gone once nothing holds the key: its end overwrites it.
    struct Trace {
      weak var bytes: SecretBytes?
    }
    func put() -> Trace {
      let key = SymmetricKey.generate()
      cache.put(
        .person(SealingKey(tenant: tenant, key: key)),
        at: VaultCache.Place(tenant: tenant, person: UUID()), cache.ticket())
      return Trace(bytes: key.secret)
    }
    let first = put()
    #expect(first.bytes != nil)
    let (second, third) = (put(), put())
    #expect(first.bytes == nil, "pushed out by the bound")
    #expect(second.bytes != nil && third.bytes != nil)
    clock.withLock { $0 += VaultCache.lifetime }
    cache.sweep()
    #expect(cache.count == 0)
    #expect(second.bytes == nil && third.bytes == nil, "expired")
    let last = put()
    #expect(last.bytes != nil)
    cache.drop(VaultCache.Place(tenant: tenant))
    #expect(last.bytes == nil, "destroyed")
  }

  @Test func `the digits that a key is read from are overwritten, good or bad`() throws {
    let text = String(repeating: "0a", count: 32)
    var digits = Array((" " + text.uppercased() + "\n").utf8)
    #expect(try SymmetricKey(hexadecimal: &digits).rawBytes == [UInt8](repeating: 10, count: 32))
    #expect(digits.allSatisfy { $0 == 0 })
    for bad in ["", "0a", text + "0a", String(repeating: "0g", count: 32)] {
      var digits = Array(bad.utf8)
      #expect(throws: CryptographyError.self) { try SymmetricKey(hexadecimal: &digits) }
      #expect(digits.allSatisfy { $0 == 0 })
    }
  }

  /// What is done with a key, by name.
  private static let uses: [String: @Sendable (SymmetricKey) throws -> Void] = [
    "wrap and unwrap": { key in
      let outer = SymmetricKey.generate()
      let wrapped = try key.wrapped(by: outer, associatedData: [1])
      _ = try SymmetricKey(unwrapping: wrapped, by: outer, associatedData: [1])
    },
    "wrap and unwrap others": { key in
      let wrapped = try SymmetricKey.generate().wrapped(by: key, associatedData: [1])
      _ = try SymmetricKey(unwrapping: wrapped, by: key, associatedData: [1])
    },
    "seal and open a field": { key in
      let sealing = SealingKey(tenant: UUID(), key: key)
      let row = UUID()
      let sealed = try sealing.seal("a text", table: "t", column: "c", row: row)
      _ = try sealing.open(sealed, table: "t", column: "c", row: row)
      _ = try? sealing.open(sealed, table: "t", column: "c", row: UUID())
    },
    "derive": { key in _ = HKDF.derive(from: key, info: "use") },
    "authenticate": { key in _ = HMACSHA256.authenticate([1, 2, 3], key: key) },
    "a tenant's keys": { key in
      let keys = TenantKeys(key, generations: [1: key], tenant: UUID())
      let person = UUID()
      let wrapped = try keys.wrap(key, of: person, keys.reference(person))
      _ = try keys.unwrap(wrapped, of: person, keys.reference(person))
    },
  ]

  @Test(arguments: uses.keys.sorted())
  func `no copy of a key is left in memory when it is dropped`(use: String) throws {
    let body = try #require(Self.uses[use])
    // What is bound and allocated at a first use is no longer in the way.
    try body(.generate())
    let search = try MemorySearch(count: SymmetricKey.byteCount)
    func inUse() throws -> [String] {
      let key = SymmetricKey(
        secret: unsafe SecretBytes(count: SymmetricKey.byteCount) { buffer in
          unsafe search.withBytes { unsafe buffer.copyMemory(from: $0) }
        })
      try body(key)
      return try withExtendedLifetime(key) { try search.places() }
    }
    #expect(try !inUse().isEmpty, "the search is blind")
    let left = try search.places()
    #expect(left.isEmpty)
  }

  @Test func `a key says nothing of itself to logs, dumps and mirrors`() throws {
    let key = SymmetricKey.generate()
    let bytes = key.rawBytes
    let ed25519 = try Ed25519PrivateKey(rawBytes: bytes)
    let tenant = UUID()
    let values: [Any] = [
      key, key.secret, ed25519, SealingKey(tenant: tenant, key: key),
      TenantKeys(key, generations: [1: key], tenant: tenant),
      VaultCache.Keys.person(SealingKey(tenant: tenant, key: key)),
      MasterKeys(current: key, others: [key]), [key], ["k": key], Optional(key) as Any,
    ]
    let spellings = [
      Hex.encode(bytes), Hex.encode(bytes).uppercased(), Base64.encode(bytes),
      Base64URL.encode(bytes), bytes.map(String.init).joined(separator: ", "),
    ]
    for value in values {
      var dumped = ""
      dump(value, to: &dumped)
      let said = [
        String(describing: value), String(reflecting: value), dumped,
        "\(Logger.MetadataValue.string("\(value)"))",
      ]
      for text in said {
        #expect(!text.contains("0x"), "an address: \(text)")
        for spelling in spellings {
          #expect(!text.lowercased().contains(spelling.prefix(16).lowercased()), "\(text)")
        }
      }
    }
  }
}
