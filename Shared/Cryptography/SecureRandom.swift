internal import COpenSSL

/// Bytes from OpenSSL's generator, which the kernel seeds.
package enum SecureRandom {
  /// Ends the process when the generator cannot deliver: no key may come from anything less.
  package static func bytes(_ count: Int) -> [UInt8] {
    precondition(count >= 0, "a count of bytes")
    guard count > 0 else { return [] }
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      unsafe fill(UnsafeMutableRawBufferPointer(buffer))
      initialized = count
    }
  }

  static func fill(_ buffer: UnsafeMutableRawBufferPointer) {
    OpenSSLQueue.clear()
    let count = Int32(buffer.count)
    guard let base = buffer.baseAddress,
      unsafe RAND_bytes(base.assumingMemoryBound(to: UInt8.self), count) == 1
    else { OpenSSLQueue.fail("RAND_bytes") }
  }
}

/// Compares in a time that depends on the lengths only.
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
  guard left.count == right.count else { return false }
  // Safe: both are read to their common length, during the call.
  return unsafe left.withUnsafeBytes { left in
    unsafe right.withUnsafeBytes { right in
      unsafe CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
    }
  }
}
