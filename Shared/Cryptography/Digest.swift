internal import COpenSSL

/// Hashes without a key (FIPS 180-4).
package enum Digest {
  package static let sha256Bytes = 32

  package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
    hash(bytes, Algorithms.sha256, count: sha256Bytes)
  }

  package static func sha256(_ text: String) -> [UInt8] {
    sha256([UInt8](text.utf8))
  }

  /// For formats that prescribe it (lists of breached passwords), never for protection.
  package static func sha1(_ bytes: [UInt8]) -> [UInt8] {
    hash(bytes, Algorithms.sha1, count: 20)
  }

  private static func hash(_ bytes: [UInt8], _ algorithm: FetchedDigest, count: Int) -> [UInt8] {
    OpenSSLQueue.clear()
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
      // Safe: `output` has room for the digest; `bytes` is read during the call only.
      let done = unsafe bytes.withUnsafeBytes { input in
        unsafe EVP_Digest(
          input.baseAddress, input.count, output.baseAddress, nil, algorithm.handle, nil)
      }
      guard done == 1 else { OpenSSLQueue.fail("EVP_Digest") }
      initialized = count
    }
  }
}

/// SHA-256 over data that arrives in pieces; one owner, used up by `finish`.
@safe package struct SHA256Stream: ~Copyable {
  // Invariant: a valid context from init to deinit, and nobody else's.
  private let context: OpaquePointer

  package init() {
    OpenSSLQueue.clear()
    guard let context = unsafe EVP_MD_CTX_new(),
      unsafe EVP_DigestInit_ex2(context, Algorithms.sha256.handle, nil) == 1
    else { OpenSSLQueue.fail("EVP_DigestInit_ex2") }
    unsafe self.context = context
  }

  package mutating func update(_ bytes: some Sequence<UInt8>) {
    let array = (bytes as? [UInt8]) ?? Array(bytes)
    unsafe array.withUnsafeBytes { unsafe update($0) }
  }

  /// The buffer is read during the call only.
  @unsafe package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
      OpenSSLQueue.fail("EVP_DigestUpdate")
    }
  }

  /// The digest of what came so far; the stream goes on.
  package func current() -> [UInt8] {
    guard let copy = unsafe EVP_MD_CTX_new() else { OpenSSLQueue.fail("EVP_MD_CTX_new") }
    defer { unsafe EVP_MD_CTX_free(copy) }
    guard unsafe EVP_MD_CTX_copy_ex(copy, context) == 1 else {
      OpenSSLQueue.fail("EVP_MD_CTX_copy_ex")
    }
    return unsafe Self.final(copy)
  }

  package consuming func finish() -> [UInt8] {
    unsafe Self.final(context)
  }

  deinit {
    unsafe EVP_MD_CTX_free(context)
  }

  private static func final(_ context: OpaquePointer) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: Digest.sha256Bytes) { output, initialized in
      guard unsafe EVP_DigestFinal_ex(context, output.baseAddress, nil) == 1 else {
        OpenSSLQueue.fail("EVP_DigestFinal_ex")
      }
      initialized = Digest.sha256Bytes
    }
  }
}
