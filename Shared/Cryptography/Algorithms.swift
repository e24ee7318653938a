internal import COpenSSL

/// Algorithms looked up once: OpenSSL 3 otherwise takes a lock and a search on each use.
enum Algorithms {
  static let sha1 = FetchedDigest("SHA1")
  static let sha256 = FetchedDigest("SHA256")
  static let aes256GCM = FetchedCipher("AES-256-GCM")
  static let hmac = FetchedMAC("HMAC")
  static let hkdf = FetchedKDF("HKDF")
}

/// An `EVP_MD` held for the life of the process.
// Sendable: OpenSSL's fetched algorithms are reference counted and immutable.
@safe struct FetchedDigest: @unchecked Sendable {
  let name: String
  let handle: OpaquePointer

  init(_ name: String) {
    self.name = name
    guard let handle = unsafe EVP_MD_fetch(nil, name, nil) else {
      OpenSSLQueue.fail("EVP_MD_fetch \(name)")
    }
    unsafe self.handle = handle
  }
}

/// An `EVP_CIPHER` held for the life of the process.
// Sendable: as FetchedDigest.
@safe struct FetchedCipher: @unchecked Sendable {
  let handle: OpaquePointer

  init(_ name: String) {
    guard let handle = unsafe EVP_CIPHER_fetch(nil, name, nil) else {
      OpenSSLQueue.fail("EVP_CIPHER_fetch \(name)")
    }
    unsafe self.handle = handle
  }
}

/// An `EVP_MAC` held for the life of the process.
// Sendable: as FetchedDigest.
@safe struct FetchedMAC: @unchecked Sendable {
  let handle: OpaquePointer

  init(_ name: String) {
    guard let handle = unsafe EVP_MAC_fetch(nil, name, nil) else {
      OpenSSLQueue.fail("EVP_MAC_fetch \(name)")
    }
    unsafe self.handle = handle
  }
}

/// An `EVP_KDF` held for the life of the process.
// Sendable: as FetchedDigest.
@safe struct FetchedKDF: @unchecked Sendable {
  let handle: OpaquePointer

  init(_ name: String) {
    guard let handle = unsafe EVP_KDF_fetch(nil, name, nil) else {
      OpenSSLQueue.fail("EVP_KDF_fetch \(name)")
    }
    unsafe self.handle = handle
  }
}
