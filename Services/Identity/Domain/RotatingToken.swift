import Cryptography
import FoundationEssentials

/// What a session goes on with, or a device is remembered by: the organisation, which only tells
/// where to look, 16 random bytes that stay its own, and 32 that are drawn anew each time. Hashes
/// of both are stored: whoever has the first and not the second once held a token of it, so that
/// any earlier one is known without being kept, and a stranger can end nobody's.
struct RotatingToken: Equatable, Sendable {
  private static let tenantBytes = 16
  private static let familyBytes = 16
  private static let secretBytes = 32
  /// Of the text, in base64url.
  static let characters = 86

  let tenant: UUID
  private let bytes: [UInt8]

  /// The first of a session or a device.
  init(tenant: UUID) {
    self.init(tenant: tenant, family: SecureRandom.bytes(Self.familyBytes))
  }

  private init(tenant: UUID, family: [UInt8]) {
    self.tenant = tenant
    bytes = tenant.bytes + family + SecureRandom.bytes(Self.secretBytes)
  }

  /// Nil for whatever cannot be one.
  init?(_ text: String) {
    guard text.utf8.count == Self.characters, let bytes = try? Base64URL.decode(text),
      bytes.count == Self.tenantBytes + Self.familyBytes + Self.secretBytes
    else { return nil }
    self.bytes = bytes
    tenant = UUID(bytes: bytes.prefix(Self.tenantBytes))
  }

  /// The one to take its place.
  var successor: RotatingToken { RotatingToken(tenant: tenant, family: Array(family)) }

  var text: String { Base64URL.encode(bytes) }
  var hash: [UInt8] { Digest.sha256(bytes) }
  var familyHash: [UInt8] { Digest.sha256(Array(bytes.prefix(Self.tenantBytes)) + family) }

  private var family: ArraySlice<UInt8> {
    bytes.dropFirst(Self.tenantBytes).prefix(Self.familyBytes)
  }
}
