import Cryptography
import Foundation

/// The secret by which an archive is fetched once: base64url of the organisation's id and 32 random
/// bytes. The organisation in it only says where to look; the database keeps a digest of the whole.
struct DownloadCode: Sendable, Equatable {
  static let randomBytes = 32
  static let standardHours = 72
  static let longestHours = 168

  let tenant: UUID
  let text: String
  /// SHA-256 of the decoded code.
  let digest: [UInt8]

  private static let byteCount = 16 + randomBytes

  static func make(tenant: UUID) -> DownloadCode {
    let head = unsafe withUnsafeBytes(of: tenant.uuid) { unsafe Array($0) }
    return DownloadCode(tenant: tenant, bytes: head + SecureRandom.bytes(randomBytes))
  }

  /// A text that is no code at all is as unknown as one that leads nowhere.
  init(_ text: String) throws(RequestError) {
    guard text.utf8.count <= 2 * Self.byteCount, let b = try? Base64URL.decode(text),
      b.count == Self.byteCount
    else { throw .codeUnknown }
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
    digest = Digest.sha256(bytes)
  }

  /// 0 is the standard.
  static func expiry(hours: UInt32, from time: Date) throws(RequestError) -> Date {
    guard hours <= longestHours else { throw .hoursOutside(limit: longestHours) }
    return time.addingTimeInterval(3_600 * Double(hours == 0 ? UInt32(standardHours) : hours))
  }
}
