import Cryptography
import Foundation
import Synchronization

/// The apps of the people of a house, by address.
final class Authenticators: Sendable {
  private struct App {
    let secret: [UInt8]
    var last: Int64
  }

  struct NoApp: Error { let email: String }

  private let apps = Mutex<[String: App]>([:])

  /// - Parameter secret: base 32.
  func add(_ secret: String, for email: String) throws {
    let bytes = try Base32.decode(secret)
    apps.withLock { $0[email] = App(secret: bytes, last: 0) }
  }

  /// A code that has not been given yet: now's, or one of the time to come.
  func code(of email: String, at time: Date) throws -> String {
    try apps.withLock { apps in
      guard var app = apps[email] else { throw NoApp(email: email) }
      app.last = max(TOTP.step(at: Int64(time.timeIntervalSince1970)), app.last + 1)
      apps[email] = app
      return TOTP.code(app.secret, step: app.last)
    }
  }
}
