internal import COpenSSL

/// Ed25519 (RFC 8032), the pure variant.
package enum Ed25519 {
  package static let keyBytes = 32
  package static let signatureBytes = 64
}

package struct Ed25519PrivateKey: Redacted, Sendable {
  private let key: KeyHandle
  package let publicKey: Ed25519PublicKey

  /// The seed of 32 bytes of RFC 8032 section 5.1.5. The caller's array isn't overwritten.
  package init(rawBytes: [UInt8]) throws(CryptographyError) {
    key = try KeyHandle(rawBytes, isPrivate: true)
    publicKey = try Ed25519PublicKey(rawBytes: key.rawBytes(isPrivate: false))
  }

  package static func generate() throws(CryptographyError) -> Ed25519PrivateKey {
    try Ed25519PrivateKey(rawBytes: SecureRandom.bytes(Ed25519.keyBytes))
  }

  /// A copy that is not overwritten: only to hand the key to something that seals it.
  package func rawBytes() throws(CryptographyError) -> [UInt8] {
    try key.rawBytes(isPrivate: true)
  }

  package func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
    try key.sign(message)
  }
}

package struct Ed25519PublicKey: Sendable, Equatable {
  package let rawBytes: [UInt8]
  private let key: KeyHandle

  package init(rawBytes: [UInt8]) throws(CryptographyError) {
    key = try KeyHandle(rawBytes, isPrivate: false)
    self.rawBytes = rawBytes
  }

  /// False for any signature that doesn't fit, whatever the reason.
  package func verify(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    signature.count == Ed25519.signatureBytes && key.verify(signature, of: message)
  }

  package static func == (left: Ed25519PublicKey, right: Ed25519PublicKey) -> Bool {
    left.rawBytes == right.rawBytes
  }
}

/// Owner of one `EVP_PKEY`; OpenSSL overwrites a private key when it is freed.
// Sendable: the key isn't changed after init; OpenSSL guards its own caches with a lock.
@safe private final class KeyHandle: @unchecked Sendable {
  private let key: OpaquePointer

  init(_ rawBytes: [UInt8], isPrivate: Bool) throws(CryptographyError) {
    guard rawBytes.count == Ed25519.keyBytes else {
      throw .wrongLength(
        of: "Ed25519 key", expected: Ed25519.keyBytes...Ed25519.keyBytes, found: rawBytes.count)
    }
    OpenSSLQueue.clear()
    let key =
      isPrivate
      ? unsafe EVP_PKEY_new_raw_private_key_ex(nil, "ED25519", nil, rawBytes, rawBytes.count)
      : unsafe EVP_PKEY_new_raw_public_key_ex(nil, "ED25519", nil, rawBytes, rawBytes.count)
    guard let key = unsafe key else { throw OpenSSLQueue.drain("EVP_PKEY_new_raw_key_ex") }
    unsafe self.key = key
  }

  deinit {
    unsafe EVP_PKEY_free(key)
  }

  func rawBytes(isPrivate: Bool) throws(CryptographyError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Ed25519.keyBytes)
    var count = bytes.count
    let done =
      isPrivate
      ? unsafe EVP_PKEY_get_raw_private_key(key, &bytes, &count)
      : unsafe EVP_PKEY_get_raw_public_key(key, &bytes, &count)
    guard done == 1, count == bytes.count else {
      throw OpenSSLQueue.drain("EVP_PKEY_get_raw_key")
    }
    return bytes
  }

  func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
    OpenSSLQueue.clear()
    guard let context = unsafe EVP_MD_CTX_new() else { throw OpenSSLQueue.drain("EVP_MD_CTX_new") }
    defer { unsafe EVP_MD_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: Ed25519.signatureBytes)
    var count = signature.count
    guard unsafe EVP_DigestSignInit_ex(context, nil, nil, nil, nil, key, nil) == 1,
      unsafe EVP_DigestSign(context, &signature, &count, message, message.count) == 1,
      count == signature.count
    else { throw OpenSSLQueue.drain("EVP_DigestSign") }
    return signature
  }

  func verify(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    OpenSSLQueue.clear()
    guard let context = unsafe EVP_MD_CTX_new() else { OpenSSLQueue.fail("EVP_MD_CTX_new") }
    defer {
      unsafe EVP_MD_CTX_free(context)
      OpenSSLQueue.clear()
    }
    guard unsafe EVP_DigestVerifyInit_ex(context, nil, nil, nil, nil, key, nil) == 1 else {
      OpenSSLQueue.fail("EVP_DigestVerifyInit_ex")
    }
    let result = unsafe EVP_DigestVerify(
      context, signature, signature.count, message, message.count)
    return result == 1
  }
}
