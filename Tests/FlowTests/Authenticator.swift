import Cryptography
import Foundation
import Synchronization

/// An app that makes one-time codes (RFC 6238), each of which counts once.
final class Authenticator: Sendable {
  private let secret: [UInt8]
  private let last = Mutex<Int64>(0)

  /// - Parameter secret: base 32.
  init(secret: String) throws { self.secret = try Base32.decode(secret) }

  /// A code that has not been given yet: now's, or the one of the half minute to come, which counts
  /// as well. A third one within half a minute does not.
  func code() -> String {
    let now = TOTP.step(at: Int64(Date().timeIntervalSince1970))
    let step = last.withLock { last in
      last = max(now, last + 1)
      return last
    }
    return TOTP.code(secret, step: step)
  }
}
