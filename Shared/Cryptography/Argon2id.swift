internal import CArgon2
internal import COpenSSL

/// Password hashes with Argon2id version 19 (RFC 9106) as PHC strings:
/// `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<hash>`.
///
/// Takes tens of milliseconds and `memoryKiB` of memory: call it on a blocking pool.
package enum Argon2id {
  package struct Parameters: Sendable, Equatable {
    package var memoryKiB: UInt32
    package var passes: UInt32
    package var lanes: UInt32

    /// OWASP's minimum of 19 MiB with two passes.
    package static let standard = Parameters(memoryKiB: 19 * 1024, passes: 2, lanes: 1)
    /// What a stored string may ask for at most, so that a row cannot exhaust a process.
    package static let maximum = Parameters(memoryKiB: 1024 * 1024, passes: 16, lanes: 16)

    package init(memoryKiB: UInt32, passes: UInt32, lanes: UInt32) {
      self.memoryKiB = memoryKiB
      self.passes = passes
      self.lanes = lanes
    }

    /// RFC 9106 section 3.1: at least eight blocks of 1 KiB per lane.
    var isAcceptable: Bool {
      let most = Parameters.maximum
      return (1...most.passes).contains(passes) && (1...most.lanes).contains(lanes)
        && memoryKiB >= 8 * lanes && memoryKiB <= most.memoryKiB
    }
  }

  package static let saltBytes = 16
  package static let hashBytes = 32
  /// The longest password, in bytes of UTF-8.
  package static let maximumPasswordBytes = 4096

  /// `pepper` is mixed in and not stored: the same one is needed to verify.
  package static func hash(
    password: String, parameters: Parameters = .standard, pepper: SymmetricKey? = nil
  ) throws(CryptographyError) -> String {
    guard parameters.isAcceptable else { throw .malformed("Argon2 parameters out of bounds") }
    let salt = SecureRandom.bytes(saltBytes)
    let hash = try derive(
      password: [UInt8](password.utf8), salt: salt, secret: pepper?.rawBytes ?? [],
      parameters: parameters, count: hashBytes)
    return PHCString(parameters: parameters, salt: salt, hash: hash).encoded
  }

  /// Throws when `phc` is not a string that `hash` could have made.
  package static func verify(
    _ password: String, _ phc: String, pepper: SymmetricKey? = nil
  ) throws(CryptographyError) -> Bool {
    let stored = try PHCString(phc)
    guard password.utf8.count <= maximumPasswordBytes else { return false }
    let hash = try derive(
      password: [UInt8](password.utf8), salt: stored.salt, secret: pepper?.rawBytes ?? [],
      parameters: stored.parameters, count: stored.hash.count)
    return constantTimeEqual(hash, stored.hash)
  }

  /// True when `phc` was made with a lower cost or shorter parts, or cannot be read.
  package static func needsRehash(_ phc: String, parameters: Parameters = .standard) -> Bool {
    guard let stored = try? PHCString(phc) else { return true }
    return stored.parameters.memoryKiB < parameters.memoryKiB
      || stored.parameters.passes < parameters.passes
      || stored.parameters.lanes != parameters.lanes
      || stored.salt.count < saltBytes || stored.hash.count < hashBytes
  }

  /// The function of RFC 9106 section 3 with all its inputs.
  static func derive(
    password: [UInt8], salt: [UInt8], secret: [UInt8] = [], associatedData: [UInt8] = [],
    parameters: Parameters, count: Int
  ) throws(CryptographyError) -> [UInt8] {
    guard password.count <= maximumPasswordBytes else {
      throw .wrongLength(
        of: "password", expected: 0...maximumPasswordBytes, found: password.count)
    }
    var (password, salt) = (password, salt)
    var (secret, associatedData) = (secret, associatedData)
    var output = [UInt8](repeating: 0, count: count)
    // Safe: the context points into arrays that live until the innermost closure ends; without
    // the CLEAR flags Argon2 writes to `out` only.
    let code = unsafe password.withUnsafeMutableBufferPointer { password in
      unsafe salt.withUnsafeMutableBufferPointer { salt in
        unsafe secret.withUnsafeMutableBufferPointer { secret in
          unsafe associatedData.withUnsafeMutableBufferPointer { associated in
            unsafe output.withUnsafeMutableBufferPointer { output in
              var context = unsafe argon2_context(
                out: output.baseAddress, outlen: UInt32(output.count),
                pwd: password.baseAddress, pwdlen: UInt32(password.count),
                salt: salt.baseAddress, saltlen: UInt32(salt.count),
                secret: secret.baseAddress, secretlen: UInt32(secret.count),
                ad: associated.baseAddress, adlen: UInt32(associated.count),
                t_cost: parameters.passes, m_cost: parameters.memoryKiB,
                lanes: parameters.lanes, threads: parameters.lanes,
                version: UInt32(ARGON2_VERSION_13.rawValue),
                allocate_cbk: { unsafe Argon2Memory.allocate($0, $1) },
                free_cbk: { unsafe Argon2Memory.free($0, $1) }, flags: 0)
              return unsafe argon2_ctx(&context, Argon2_id)
            }
          }
        }
      }
    }
    unsafe password.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
    unsafe secret.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
    guard code == ARGON2_OK.rawValue else {
      throw .argon2(code: code, reason: unsafe String(cString: argon2_error_message(code)))
    }
    return output
  }
}

/// The parts of a PHC string.
struct PHCString: Equatable {
  var parameters: Argon2id.Parameters
  var salt: [UInt8]
  var hash: [UInt8]

  /// Lengths of salt and hash that are read, in bytes.
  static let saltRange = 8...64
  static let hashRange = 16...64

  init(parameters: Argon2id.Parameters, salt: [UInt8], hash: [UInt8]) {
    self.parameters = parameters
    self.salt = salt
    self.hash = hash
  }

  var encoded: String {
    let cost = "m=\(parameters.memoryKiB),t=\(parameters.passes),p=\(parameters.lanes)"
    return "$argon2id$v=19$\(cost)$\(Base64.encode(salt, padded: false))"
      + "$\(Base64.encode(hash, padded: false))"
  }

  init(_ text: String) throws(CryptographyError) {
    let fields = text.split(separator: "$", omittingEmptySubsequences: false)
    guard text.utf8.count <= 256, fields.count == 6, fields[0].isEmpty, fields[1] == "argon2id",
      fields[2] == "v=19"
    else { throw .malformed("not a PHC string of Argon2id version 19") }
    let costs = fields[3].split(separator: ",", omittingEmptySubsequences: false)
    guard costs.count == 3, let memory = Self.number(costs[0], "m="),
      let passes = Self.number(costs[1], "t="), let lanes = Self.number(costs[2], "p=")
    else { throw .malformed("the costs of a PHC string are m=, t=, p= in this order") }
    parameters = Argon2id.Parameters(memoryKiB: memory, passes: passes, lanes: lanes)
    guard parameters.isAcceptable else { throw .malformed("Argon2 parameters out of bounds") }
    salt = try Base64.decode(String(fields[4]), padded: false)
    hash = try Base64.decode(String(fields[5]), padded: false)
    guard Self.saltRange.contains(salt.count) else {
      throw .wrongLength(of: "salt", expected: Self.saltRange, found: salt.count)
    }
    guard Self.hashRange.contains(hash.count) else {
      throw .wrongLength(of: "password hash", expected: Self.hashRange, found: hash.count)
    }
  }

  private static func number(_ field: Substring, _ name: String) -> UInt32? {
    guard field.hasPrefix(name) else { return nil }
    let digits = field.dropFirst(name.count)
    guard digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
    return UInt32(digits)
  }
}
