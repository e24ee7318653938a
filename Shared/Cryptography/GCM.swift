internal import COpenSSL
import Synchronization

/// One message of AES-256-GCM as the standard has it, with a nonce of 12 bytes. The associated data
/// is `prefix`, if there is one, and what follows it.
enum GCM {
  /// Writes ciphertext ‖ tag: `output` is longer than the plaintext by the tag.
  static func encrypt(
    _ plaintext: UnsafeRawBufferPointer, prefix: UInt8? = nil, associatedData: [UInt8],
    nonce: UnsafeRawBufferPointer, key: SymmetricKey, into output: UnsafeMutableRawBufferPointer
  ) throws(CryptographyError) {
    let count = plaintext.count
    precondition(output.count == count + AEAD.tagBytes, "output longer by the tag")
    guard count <= AEAD.maximumPlaintextBytes else {
      throw .wrongLength(of: "plaintext", expected: 0...AEAD.maximumPlaintextBytes, found: count)
    }
    let context = try key.ciphers.take(key)
    try unsafe context.start(nonce: nonce, encrypts: true)
    try context.authenticate(prefix, associatedData)
    try unsafe context.update(plaintext, into: output)
    guard context.finish() else { throw OpenSSLQueue.drain("EVP_CipherFinal_ex") }
    try unsafe context.readTag(into: UnsafeMutableRawBufferPointer(rebasing: output[count...]))
    key.ciphers.giveBack(context)
  }

  /// Reads ciphertext ‖ tag. `output` is as long as the plaintext, and overwritten with zeros when
  /// the tag doesn't fit: unverified plaintext must not reach anyone.
  static func decrypt(
    _ sealed: UnsafeRawBufferPointer, prefix: UInt8? = nil, associatedData: [UInt8],
    nonce: UnsafeRawBufferPointer, key: SymmetricKey, into output: UnsafeMutableRawBufferPointer
  ) throws(CryptographyError) {
    let count = output.count
    precondition(sealed.count == count + AEAD.tagBytes, "output as long as the plaintext")
    guard count <= AEAD.maximumPlaintextBytes else {
      throw .wrongLength(
        of: "sealed value", expected: AEAD.overhead...AEAD.overhead + AEAD.maximumPlaintextBytes,
        found: sealed.count)
    }
    let context = try key.ciphers.take(key)
    try unsafe context.start(nonce: nonce, encrypts: false)
    try context.authenticate(prefix, associatedData)
    try unsafe context.expectTag(UnsafeRawBufferPointer(rebasing: sealed[count...]))
    try unsafe context.update(UnsafeRawBufferPointer(rebasing: sealed[..<count]), into: output)
    guard context.finish() else {
      unsafe OPENSSL_cleanse(output.baseAddress, count)
      OpenSSLQueue.clear()
      throw .notAuthentic
    }
    key.ciphers.giveBack(context)
  }
}

/// A key's ciphers that nobody uses at the moment. They live as long as the key and are overwritten
/// with it; making one and expanding the key costs more than sealing a short field.
final class KeyCiphers: Sendable {
  /// Most that wait; as many messages at a time are not worth more memory.
  private static let idleLimit = 2

  private let idle = Mutex<[CipherContext]>([])

  /// One that is the caller's alone until it is given back. After an error it is not.
  func take(_ key: SymmetricKey) throws(CryptographyError) -> CipherContext {
    if let known = idle.withLock({ $0.popLast() }) { return known }
    return try CipherContext(key)
  }

  func giveBack(_ context: CipherContext) {
    idle.withLock { if $0.count < Self.idleLimit { $0.append(context) } }
  }
}

/// Owner of one `EVP_CIPHER_CTX` with an expanded key, for one message at a time.
// Sendable: it is handed from one user to the next by a lock, and OpenSSL binds it to no thread.
@safe final class CipherContext: @unchecked Sendable {
  // Invariant: a valid context from init to deinit, which overwrites the key in it.
  private let context: OpaquePointer

  init(_ key: SymmetricKey) throws(CryptographyError) {
    OpenSSLQueue.clear()
    guard let context = unsafe EVP_CIPHER_CTX_new() else {
      throw OpenSSLQueue.drain("EVP_CIPHER_CTX_new")
    }
    unsafe self.context = context
    let done = unsafe key.secret.withBytes { key in
      unsafe EVP_CipherInit_ex2(
        context, Algorithms.aes256GCM.handle, key.bindMemory(to: UInt8.self).baseAddress, nil, 1,
        nil)
    }
    guard done == 1 else { throw OpenSSLQueue.drain("EVP_CipherInit_ex2") }
  }

  deinit {
    unsafe EVP_CIPHER_CTX_free(context)
  }

  /// Begins a message; whatever was before is forgotten.
  func start(nonce: UnsafeRawBufferPointer, encrypts: Bool) throws(CryptographyError) {
    precondition(nonce.count == AEAD.nonceBytes, "a nonce of 12 bytes")
    let done = unsafe EVP_CipherInit_ex2(
      context, nil, nil, nonce.bindMemory(to: UInt8.self).baseAddress, encrypts ? 1 : 0, nil)
    guard done == 1 else { throw OpenSSLQueue.drain("EVP_CipherInit_ex2") }
  }

  func authenticate(_ prefix: UInt8?, _ associatedData: [UInt8]) throws(CryptographyError) {
    var written: Int32 = 0
    if var prefix {
      guard unsafe EVP_CipherUpdate(context, nil, &written, &prefix, 1) == 1 else {
        throw OpenSSLQueue.drain("EVP_CipherUpdate")
      }
    }
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

  func expectTag(_ tag: UnsafeRawBufferPointer) throws(CryptographyError) {
    // OpenSSL only reads it; the parameter is not const as others of its kind are written to.
    let done = unsafe EVP_CIPHER_CTX_ctrl(
      context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count),
      UnsafeMutableRawPointer(mutating: tag.baseAddress))
    guard done == 1 else { throw OpenSSLQueue.drain("EVP_CTRL_AEAD_SET_TAG") }
  }
}
