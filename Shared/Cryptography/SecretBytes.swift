internal import COpenSSL

/// Bytes that are overwritten when the last reference goes.
// Sendable: written in the initialiser, only read afterwards.
@safe final class SecretBytes: Redacted, @unchecked Sendable {
  private let buffer: UnsafeMutableRawBufferPointer

  /// `fill` must write all of the buffer.
  init<E: Error>(
    count: Int, _ fill: (UnsafeMutableRawBufferPointer) throws(E) -> Void
  ) throws(E) {
    unsafe buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
    try unsafe fill(buffer)
  }

  convenience init(_ bytes: [UInt8]) {
    unsafe self.init(count: bytes.count) { buffer in unsafe buffer.copyBytes(from: bytes) }
  }

  var count: Int { unsafe buffer.count }

  func withBytes<Result, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> Result
  ) throws(E) -> Result {
    try unsafe body(UnsafeRawBufferPointer(buffer))
  }

  deinit {
    unsafe OPENSSL_cleanse(buffer.baseAddress, buffer.count)
    unsafe buffer.deallocate()
  }

  /// In place: give it an array that nothing else refers to.
  static func overwrite(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { bytes in
      unsafe OPENSSL_cleanse(bytes.baseAddress, bytes.count)
    }
  }
}

/// A key of 32 bytes, for AES-256-GCM, HMAC-SHA256 and HKDF; overwritten when no longer used.
package struct SymmetricKey: Redacted, Sendable {
  package static let byteCount = 32
  let secret: SecretBytes
  /// Made with the key and gone with it.
  let ciphers = KeyCiphers()

  /// The caller's array isn't overwritten: drop it at once.
  package init(bytes: [UInt8]) throws(CryptographyError) {
    guard bytes.count == Self.byteCount else {
      throw .wrongLength(
        of: "symmetric key", expected: Self.byteCount...Self.byteCount, found: bytes.count)
    }
    secret = SecretBytes(bytes)
  }

  /// The key in `digits`, which are overwritten with zeros, whatever comes of it; white space at
  /// their ends is no part of it. Throws `wrongLength` or `malformed`.
  package init(hexadecimal digits: inout [UInt8]) throws(CryptographyError) {
    defer { SecretBytes.overwrite(&digits) }
    let space = Set(" \t\r\n".utf8)
    let first = digits.firstIndex { !space.contains($0) } ?? digits.endIndex
    let end = digits.lastIndex { !space.contains($0) }.map { $0 + 1 } ?? digits.endIndex
    guard end - first == 2 * Self.byteCount else {
      let expected = 2 * Self.byteCount
      throw .wrongLength(
        of: "key in hexadecimal digits", expected: expected...expected, found: end - first)
    }
    secret = try unsafe SecretBytes(count: Self.byteCount) { (bytes) throws(CryptographyError) in
      for index in 0..<Self.byteCount {
        let place = first + 2 * index
        guard let high = Hex.value(digits[place]), let low = Hex.value(digits[place + 1]) else {
          throw .malformed("hex: not a digit at \(place)")
        }
        unsafe bytes[index] = high << 4 | low
      }
    }
  }

  init(secret: SecretBytes) {
    precondition(secret.count == Self.byteCount, "a symmetric key has 32 bytes")
    self.secret = secret
  }

  package static func generate() -> SymmetricKey {
    SymmetricKey(
      secret: unsafe SecretBytes(count: byteCount) { buffer in unsafe SecureRandom.fill(buffer) })
  }

  /// A copy that is not overwritten: only to hand the key to something that seals it.
  package var rawBytes: [UInt8] {
    unsafe secret.withBytes { unsafe [UInt8]($0) }
  }

  /// This key sealed under another one, as `AEAD.seal` does it.
  package func wrapped(
    by key: SymmetricKey, associatedData: [UInt8]
  ) throws(CryptographyError) -> [UInt8] {
    try unsafe secret.withBytes { (bytes) throws(CryptographyError) in
      try unsafe AEAD.seal(bytes, associatedData: associatedData, key: key)
    }
  }

  /// The key that `wrapped` sealed; throws as `AEAD.open` does.
  package init(
    unwrapping sealed: [UInt8], by key: SymmetricKey, associatedData: [UInt8]
  ) throws(CryptographyError) {
    guard sealed.count == AEAD.overhead + Self.byteCount else {
      let expected = AEAD.overhead + Self.byteCount
      throw .wrongLength(of: "wrapped key", expected: expected...expected, found: sealed.count)
    }
    secret = try unsafe SecretBytes(count: Self.byteCount) { (buffer) throws(CryptographyError) in
      try unsafe AEAD.open(sealed, associatedData: associatedData, key: key, into: buffer)
    }
  }
}
