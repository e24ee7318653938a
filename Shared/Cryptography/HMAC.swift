internal import COpenSSL

/// HMAC with SHA-256 (RFC 2104).
package enum HMACSHA256 {
  package static let byteCount = 32

  package static func authenticate(_ bytes: [UInt8], key: SymmetricKey) -> [UInt8] {
    unsafe key.secret.withBytes { key in
      unsafe MAC.compute(bytes, key: key, Algorithms.sha256, count: byteCount)
    }
  }

  /// For keys of another length than 32 bytes.
  package static func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    unsafe key.withUnsafeBytes { key in
      unsafe MAC.compute(bytes, key: key, Algorithms.sha256, count: byteCount)
    }
  }

  /// Compares in constant time.
  package static func isValid(_ code: [UInt8], for bytes: [UInt8], key: SymmetricKey) -> Bool {
    constantTimeEqual(code, authenticate(bytes, key: key))
  }
}

/// HMAC with SHA-1: only for one-time codes (RFC 4226, 6238), whose apps know nothing else.
package enum HMACSHA1 {
  package static func authenticate(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
    unsafe key.withUnsafeBytes { key in
      unsafe MAC.compute(bytes, key: key, Algorithms.sha1, count: 20)
    }
  }
}

private enum MAC {
  static func compute(
    _ bytes: [UInt8], key: UnsafeRawBufferPointer, _ digest: FetchedDigest, count: Int
  ) -> [UInt8] {
    OpenSSLQueue.clear()
    guard let context = unsafe EVP_MAC_CTX_new(Algorithms.hmac.handle) else {
      OpenSSLQueue.fail("EVP_MAC_CTX_new")
    }
    defer { unsafe EVP_MAC_CTX_free(context) }
    // An empty key may come without an address, which OpenSSL takes for "no key set".
    var none: UInt8 = 0
    let started = unsafe withUnsafePointer(to: &none) { none in
      unsafe ikso_HMAC_init(
        context, key.bindMemory(to: UInt8.self).baseAddress ?? none, key.count, digest.name)
    }
    guard started == 1, unsafe EVP_MAC_update(context, bytes, bytes.count) == 1 else {
      OpenSSLQueue.fail("EVP_MAC_init")
    }
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      var written = 0
      guard unsafe EVP_MAC_final(context, output.baseAddress, &written, count) == 1,
        written == count
      else { OpenSSLQueue.fail("EVP_MAC_final") }
      initialized = count
    }
  }
}
