import Cryptography
import Reactor

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
