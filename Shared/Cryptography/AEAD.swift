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
      plaintext, associatedData: [version] + associatedData, nonce: nonce, key: key)
    return sealed
  }

  /// `output` must be as long as the plaintext; it is overwritten with zeros on failure.
  static func open(
    _ sealed: [UInt8], associatedData: [UInt8], key: SymmetricKey,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CryptographyError) {
    guard sealed[0] == version else { throw .unknownVersion(sealed[0]) }
    try unsafe GCM.decrypt(
      sealed[(1 + nonceBytes)...], associatedData: [version] + associatedData,
      nonce: Array(sealed[1..<(1 + nonceBytes)]), key: key, into: output)
  }
}

/// One message of AES-256-GCM as the standard has it, with a nonce of 12 bytes.
enum GCM {
  /// Ciphertext ‖ tag.
  static func encrypt(
    _ plaintext: UnsafeRawBufferPointer, associatedData: [UInt8], nonce: [UInt8],
    key: SymmetricKey
  ) throws(CryptographyError) -> [UInt8] {
    guard plaintext.count <= AEAD.maximumPlaintextBytes else {
      throw .wrongLength(
        of: "plaintext", expected: 0...AEAD.maximumPlaintextBytes, found: plaintext.count)
    }
    let context = try CipherContext()
    try context.start(key: key, nonce: nonce, encrypts: true)
    try context.authenticate(associatedData)
    let count = plaintext.count
    var output = [UInt8](repeating: 0, count: count + AEAD.tagBytes)
    try unsafe output.withUnsafeMutableBufferPointer { (output) throws(CryptographyError) in
      let output = UnsafeMutableRawBufferPointer(output)
      try unsafe context.update(plaintext, into: output)
      guard context.finish() else { throw OpenSSLQueue.drain("EVP_CipherFinal_ex") }
      try unsafe context.readTag(into: UnsafeMutableRawBufferPointer(rebasing: output[count...]))
    }
    return output
  }

  static func decrypt(
    _ sealed: ArraySlice<UInt8>, associatedData: [UInt8], nonce: [UInt8], key: SymmetricKey,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CryptographyError) {
    precondition(
      sealed.count == output.count + AEAD.tagBytes, "output as long as the plaintext")
    guard sealed.count <= AEAD.maximumPlaintextBytes + AEAD.tagBytes else {
      throw .wrongLength(
        of: "sealed value", expected: AEAD.overhead...AEAD.overhead + AEAD.maximumPlaintextBytes,
        found: sealed.count)
    }
    let context = try CipherContext()
    try context.start(key: key, nonce: nonce, encrypts: false)
    try context.authenticate(associatedData)
    try context.expectTag(Array(sealed.suffix(AEAD.tagBytes)))
    try unsafe sealed.withUnsafeBufferPointer { (sealed) throws(CryptographyError) in
      let all = UnsafeRawBufferPointer(sealed)
      try unsafe context.update(
        UnsafeRawBufferPointer(rebasing: all.dropLast(AEAD.tagBytes)), into: output)
    }
    guard context.finish() else {
      // Unverified plaintext must not reach anyone.
      unsafe OPENSSL_cleanse(output.baseAddress, output.count)
      OpenSSLQueue.clear()
      throw .notAuthentic
    }
  }
}

/// Owner of one `EVP_CIPHER_CTX`, for one message.
@safe private struct CipherContext: ~Copyable {
  // Invariant: a valid context from init to deinit, and nobody else's.
  private let context: OpaquePointer

  init() throws(CryptographyError) {
    OpenSSLQueue.clear()
    guard let context = unsafe EVP_CIPHER_CTX_new() else {
      throw OpenSSLQueue.drain("EVP_CIPHER_CTX_new")
    }
    unsafe self.context = context
  }

  func start(key: SymmetricKey, nonce: [UInt8], encrypts: Bool) throws(CryptographyError) {
    precondition(nonce.count == AEAD.nonceBytes, "a nonce of 12 bytes")
    let done = unsafe key.secret.withBytes { key in
      unsafe EVP_CipherInit_ex2(
        context, Algorithms.aes256GCM.handle, key.bindMemory(to: UInt8.self).baseAddress, nonce,
        encrypts ? 1 : 0, nil)
    }
    guard done == 1 else { throw OpenSSLQueue.drain("EVP_CipherInit_ex2") }
  }

  deinit {
    unsafe EVP_CIPHER_CTX_free(context)
  }

  func authenticate(_ associatedData: [UInt8]) throws(CryptographyError) {
    var written: Int32 = 0
    guard !associatedData.isEmpty else { return }
    guard
      unsafe EVP_CipherUpdate(
        context, nil, &written, associatedData, Int32(associatedData.count)) == 1
    else { throw OpenSSLQueue.drain("EVP_CipherUpdate") }
  }

  /// `output` has room for as many bytes as `input` holds: GCM is a stream cipher.
  func update(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) throws(CryptographyError) {
    guard input.count > 0 else { return }
    var written: Int32 = 0
    let done = unsafe EVP_CipherUpdate(
      context, output.bindMemory(to: UInt8.self).baseAddress, &written,
      input.bindMemory(to: UInt8.self).baseAddress, Int32(input.count))
    guard done == 1, Int(written) == input.count else {
      throw OpenSSLQueue.drain("EVP_CipherUpdate")
    }
  }

  /// True when sealed, or when the expected tag fits.
  func finish() -> Bool {
    var nothing: UInt8 = 0
    var written: Int32 = 0
    return unsafe EVP_CipherFinal_ex(context, &nothing, &written) == 1
  }

  func readTag(into output: UnsafeMutableRawBufferPointer) throws(CryptographyError) {
    let done = unsafe EVP_CIPHER_CTX_ctrl(
      context, EVP_CTRL_AEAD_GET_TAG, Int32(output.count), output.baseAddress)
    guard done == 1 else { throw OpenSSLQueue.drain("EVP_CTRL_AEAD_GET_TAG") }
  }

  func expectTag(_ tag: [UInt8]) throws(CryptographyError) {
    var tag = tag
    let done = unsafe tag.withUnsafeMutableBytes { tag in
      unsafe EVP_CIPHER_CTX_ctrl(
        context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), tag.baseAddress)
    }
    guard done == 1 else { throw OpenSSLQueue.drain("EVP_CTRL_AEAD_SET_TAG") }
  }
}
