internal import COpenSSL

/// A public key that somebody else signs with: Ed25519 (RFC 8032), or ECDSA on P-256 with SHA-256.
package struct SignatureKey: Sendable, Equatable {
  /// As JSON Web Signatures name them (RFC 8037 section 3.1, RFC 7518 section 3.4).
  package enum Algorithm: String, Sendable, CaseIterable {
    case edDSA = "EdDSA"
    case es256 = "ES256"
  }

  /// Longest SubjectPublicKeyInfo that is read, in bytes.
  package static let maximumBytes = 512
  /// Both algorithms': R and S of 32 bytes each.
  package static let signatureBytes = 64

  package let algorithm: Algorithm
  /// SubjectPublicKeyInfo in DER (RFC 5280 section 4.1.2.7).
  package let encoded: [UInt8]
  private let key: SignatureKeyHandle

  package init(encoded: [UInt8]) throws(CryptographyError) {
    guard (1...Self.maximumBytes).contains(encoded.count) else {
      throw .wrongLength(of: "public key", expected: 1...Self.maximumBytes, found: encoded.count)
    }
    key = try SignatureKeyHandle(encoded)
    guard let algorithm = key.algorithm else {
      throw .malformed("public key: neither Ed25519 nor P-256")
    }
    self.algorithm = algorithm
    self.encoded = encoded
  }

  /// A PEM file's text with one `PUBLIC KEY` (RFC 7468 section 13).
  package init(pem: String) throws(CryptographyError) {
    guard pem.utf8.count <= Self.maximumBytes * 4 else {
      throw .malformed("public key: longer than \(Self.maximumBytes * 4) bytes")
    }
    let lines = pem.split(whereSeparator: \.isNewline)
      .map { $0.trimmingWhitespace() }.filter { !$0.isEmpty }
    guard lines.count >= 3, lines.first == "-----BEGIN PUBLIC KEY-----",
      lines.last == "-----END PUBLIC KEY-----"
    else { throw .malformed("public key: not one PUBLIC KEY in PEM") }
    try self.init(encoded: Base64.decode(lines.dropFirst().dropLast().joined()))
  }

  /// False for any signature that doesn't fit, whatever the reason. `signature`: R and S, as a JSON
  /// Web Signature has them.
  package func verify(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    guard signature.count == Self.signatureBytes else { return false }
    switch algorithm {
    case .edDSA: return key.verify(signature, of: message, digest: nil)
    case .es256: return key.verify(Self.sequence(signature), of: message, digest: "SHA256")
    }
  }

  package static func == (left: SignatureKey, right: SignatureKey) -> Bool {
    left.encoded == right.encoded
  }

  /// ECDSA-Sig-Value of RFC 3279 section 2.2.3, in DER; always shorter than 128 bytes.
  private static func sequence(_ signature: [UInt8]) -> [UInt8] {
    func integer(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
      var digits = Array(bytes.drop { $0 == 0 })
      if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
      return [0x02, UInt8(digits.count)] + digits
    }
    let integers = integer(signature[..<32]) + integer(signature[32...])
    return [0x30, UInt8(integers.count)] + integers
  }
}

extension Substring {
  fileprivate func trimmingWhitespace() -> Substring {
    var text = drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}

/// Owner of one `EVP_PKEY` that is public.
// Sendable: the key isn't changed after init; OpenSSL guards its own caches with a lock.
@safe private final class SignatureKeyHandle: @unchecked Sendable {
  private let key: OpaquePointer

  /// The encoding must be the only one of the key, whole: it stands for the key in a table.
  init(_ encoded: [UInt8]) throws(CryptographyError) {
    OpenSSLQueue.clear()
    let key = unsafe encoded.withUnsafeBufferPointer { buffer in
      var position = buffer.baseAddress
      return unsafe d2i_PUBKEY(nil, &position, buffer.count)
    }
    guard let key = unsafe key else { throw OpenSSLQueue.drain("d2i_PUBKEY") }
    unsafe self.key = key
    guard unsafe Self.encode(key) == encoded else {
      throw .malformed("public key: not the one encoding of it")
    }
  }

  deinit { unsafe EVP_PKEY_free(key) }

  var algorithm: SignatureKey.Algorithm? {
    if unsafe EVP_PKEY_is_a(key, "ED25519") == 1 { return .edDSA }
    guard unsafe EVP_PKEY_is_a(key, "EC") == 1 else { return nil }
    var name = [CChar](repeating: 0, count: 64)
    var length = 0
    guard unsafe EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else { return nil }
    let text = String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text == "prime256v1" ? .es256 : nil
  }

  func verify(_ signature: [UInt8], of message: [UInt8], digest: String?) -> Bool {
    OpenSSLQueue.clear()
    guard let context = unsafe EVP_MD_CTX_new() else { OpenSSLQueue.fail("EVP_MD_CTX_new") }
    defer {
      unsafe EVP_MD_CTX_free(context)
      OpenSSLQueue.clear()
    }
    guard unsafe EVP_DigestVerifyInit_ex(context, nil, digest, nil, nil, key, nil) == 1 else {
      OpenSSLQueue.fail("EVP_DigestVerifyInit_ex")
    }
    let result = unsafe EVP_DigestVerify(
      context, signature, signature.count, message, message.count)
    return result == 1
  }

  private static func encode(_ key: OpaquePointer) -> [UInt8] {
    var start: UnsafeMutablePointer<UInt8>?
    let length = unsafe i2d_PUBKEY(key, &start)
    guard length > 0, let start = unsafe start else { return [] }
    defer { unsafe ikso_OPENSSL_free(start) }
    return unsafe Array(UnsafeBufferPointer(start: start, count: Int(length)))
  }
}
