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
    // Safe: the buffers outlive the call, which reads all but `output`.
    let done = unsafe salt.withUnsafeBytes { salt in
      unsafe info.withUnsafeBytes { info in
        unsafe ikso_HKDF_SHA256_derive(
          context, material.baseAddress, material.count, salt.baseAddress, salt.count,
          info.baseAddress, info.count, output.bindMemory(to: UInt8.self).baseAddress,
          output.count)
      }
    }
    guard done == 1 else { OpenSSLQueue.fail("EVP_KDF_derive") }
  }
}
