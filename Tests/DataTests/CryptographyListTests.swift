import FoundationEssentials
import Testing

@testable import Cryptography

@Suite struct CryptographyOneTimeCodeTests {
  /// RFC 6238 appendix B, the rows of SHA-1.
  @Test(arguments: [
    (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"),
    (1_234_567_890, "89005924"), (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
  ])
  func `codes are those of RFC 6238`(seconds: Int, code: String) {
    let secret = Array("12345678901234567890".utf8)
    let step = TOTP.step(at: Int64(seconds))
    #expect(TOTP.code(secret, step: step, digits: 8) == code)
    #expect(TOTP.code(secret, step: step) == code.suffix(6))
  }

  /// RFC 4226 appendix D.
  @Test func `codes of counters are those of RFC 4226`() {
    let secret = Array("12345678901234567890".utf8)
    #expect(
      (0..<10).map { TOTP.code(secret, step: $0) } == [
        "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
        "520489",
      ])
  }

  @Test func `a code counts one step before and after its own, and once`() {
    let secret = TOTP.newSecret()
    let now: Int64 = 1_790_000_010
    let step = TOTP.step(at: now)
    for distance in Int64(-1)...1 {
      let code = TOTP.code(secret, step: step + distance)
      #expect(TOTP.match(code, secret, at: now, after: nil) == step + distance)
      #expect(TOTP.match(code, secret, at: now, after: step + distance) == nil)
    }
    for distance in [Int64(-2), 2] {
      let code = TOTP.code(secret, step: step + distance)
      // Two of a million codes may be the same.
      let near = (Int64(-1)...1).map { TOTP.code(secret, step: step + $0) }
      if !near.contains(code) { #expect(TOTP.match(code, secret, at: now, after: nil) == nil) }
    }
    #expect(TOTP.match("", secret, at: now, after: nil) == nil)
    #expect(TOTP.match("１２３４５６", secret, at: now, after: nil) == nil)
  }

  /// RFC 4648 section 10, without padding.
  @Test(arguments: [
    ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"),
    ("fooba", "MZXW6YTB"), ("foobar", "MZXW6YTBOI"),
  ])
  func `base 32 is that of RFC 4648`(text: String, encoded: String) throws {
    #expect(Base32.encode(Array(text.utf8)) == encoded)
    #expect(try Base32.decode(encoded) == Array(text.utf8))
    #expect(try Base32.decode(encoded.lowercased()) == Array(text.utf8))
  }

  @Test(arguments: ["M", "MZX", "MZXW6Y", "MZ", "M1", "MY======", "M Y"])
  func `base 32 takes one spelling only`(text: String) {
    #expect(throws: CryptographyError.self) { try Base32.decode(text) }
  }
}

@Suite struct CryptographyBreachedPasswordsTests {
  private func list(_ passwords: [String], rate: Double = 0.001) throws -> BreachedPasswords {
    var builder = BreachedPasswordsBuilder(entries: passwords.count, falsePositiveRate: rate)
    for password in passwords { builder.insert(digest: Digest.sha1(Array(password.utf8))) }
    return try BreachedPasswords(builder.finish())
  }

  @Test func `all that was put in is found, and of the rest as few as stated`() throws {
    let passwords = (0..<20_000).map { "password \($0)" }
    for rate in [0.01, 0.001] {
      let list = try list(passwords, rate: rate)
      #expect(list.entries == 20_000)
      #expect(passwords.allSatisfy { list.contains($0) })
      #expect(abs(list.falsePositiveRate / rate - 1) < 0.1)
      // 100,000 of them: the standard deviation is 10 at one in a thousand.
      let found = (0..<100_000).count { list.contains("another \($0)") }
      #expect(abs(Double(found) / 100_000 - rate) < 6 * (rate / 100_000).squareRoot(), "\(found)")
    }
  }

  @Test func `an empty list holds nothing`() throws {
    let list = try list([])
    #expect(!list.contains("") && !list.contains("password"))
    #expect(list.falsePositiveRate == 0)
  }

  @Test func `a line is a password, a digest, or a digest with a count`() {
    let digest = Digest.sha1(Array("password".utf8))
    func line(_ text: String) -> [UInt8]? {
      BreachedPasswords.digest(ofLine: Array(text.utf8)[...])
    }
    #expect(line("password") == digest && line("password\r") == digest)
    #expect(line("5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8") == digest)
    #expect(line("5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8:9659365\r") == digest)
    #expect(line("5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8 ") != digest)
    #expect(line("") == nil && line("\r") == nil)
    #expect(BreachedPasswords.digest(ofLine: [0xff, 0x41]) == nil)
    #expect(line(String(repeating: "a", count: 4_097)) == nil)
  }

  @Test func `a file with one bit changed is refused, wherever it is`() throws {
    var builder = BreachedPasswordsBuilder(entries: 10, falsePositiveRate: 0.01)
    builder.insert(digest: Digest.sha1([1]))
    let file = builder.finish()
    _ = try BreachedPasswords(file)
    for position in file.indices {
      var changed = file
      changed[position] ^= 1
      #expect(throws: CryptographyError.self, "byte \(position)") { try BreachedPasswords(changed) }
    }
    for count in [0, 8, 63, 64, file.count - 1] {
      #expect(throws: CryptographyError.self) { try BreachedPasswords(file.prefix(count)) }
    }
  }
}
