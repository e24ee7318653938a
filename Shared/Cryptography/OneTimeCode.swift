/// Time-based one-time codes (RFC 6238) as every authenticator app makes them: HMAC with SHA-1, 30
/// seconds a step, six digits.
package enum TOTP {
  package static let secretBytes = 20
  package static let stepSeconds: Int64 = 30
  package static let digits = 6
  /// How many steps the clock of the app may be behind or ahead (RFC 6238 section 5.2).
  package static let tolerance: Int64 = 1

  package static func newSecret() -> [UInt8] { SecureRandom.bytes(secretBytes) }

  /// The step that a moment is in; seconds since 1970.
  package static func step(at seconds: Int64) -> Int64 { seconds / stepSeconds }

  /// The code of a step (RFC 4226 section 5.3); the vectors of RFC 6238 have eight digits.
  package static func code(
    _ secret: [UInt8], step: Int64, digits: Int = TOTP.digits
  ) -> String {
    precondition((1...8).contains(digits) && step >= 0, "one to eight digits of a step since 1970")
    let counter = (0..<8).map { UInt8(truncatingIfNeeded: step >> (56 - 8 * Int64($0))) }
    let mac = HMACSHA1.authenticate(counter, key: secret)
    let offset = Int(mac[mac.count - 1] & 15)
    let number = mac[offset..<offset + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7fff_ffff
    let modulus = (0..<digits).reduce(UInt32(1)) { product, _ in product * 10 }
    let text = String(number % modulus)
    return String(repeating: "0", count: digits - text.count) + text
  }

  /// The step that `code` belongs to, if it is near `seconds` and later than `used`, the last one
  /// whose code was taken. Each candidate is compared in constant time.
  package static func match(
    _ code: String, _ secret: [UInt8], at seconds: Int64, after used: Int64?
  ) -> Int64? {
    let given = [UInt8](code.utf8)
    guard given.count == digits else { return nil }
    let now = step(at: seconds)
    var matched: Int64?
    for step in max(0, now - tolerance)...max(0, now) + tolerance {
      let expected = [UInt8](self.code(secret, step: step).utf8)
      if constantTimeEqual(given, expected), step > used ?? -1 { matched = step }
    }
    return matched
  }
}
