package import FoundationEssentials
import Cryptography

/// The secret in an outsider's one-time link: base64url of the organisation's id and 32 random
/// bytes. The organisation in it only says where to look; the database keeps a hash of the whole.
package struct GuestCode: Sendable, Equatable {
  package static let randomBytes = 32
  package static let lifetime: Double = 30 * 86_400

  package let tenant: UUID
  package let text: String
  /// SHA-256 of the decoded code.
  package let hash: [UInt8]

  private static let byteCount = 16 + randomBytes

  package static func make(tenant: UUID) -> GuestCode {
    let u = tenant.uuid
    let head = [u.0, u.1, u.2, u.3, u.4, u.5, u.6, u.7]
    let tail = [u.8, u.9, u.10, u.11, u.12, u.13, u.14, u.15]
    return GuestCode(tenant: tenant, bytes: head + tail + SecureRandom.bytes(randomBytes))
  }

  /// A text that is no code at all is as unknown as one that leads nowhere.
  package init(_ text: String) throws(FeedbackError) {
    guard text.utf8.count <= 2 * GuestCode.byteCount, let b = try? Base64URL.decode(text),
      b.count == GuestCode.byteCount
    else { throw .linkUnknown }
    let tenant = UUID(
      uuid: (
        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7],
        b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]
      ))
    self.init(tenant: tenant, bytes: b)
  }

  private init(tenant: UUID, bytes: [UInt8]) {
    self.tenant = tenant
    text = Base64URL.encode(bytes)
    hash = Digest.sha256(bytes)
  }

  package static func expiry(from now: Date) -> Date { now.addingTimeInterval(lifetime) }
}
