internal import COpenSSL
import Synchronization

/// One message of AES-256-GCM as the standard has it, with a nonce of 12 bytes. The associated data
/// is what its parts are one after another.
enum GCM {
  /// Ciphertext ‖ tag.
  static func encrypt(
    _ plaintext: UnsafeRawBufferPointer, associatedData: [UInt8]..., nonce: [UInt8],
    key: SymmetricKey
  ) throws(CryptographyError) -> [UInt8] {
    guard plaintext.count <= AEAD.maximumPlaintextBytes else {
      throw .wrongLength(
        of: "plaintext", expected: 0...AEAD.maximumPlaintextBytes, found: plaintext.count)
    }
    let context = try key.ciphers.take(key)
    try context.start(nonce: nonce, encrypts: true)
    for part in associatedData { try context.authenticate(part) }
    let count = plaintext.count
    var output = [UInt8](repeating: 0, count: count + AEAD.tagBytes)
    try unsafe output.withUnsafeMutableBufferPointer { (output) throws(CryptographyError) in
      let output = UnsafeMutableRawBufferPointer(output)
      try unsafe context.update(plaintext, into: output)
      guard context.finish() else { throw OpenSSLQueue.drain("EVP_CipherFinal_ex") }
      try unsafe context.readTag(into: UnsafeMutableRawBufferPointer(rebasing: output[count...]))
    }
    key.ciphers.giveBack(context)
    return output
  }

  static func decrypt(
    _ sealed: ArraySlice<UInt8>, associatedData: [UInt8]..., nonce: [UInt8], key: SymmetricKey,
    into output: UnsafeMutableRawBufferPointer
  ) throws(CryptographyError) {
    precondition(
      sealed.count == output.count + AEAD.tagBytes, "output as long as the plaintext")
    guard sealed.count <= AEAD.maximumPlaintextBytes + AEAD.tagBytes else {
      throw .wrongLength(
        of: "sealed value", expected: AEAD.overhead...AEAD.overhead + AEAD.maximumPlaintextBytes,
        found: sealed.count)
    }
    let context = try key.ciphers.take(key)
    try context.start(nonce: nonce, encrypts: false)
    for part in associatedData { try context.authenticate(part) }
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
  func start(nonce: [UInt8], encrypts: Bool) throws(CryptographyError) {
    precondition(nonce.count == AEAD.nonceBytes, "a nonce of 12 bytes")
    OpenSSLQueue.clear()
    guard unsafe EVP_CipherInit_ex2(context, nil, nil, nonce, encrypts ? 1 : 0, nil) == 1 else {
      throw OpenSSLQueue.drain("EVP_CipherInit_ex2")
    }
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
