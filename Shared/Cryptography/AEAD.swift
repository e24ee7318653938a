internal import COpenSSL

/// AES-256-GCM (NIST SP 800-38D) with a random nonce.
///
/// A sealed value is `version ‖ nonce (12) ‖ ciphertext ‖ tag (16)`; the version byte is
/// authenticated together with the associated data. With random nonces one key may seal 2³²
/// values.
package enum AEAD {
  /// What sealing adds to the length, in bytes.
  package static let overhead = 1 + nonceBytes + tagBytes
  /// The longest plaintext, in bytes; OpenSSL counts in 32 bits.
  package static let maximumPlaintextBytes = 1 << 30

  static let version: UInt8 = 1
  static let nonceBytes = 12
  static let tagBytes = 16

  package static func seal(
    _ plaintext: [UInt8], associatedData: [UInt8], key: SymmetricKey
  ) throws(CryptographyError) -> [UInt8] {
    try unsafe plaintext.withUnsafeBufferPointer { (bytes) throws(CryptographyError) in
      try unsafe seal(UnsafeRawBufferPointer(bytes), associatedData: associatedData, key: key)
    }
  }

  /// Throws `notAuthentic` for another key, other associated data and altered bytes alike.
  package static func open(
    _ sealed: [UInt8], associatedData: [UInt8], key: SymmetricKey
  ) throws(CryptographyError) -> [UInt8] {
    guard sealed.count >= overhead else {
      throw .wrongLength(
        of: "sealed value", expected: overhead...overhead + maximumPlaintextBytes,
        found: sealed.count)
    }
    let count = sealed.count - overhead
    var plaintext = [UInt8](repeating: 0, count: count)
    try unsafe plaintext.withUnsafeMutableBufferPointer { (output) throws(CryptographyError) in
      let output = UnsafeMutableRawBufferPointer(output)
      try unsafe open(sealed, associatedData: associatedData, key: key, into: output)
    }
    return plaintext
  }

  /// The bytes are read during the call only.
  static func seal(
    _ plaintext: UnsafeRawBufferPointer, associatedData: [UInt8], key: SymmetricKey
  ) throws(CryptographyError) -> [UInt8] {
    let nonce = SecureRandom.bytes(nonceBytes)
    var sealed = [version] + nonce
    sealed += try unsafe GCM.encrypt(
      plaintext, associatedData: [version], associatedData, nonce: nonce, key: key)
    return sealed
  }

  /// `output` must be as long as the plaintext; it is overwritten with zeros on failure.
  static func open(
    _ sealed: [UInt8], associatedData: [UInt8], key: SymmetricKey,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CryptographyError) {
    guard sealed[0] == version else { throw .unknownVersion(sealed[0]) }
    try unsafe GCM.decrypt(
      sealed[(1 + nonceBytes)...], associatedData: [version], associatedData,
      nonce: Array(sealed[1..<(1 + nonceBytes)]), key: key, into: output)
  }
}
