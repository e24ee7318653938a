package import FoundationEssentials
import Glibc

/// Passwords known from breaches, as a Bloom filter over their SHA-1 digests: whether one is among
/// them is asked of one file, offline. One that is, always is; one that isn't seems to be at the
/// file's `falsePositiveRate`.
///
/// The file, numbers little-endian: `ikso-pwl`, version (4 bytes), probes (4), bits (8), entries
/// (8), SHA-256 over these 32 bytes and the filter (32), then the filter, eight bits a byte. It is
/// only read: replace it by renaming another one over it.
package struct BreachedPasswords: Sendable {
  static let magic = [UInt8]("ikso-pwl".utf8)
  static let version: UInt32 = 1
  static let checkedBytes = 32
  static let headerBytes = checkedBytes + Digest.sha256Bytes
  /// Probes of a filter that is read; one in a million needs twenty.
  static let probeRange = 1...32
  /// Bits of a filter that is read: 64 GiB.
  static let maximumBits: UInt64 = 1 << 39

  /// How many passwords the list had.
  package let entries: UInt64
  private let probes: Int
  private let bits: UInt64
  private let file: Data

  /// - Parameter file: may be mapped; it is read once in whole, for its checksum.
  /// - Throws: `CryptographyError.malformed` for anything that `BreachedPasswordsBuilder` would not
  ///   have made.
  package init(_ file: Data) throws(CryptographyError) {
    guard file.count > Self.headerBytes, file.prefix(8).elementsEqual(Self.magic) else {
      throw .malformed("it is no list of breached passwords as 'ikso passwords build' makes it")
    }
    guard Self.number(file, 8, UInt32.self) == Self.version else {
      throw .malformed("it is of another version: build it anew")
    }
    let probes = Self.number(file, 12, UInt32.self)
    let bits = Self.number(file, 16, UInt64.self)
    guard Self.probeRange.contains(Int(probes)), bits > 0, bits <= Self.maximumBits,
      bits.isMultiple(of: 8), file.count - Self.headerBytes == Int(bits / 8)
    else { throw .malformed("its length is not what its head says: copy or build it anew") }
    guard Self.checksum(file).elementsEqual(file[file.startIndex + 32..<file.startIndex + 64])
    else { throw .malformed("its checksum is wrong: copy or build it anew") }
    entries = Self.number(file, 24, UInt64.self)
    self.probes = Int(probes)
    self.bits = bits
    self.file = file
  }

  /// Whether the password, or another one that looks the same to the filter, was on the list.
  package func contains(_ password: String) -> Bool {
    contains(digest: Digest.sha1([UInt8](password.utf8)))
  }

  /// Of a SHA-1 digest.
  package func contains(digest: [UInt8]) -> Bool {
    BloomProbes(digest, count: probes, bits: bits).allSatisfy { bit in
      file[file.startIndex + Self.headerBytes + Int(bit >> 3)] & (1 << UInt8(bit & 7)) != 0
    }
  }

  /// How many of the passwords that are not on the list seem to be: (1 − e^(−kn/m))^k.
  package var falsePositiveRate: Double {
    let share = 1 - exp(-Double(probes) * Double(entries) / Double(bits))
    return pow(share, Double(probes))
  }

  /// The digest that a line of a list stands for: a password in UTF-8, or its SHA-1 digest in
  /// hexadecimal digits, with or without `:` and a count, as Have I Been Pwned publishes them.
  /// Nil for an empty line and for what cannot be a password.
  package static func digest(ofLine line: ArraySlice<UInt8>) -> [UInt8]? {
    let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
    let digits = line.prefix(digestDigits)
    if digits.count == digestDigits,
      line.count == digestDigits || line[line.startIndex + digestDigits] == UInt8(ascii: ":"),
      let digest = try? Hex.decode(String(decoding: digits, as: UTF8.self))
    {
      return digest
    }
    guard !line.isEmpty, line.count <= Argon2id.maximumPasswordBytes,
      String(validating: line, as: UTF8.self) != nil
    else { return nil }
    return Digest.sha1(Array(line))
  }

  private static let digestDigits = 40

  private static func number<Value: FixedWidthInteger>(
    _ file: Data, _ offset: Int, _ type: Value.Type
  ) -> Value {
    let start = file.startIndex + offset
    return file[start..<start + Value.bitWidth / 8].reversed().reduce(0) { $0 << 8 | Value($1) }
  }

  static func checksum(_ file: Data) -> [UInt8] {
    var stream = SHA256Stream()
    // Safe: the bytes are read during the closure only.
    unsafe file.withUnsafeBytes { bytes in
      unsafe stream.update(UnsafeRawBufferPointer(rebasing: bytes[..<checkedBytes]))
      unsafe stream.update(UnsafeRawBufferPointer(rebasing: bytes[headerBytes...]))
    }
    return stream.finish()
  }
}

/// Makes the file of `BreachedPasswords`, all of it in memory.
package struct BreachedPasswordsBuilder {
  package static let rateRange = 1e-6...0.1

  private let probes: Int
  private let bits: UInt64
  private var inserted: UInt64 = 0
  private var filter: [UInt8]

  /// - Parameters:
  ///   - entries: how many are going to be inserted; more raise the rate.
  ///   - rate: of false positives, within `rateRange`; each tenth of it costs 4.8 bits an entry.
  package init(entries: Int, falsePositiveRate rate: Double) {
    precondition(Self.rateRange.contains(rate), "a rate within \(Self.rateRange)")
    probes = Int((-log2(rate)).rounded())
    let wanted = -Double(max(1, entries)) * log(rate) / (log(2) * log(2))
    bits = (UInt64(wanted.rounded(.up)) + 7) / 8 * 8
    filter = [UInt8](repeating: 0, count: Int(bits / 8))
  }

  /// Of a SHA-1 digest.
  package mutating func insert(digest: [UInt8]) {
    for bit in BloomProbes(digest, count: probes, bits: bits) {
      filter[Int(bit >> 3)] |= 1 << UInt8(bit & 7)
    }
    inserted += 1
  }

  package consuming func finish() -> Data {
    var file = Data(capacity: BreachedPasswords.headerBytes + filter.count)
    func append(_ number: some FixedWidthInteger) {
      for shift in stride(from: 0, to: number.bitWidth, by: 8) {
        file.append(UInt8(truncatingIfNeeded: number >> shift))
      }
    }
    file.append(contentsOf: BreachedPasswords.magic)
    append(BreachedPasswords.version)
    append(UInt32(probes))
    append(bits)
    append(inserted)
    file.append(contentsOf: [UInt8](repeating: 0, count: Digest.sha256Bytes))
    file.append(contentsOf: filter)
    let checked = BreachedPasswords.checkedBytes
    file.replaceSubrange(
      checked..<checked + Digest.sha256Bytes, with: BreachedPasswords.checksum(file))
    return file
  }
}

/// The bits of one digest in a filter of so many. A digest is random already, so that two halves of
/// it make all positions (Kirsch and Mitzenmacher, "Less Hashing, Same Performance", 2006).
private struct BloomProbes: Sequence, IteratorProtocol {
  private var position: UInt64
  private let distance: UInt64
  private let bits: UInt64
  private var left: Int

  init(_ digest: [UInt8], count: Int, bits: UInt64) {
    precondition(digest.count == 20, "a SHA-1 digest")
    position = digest[0..<8].reduce(0) { $0 << 8 | UInt64($1) }
    distance = digest[8..<16].reduce(0) { $0 << 8 | UInt64($1) } | 1
    self.bits = bits
    left = count
  }

  mutating func next() -> UInt64? {
    guard left > 0 else { return nil }
    left -= 1
    defer { position &+= distance }
    return position.multipliedFullWidth(by: bits).high
  }
}
