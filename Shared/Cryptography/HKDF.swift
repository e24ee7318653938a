internal import COpenSSL

/// HKDF with SHA-256 (RFC 5869).
package enum HKDF {
  /// 255 blocks of 32 bytes.
  package static let maximumBytes = 255 * 32

  /// `info` names the purpose: keys for different purposes are independent.
  package static func derive(
    from key: SymmetricKey, salt: [UInt8] = [], info: String
  ) -> SymmetricKey {
    SymmetricKey(
      secret: unsafe SecretBytes(count: SymmetricKey.byteCount) { output in
        unsafe key.secret.withBytes { key in
          unsafe derive(key, salt: salt, info: [UInt8](info.utf8), into: output)
        }
      })
  }

  /// `count` at most `maximumBytes`.
  package static func derive(
    from material: [UInt8], salt: [UInt8], info: [UInt8], count: Int
  ) -> [UInt8] {
    precondition((1...maximumBytes).contains(count), "HKDF yields 1 to 8160 bytes")
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      unsafe material.withUnsafeBytes { material in
        unsafe derive(
          material, salt: salt, info: info, into: UnsafeMutableRawBufferPointer(output))
      }
      initialized = count
    }
  }

  private static func derive(
    _ material: UnsafeRawBufferPointer, salt: [UInt8], info: [UInt8],
    into output: UnsafeMutableRawBufferPointer
  ) {
    OpenSSLQueue.clear()
    guard let context = unsafe EVP_KDF_CTX_new(Algorithms.hkdf.handle) else {
      OpenSSLQueue.fail("EVP_KDF_CTX_new")
    }
    defer { unsafe EVP_KDF_CTX_free(context) }
    var salt = salt
    var info = info
    var digest = Array("SHA256".utf8CString)
    // Safe: the parameters point into buffers that live until the innermost closure ends, and
    // OpenSSL only reads them.
    let done = unsafe salt.withUnsafeMutableBytes { salt in
      unsafe info.withUnsafeMutableBytes { info in
        unsafe digest.withUnsafeMutableBufferPointer { digest in
          let material = unsafe UnsafeMutableRawBufferPointer(mutating: material)
          var list = unsafe [
            OSSL_PARAM_construct_utf8_string("digest", digest.baseAddress, 0),
            OSSL_PARAM_construct_octet_string("key", material.baseAddress, material.count),
          ]
          if salt.count > 0 {
            unsafe list.append(
              OSSL_PARAM_construct_octet_string("salt", salt.baseAddress, salt.count))
          }
          if info.count > 0 {
            unsafe list.append(
              OSSL_PARAM_construct_octet_string("info", info.baseAddress, info.count))
          }
          unsafe list.append(OSSL_PARAM_construct_end())
          return unsafe EVP_KDF_derive(
            context, output.bindMemory(to: UInt8.self).baseAddress, output.count, list)
        }
      }
    }
    guard done == 1 else { OpenSSLQueue.fail("EVP_KDF_derive") }
  }
}
