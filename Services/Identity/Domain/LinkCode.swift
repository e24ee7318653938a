import Cryptography
import FoundationEssentials

/// The code in an invitation: the organisation, which only tells where to look, and 32 random
/// bytes. What is stored is its hash; whoever reads the database cannot make the code from it.
struct LinkCode: Equatable, Sendable {
  static let secretBytes = 32
  private static let tenantBytes = 16

  let tenant: UUID
  private let bytes: [UInt8]

  static func generate(tenant: UUID) -> LinkCode {
    LinkCode(tenant: tenant, secret: SecureRandom.bytes(secretBytes))
  }

  init(tenant: UUID, secret: [UInt8]) {
    precondition(secret.count == Self.secretBytes, "a code has \(Self.secretBytes) random bytes")
    self.tenant = tenant
    bytes = tenant.bytes + secret
  }

  /// Nil for whatever cannot be a code.
  init?(_ text: String) {
    // White space at the ends comes from copying out of a mail.
    let trimmed = text.filter { !$0.isWhitespace }
    guard trimmed.utf8.count <= 128, let bytes = try? Base64URL.decode(trimmed),
      bytes.count == Self.tenantBytes + Self.secretBytes
    else { return nil }
    self.bytes = bytes
    tenant = UUID(bytes: bytes.prefix(Self.tenantBytes))
  }

  var text: String { Base64URL.encode(bytes) }
  var hash: [UInt8] { Digest.sha256(bytes) }
}

extension UUID {
  /// The 16 bytes in network order.
  var bytes: [UInt8] {
    // Safe: the closure copies the 16 bytes.
    unsafe withUnsafeBytes(of: uuid) { unsafe Array($0) }
  }

  init(bytes: ArraySlice<UInt8>) {
    let b = Array(bytes)
    self.init(
      uuid: (
        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7],
        b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]
      ))
  }
}
