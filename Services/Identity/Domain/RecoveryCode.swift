import Cryptography
import FoundationEssentials

/// A code for somebody without their app: 80 random bits, which nobody guesses, so that a plain
/// digest of it is enough to store (NIST SP 800-63B-4 section 3.1.2).
struct RecoveryCode: Equatable, Sendable {
  static let count = 10
  static let bytes = 10
  /// Characters that stand together, with a hyphen to the next ones.
  private static let group = 4

  private let secret: [UInt8]

  static func generate() -> RecoveryCode { RecoveryCode(secret: SecureRandom.bytes(bytes)) }

  init(secret: [UInt8]) {
    precondition(secret.count == Self.bytes, "a recovery code has \(Self.bytes) bytes")
    self.secret = secret
  }

  /// Reads what a person types: either case, with or without hyphens and spaces. Nil for whatever
  /// cannot be a code.
  init?(_ text: String) {
    guard text.utf8.count <= 64 else { return nil }
    let typed = text.filter { $0 != "-" && !$0.isWhitespace }
    guard let secret = try? Base32.decode(typed), secret.count == Self.bytes else { return nil }
    self.secret = secret
  }

  var text: String {
    let digits = Array(Base32.encode(secret))
    return stride(from: 0, to: digits.count, by: Self.group)
      .map { String(digits[$0..<min($0 + Self.group, digits.count)]) }.joined(separator: "-")
  }

  var hash: [UInt8] { Digest.sha256(secret) }
}
