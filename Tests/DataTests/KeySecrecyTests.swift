import Foundation
import Glibc
import Logging
import Synchronization
import Testing

@testable import Cryptography
@testable import Storage

/// Where the bytes of a key are, and where not.
@Suite(.serialized, .timeLimit(.minutes(3))) struct KeySecrecyTests {
  /// The bytes of a key, kept so that a search of the memory does not find this copy.
  private struct Masked {
    private let bytes: [UInt8]

    init(_ key: SymmetricKey) {
      bytes = unsafe key.secret.withBytes { bytes in unsafe bytes.map { $0 ^ 0xA5 } }
    }

    /// Memory that other tests give back while it is read can hide a place: then it is read again.
    func isThere() throws -> Bool {
      for _ in 0..<10 where try copies() > 0 { return true }
      return false
    }

    /// How often the bytes stand in the writable memory of this process.
    func copies() throws -> Int {
      let search = MemorySearch(masked: bytes)
      let maps = try String(contentsOfFile: "/proc/self/maps", encoding: .utf8)
      var found = 0
      for line in maps.split(separator: "\n") where line.contains(" rw") {
        let range = line.prefix { $0 != " " }.split(separator: "-")
        guard let first = UInt(range[0], radix: 16), let end = UInt(range[1], radix: 16) else {
          continue
        }
        found += search.count(from: first, to: end)
      }
      return found
    }
  }

  /// Reads the memory of this process through a buffer that is left out of the search.
  @safe private final class MemorySearch {
    private static let size = 1 << 20
    private static let page: UInt = 4096
    private let needleBytes: Int
    private let memory = unsafe open("/proc/self/mem", O_RDONLY | O_CLOEXEC)
    /// The needle, then what is read.
    private let buffer: UnsafeMutableRawBufferPointer

    init(masked: [UInt8]) {
      needleBytes = masked.count
      unsafe buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: needleBytes + Self.size, alignment: 16)
      for (index, byte) in masked.enumerated() { unsafe buffer[index] = byte ^ 0xA5 }
    }

    deinit {
      unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
      unsafe buffer.deallocate()
      close(memory)
    }

    func count(from first: UInt, to end: UInt) -> Int {
      var (found, place) = (0, first)
      while place < end {
        let wanted = min(UInt(Self.size), end - place)
        let target = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[needleBytes...])
        let count = unsafe pread(memory, target.baseAddress, Int(wanted), off_t(place))
        // Another thread may have given memory back meanwhile.
        guard count >= needleBytes else {
          place += Self.page
          continue
        }
        found += hits(in: count, read: place)
        // A key across the border of two pieces is seen in the next one.
        place += UInt(count - needleBytes + 1)
        if place + UInt(needleBytes) > end { break }
      }
      return found
    }

    private func hits(in count: Int, read place: UInt) -> Int {
      guard let base = unsafe buffer.baseAddress else { return 0 }
      let own = unsafe UInt(bitPattern: base)..<(UInt(bitPattern: base) + UInt(buffer.count))
      let end = needleBytes + count
      var (found, next) = (0, needleBytes)
      while end - next >= needleBytes,
        let hit = unsafe memchr(base + next, Int32(buffer[0]), end - next - needleBytes + 1)
      {
        let offset = unsafe UnsafeRawPointer(hit) - UnsafeRawPointer(base)
        if unsafe memcmp(base, hit, needleBytes) == 0,
          !own.contains(place + UInt(offset - needleBytes))
        {
          found += 1
        }
        next = offset + 1
      }
      return found
    }
  }

  @Test func `a key that leaves the cache is nowhere in memory any more`() async throws {
    let clock = Mutex(ContinuousClock.now)
    let cache = VaultCache(limit: 2) { clock.withLock { $0 } }
    let tenant = UUID()
    func put() -> Masked {
      let key = SymmetricKey.generate()
      let masked = Masked(key)
      cache.put(
        .person(SealingKey(tenant: tenant, key: key)),
        at: VaultCache.Place(tenant: tenant, person: UUID()), cache.ticket())
      return masked
    }
    let first = put()
    #expect(try first.isThere(), "the search does not see a key that is there")
    let (second, third) = (put(), put())
    #expect(try first.copies() == 0, "pushed out by the bound")
    #expect(try second.isThere())
    #expect(try third.isThere())
    clock.withLock { $0 += VaultCache.lifetime }
    cache.sweep()
    #expect(cache.count == 0)
    #expect(try second.copies() == 0, "expired")
    let last = put()
    #expect(try last.isThere())
    cache.drop(VaultCache.Place(tenant: tenant))
    #expect(try last.copies() == 0, "destroyed")
  }

  enum Use: String, CaseIterable, Sendable {
    case wrapping, unwrapping, sealing, deriving, authenticating
  }

  @Test(arguments: Use.allCases)
  func `using a key leaves no copy of it behind`(use: Use) throws {
    func masked() throws -> Masked {
      let (other, key) = (SymmetricKey.generate(), SymmetricKey.generate())
      switch use {
      case .wrapping: _ = try key.wrapped(by: other, associatedData: [1])
      case .unwrapping:
        let wrapped = try key.wrapped(by: other, associatedData: [1])
        _ = try SymmetricKey(unwrapping: wrapped, by: other, associatedData: [1])
      case .sealing:
        let sealed = try AEAD.seal([1, 2, 3], associatedData: [], key: key)
        #expect(try AEAD.open(sealed, associatedData: [], key: key) == [1, 2, 3])
      case .deriving: _ = HKDF.derive(from: key, info: "x")
      case .authenticating: _ = HMACSHA256.authenticate([1], key: key)
      }
      return Masked(key)
    }
    let key = try masked()
    let copies = try key.copies()
    #expect(copies == 0, "\(use): \(copies)")
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
