import Testing

@testable import Cryptography

private func hex(_ text: String) throws -> [UInt8] {
  try Hex.decode(text.filter { !$0.isWhitespace })
}

@Suite struct CryptographySealTests {
  /// Test cases 13 to 16 of the GCM submission to NIST (AES-256).
  struct Vector: Sendable {
    var key: String
    var nonce: String
    var associated = ""
    var plaintext = ""
    var sealed: String
  }

  static let long = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"
  static let text = """
    d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e24\
    49a6b525b16aedf5aa0de657ba637b39
    """
  static let vectors = [
    Vector(
      key: String(repeating: "00", count: 32), nonce: String(repeating: "00", count: 12),
      sealed: "530f8afbc74536b9a963b4f1c4cb738b"),
    Vector(
      key: String(repeating: "00", count: 32), nonce: String(repeating: "00", count: 12),
      plaintext: String(repeating: "00", count: 16),
      sealed: "cea7403d4d606b6e074ec5d3baf39d18 d0d1c8a799996bf0265b98b5d48ab919"),
    Vector(
      key: long, nonce: "cafebabefacedbaddecaf888", plaintext: text + "1aafd255",
      sealed: """
        522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
        8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad
        b094dac5d93471bdec1a502270e3cc6c
        """),
    Vector(
      key: long, nonce: "cafebabefacedbaddecaf888",
      associated: "feedfacedeadbeeffeedfacedeadbeefabaddad2", plaintext: text,
      sealed: """
        522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
        8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662
        76fc6ece0f4e1768cddf8853bb2d551b
        """),
  ]

  @Test func `a key seals and opens at many places at a time, forgeries between`() async throws {
    let key = SymmetricKey.generate()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for place in UInt8(0)..<16 {
        group.addTask {
          for count in 0..<200 {
            let plaintext = [UInt8](repeating: place, count: count)
            var sealed = try AEAD.seal(plaintext, associatedData: [place], key: key)
            #expect(try AEAD.open(sealed, associatedData: [place], key: key) == plaintext)
            sealed[sealed.count - 1] ^= 1
            #expect(throws: CryptographyError.notAuthentic) {
              try AEAD.open(sealed, associatedData: [place], key: key)
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test(arguments: vectors)
  func `AES-256-GCM gives what its authors published`(vector: Vector) throws {
    let key = try SymmetricKey(bytes: hex(vector.key))
    let plaintext = try hex(vector.plaintext)
    let (nonce, associated) = (try hex(vector.nonce), try hex(vector.associated))
    var sealed = [UInt8](repeating: 0, count: plaintext.count + AEAD.tagBytes)
    try unsafe plaintext.withUnsafeBytes { plaintext in
      try unsafe nonce.withUnsafeBytes { nonce in
        try unsafe sealed.withUnsafeMutableBytes { sealed in
          try unsafe GCM.encrypt(
            plaintext, associatedData: associated, nonce: nonce, key: key, into: sealed)
        }
      }
    }
    #expect(try sealed == hex(vector.sealed))
    var opened = [UInt8](repeating: 0, count: plaintext.count)
    try unsafe sealed.withUnsafeBytes { sealed in
      try unsafe nonce.withUnsafeBytes { nonce in
        try unsafe opened.withUnsafeMutableBytes { opened in
          try unsafe GCM.decrypt(
            sealed, associatedData: associated, nonce: nonce, key: key, into: opened)
        }
      }
    }
    #expect(opened == plaintext)
  }

  @Test(arguments: [0, 1, 16, 100_000])
  func `what was sealed opens again`(count: Int) throws {
    let key = SymmetricKey.generate()
    let plaintext = SecureRandom.bytes(count)
    let sealed = try AEAD.seal(plaintext, associatedData: [1], key: key)
    #expect(sealed.count == count + AEAD.overhead)
    #expect(sealed[0] == 1)
    #expect(try AEAD.open(sealed, associatedData: [1], key: key) == plaintext)
  }

  @Test func `sealing twice gives different values`() throws {
    let key = SymmetricKey.generate()
    let first = try AEAD.seal([1, 2], associatedData: [], key: key)
    #expect(try AEAD.seal([1, 2], associatedData: [], key: key) != first)
  }

  @Test func `a change of any single bit is refused`() throws {
    let key = SymmetricKey.generate()
    let sealed = try AEAD.seal([1, 2, 3], associatedData: [9], key: key)
    for bit in 0..<sealed.count * 8 {
      var altered = sealed
      altered[bit / 8] ^= 1 << UInt8(bit % 8)
      let expected: CryptographyError =
        bit < 8 ? .unknownVersion(altered[0]) : .notAuthentic
      #expect(throws: expected) { try AEAD.open(altered, associatedData: [9], key: key) }
    }
  }

  @Test func `other associated data, another key and a cut value are refused`() throws {
    let key = SymmetricKey.generate()
    let sealed = try AEAD.seal([1, 2, 3], associatedData: [9], key: key)
    #expect(throws: CryptographyError.notAuthentic) {
      try AEAD.open(sealed, associatedData: [8], key: key)
    }
    #expect(throws: CryptographyError.notAuthentic) {
      try AEAD.open(sealed, associatedData: [], key: key)
    }
    #expect(throws: CryptographyError.notAuthentic) {
      try AEAD.open(sealed, associatedData: [9], key: .generate())
    }
    #expect(throws: CryptographyError.notAuthentic) {
      try AEAD.open(sealed.dropLast(), associatedData: [9], key: key)
    }
    #expect(throws: CryptographyError.self) {
      try AEAD.open(Array(sealed.prefix(AEAD.overhead - 1)), associatedData: [9], key: key)
    }
    #expect(throws: CryptographyError.self) { try AEAD.open([], associatedData: [], key: key) }
  }

  @Test func `a wrapped key unwraps under the same key and place only`() throws {
    let master = SymmetricKey.generate()
    let key = SymmetricKey.generate()
    let wrapped = try key.wrapped(by: master, associatedData: [7])
    let again = try SymmetricKey(unwrapping: wrapped, by: master, associatedData: [7])
    #expect(again.rawBytes == key.rawBytes)
    #expect(throws: CryptographyError.notAuthentic) {
      try SymmetricKey(unwrapping: wrapped, by: master, associatedData: [6])
    }
    #expect(throws: CryptographyError.self) {
      try SymmetricKey(unwrapping: Array(wrapped.dropLast()), by: master, associatedData: [7])
    }
  }

  @Test func `a key of another length than 32 bytes is refused`() {
    #expect(throws: CryptographyError.self) { try SymmetricKey(bytes: [1, 2, 3]) }
  }

  @Test func `random bytes differ and have the length asked for`() {
    #expect(SecureRandom.bytes(0) == [])
    #expect(SecureRandom.bytes(32).count == 32)
    #expect(SecureRandom.bytes(32) != SecureRandom.bytes(32))
  }

  @Test func `constant-time comparison tells equal from different`() {
    #expect(constantTimeEqual([], []))
    #expect(constantTimeEqual([1, 2], [1, 2]))
    #expect(!constantTimeEqual([1, 2], [1, 3]))
    #expect(!constantTimeEqual([1, 2], [1, 2, 3]))
  }
}
