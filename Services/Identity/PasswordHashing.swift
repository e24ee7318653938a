import Cryptography
import Foundation
import Hosting
import Launch
import Reactor

extension BlockingPool {
  /// For Argon2id alone: threads for half of the cores, behind the reactors and the database, so
  /// that a storm of sign-ins slows sign-ins and nothing else; what the queue doesn't hold is
  /// refused at once.
  /// - Throws: `LaunchError` for a setting out of bounds.
  static func forPasswords(
    _ configuration: ServiceConfiguration
  ) throws(LaunchError) -> BlockingPool {
    BlockingPool(
      threads: try configuration.int(
        "passwords.threads", default: max(1, ProcessInfo.processInfo.activeProcessorCount / 2),
        in: 1...64),
      queueLimit: try configuration.int("passwords.queueLimit", default: 64, in: 1...10_000),
      inBackground: try configuration.bool("passwords.inBackground", default: true))
  }
}

extension BreachedPasswords {
  /// The file of `passwords.breachedList`, or a short list for development that comes with the
  /// service.
  /// - Throws: `LaunchError` for a file that cannot be read or is damaged.
  static func configured(
    _ configuration: ServiceConfiguration
  ) throws(LaunchError) -> BreachedPasswords {
    guard let path = configuration.optionalString("passwords.breachedList") else {
      return try read(forDevelopment)
    }
    return try read(URL(filePath: path))
  }

  static let forDevelopment = Bundle.module.bundleURL.appending(path: "Passwords/common.filter")

  static func read(_ file: URL) throws(LaunchError) -> BreachedPasswords {
    do {
      return try BreachedPasswords(Data(contentsOf: file, options: .alwaysMapped))
    } catch {
      let reason = (error as? CryptographyError).map { "\($0)" } ?? error.localizedDescription
      throw LaunchError(
        "the list of breached passwords \(file.path) cannot be used: \(reason)",
        remedy: "make one with 'ikso passwords build', and name it in passwords.breachedList")
    }
  }
}

/// Argon2id off the reactor, with a bound on how many wait for it.
struct PasswordHashing: Sendable {
  private let blocking: BlockingPool
  private let parameters: Argon2id.Parameters
  /// Of no password: verified where there is no account, so that the answer takes as long.
  private let decoy: String

  /// - Throws: `CryptographyError` for parameters out of bounds.
  init(
    blocking: BlockingPool, parameters: Argon2id.Parameters = .standard
  ) throws(CryptographyError) {
    self.blocking = blocking
    self.parameters = parameters
    decoy = try Argon2id.hash(
      password: Base64URL.encode(SecureRandom.bytes(32)), parameters: parameters)
  }

  /// While there is no room for more, a sign-in is refused before anything is looked up for it.
  func requireRoom() throws(IdentityError) {
    if blocking.isFull { throw .busy }
  }

  /// The PHC string to store.
  func hash(_ password: Password) async throws -> String {
    let parameters = parameters
    return try await run { try Argon2id.hash(password: password.text, parameters: parameters) }
  }

  /// False without a stored hash, after the same work.
  func verify(_ password: Password, against stored: String?) async throws -> Bool {
    let hash = stored ?? decoy
    let matches = try await run { try Argon2id.verify(password.text, hash) }
    return matches && stored != nil
  }

  /// Whether the cost was raised since the hash was made.
  func isOutdated(_ stored: String) -> Bool {
    Argon2id.needsRehash(stored, parameters: parameters)
  }

  private func run<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    do {
      return try await blocking.run(body)
    } catch BlockingPoolError.full {
      throw IdentityError.busy
    }
  }
}
