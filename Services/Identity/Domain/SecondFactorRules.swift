import Cryptography
import FoundationEssentials

/// Rules of the second factor and of a sign-in that waits for one.
enum SecondFactorRules {
  /// Right after one another; with each further wrong code the next one waits twice as long.
  static let freeFailures = 5
  /// Whoever guesses has the password already: 24 codes a day, of a million.
  static let longestDelay: TimeInterval = 3_600

  /// When the next code may be tried, after so many wrong ones.
  static func next(after failures: Int, at time: Date) -> Date {
    guard failures >= freeFailures else { return time }
    let doublings = min(failures - freeFailures, 20)
    return time + min(longestDelay, TimeInterval(1 << doublings))
  }

  /// Nil for what cannot be a code; people put a space in the middle.
  static func digits(_ text: String) -> String? {
    guard text.utf8.count <= 32 else { return nil }
    let typed = text.filter { !$0.isWhitespace }
    return typed.utf8.count == TOTP.digits && typed.utf8.allSatisfy { (48...57).contains($0) }
      ? typed : nil
  }

  /// What an app reads from a QR code (Key Uri Format of Google Authenticator); the defaults are
  /// spelled out for apps that have others.
  static func uri(secret: String, organisation: String, email: String) -> String {
    func escaped(_ text: String) -> String {
      text.utf8.map { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
          UInt8(ascii: "_"), UInt8(ascii: "~"):
          String(decoding: [byte], as: UTF8.self)
        default: "%" + Hex.encode([byte]).uppercased()
        }
      }.joined()
    }
    let issuer = escaped("IKSO \(organisation)")
    return "otpauth://totp/\(issuer):\(escaped(email))?secret=\(secret)&issuer=\(issuer)"
      + "&algorithm=SHA1&digits=\(TOTP.digits)&period=\(TOTP.stepSeconds)"
  }
}

/// A sign-in whose password was right, by its rules.
enum SignInRules {
  /// Seconds for what has to follow the password, a statement that wants reading included.
  static let lifetime: TimeInterval = 600
  /// Second factors that are tried with one challenge.
  static let attempts = 5
  /// Of one person at a time; the oldest goes.
  static let open = 4
}
