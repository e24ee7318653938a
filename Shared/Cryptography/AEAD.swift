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
  private static let noncePlace = 1..<(1 + nonceBytes)

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
    return try unsafe array(sealed.count - overhead) { (output) throws(CryptographyError) in
      try unsafe open(sealed, associatedData: associatedData, key: key, into: output)
    }
  }

  /// The bytes are read during the call only.
  static func seal(
    _ plaintext: UnsafeRawBufferPointer, associatedData: [UInt8], key: SymmetricKey
  ) throws(CryptographyError) -> [UInt8] {
    try unsafe array(plaintext.count + overhead) { (sealed) throws(CryptographyError) in
      unsafe sealed[0] = version
      let nonce = unsafe UnsafeMutableRawBufferPointer(rebasing: sealed[noncePlace])
      unsafe SecureRandom.fill(nonce)
      try unsafe GCM.encrypt(
        plaintext, prefix: version, associatedData: associatedData,
        nonce: UnsafeRawBufferPointer(nonce), key: key,
        into: UnsafeMutableRawBufferPointer(rebasing: sealed[noncePlace.upperBound...]))
    }
  }

  /// `output` must be as long as the plaintext; it is overwritten with zeros on failure.
  static func open(
    _ sealed: [UInt8], associatedData: [UInt8], key: SymmetricKey,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CryptographyError) {
    guard sealed[0] == version else { throw .unknownVersion(sealed[0]) }
    // Safe: both parts lie within `sealed`, which is only read.
    try unsafe sealed.withUnsafeBufferPointer { (sealed) throws(CryptographyError) in
      let sealed = UnsafeRawBufferPointer(sealed)
      try unsafe GCM.decrypt(
        UnsafeRawBufferPointer(rebasing: sealed[noncePlace.upperBound...]), prefix: version,
        associatedData: associatedData,
        nonce: UnsafeRawBufferPointer(rebasing: sealed[noncePlace]), key: key, into: output)
    }
  }

  /// `fill` must write all of its bytes.
  private static func array(
    _ count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws(CryptographyError) -> Void
  ) throws(CryptographyError) -> [UInt8] {
    try [UInt8](capacity: count) { (bytes) throws(CryptographyError) in
      try unsafe bytes.withUnsafeMutableBufferPointer {
        (buffer, initialized) throws(CryptographyError) in
        let bytes = unsafe UnsafeMutableBufferPointer(rebasing: buffer[..<count])
        try unsafe fill(UnsafeMutableRawBufferPointer(bytes))
        initialized = count
      }
    }
  }
}
