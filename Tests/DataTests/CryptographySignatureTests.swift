import Testing

@testable import Cryptography

@Suite struct CryptographySignatureTests {
  /// RFC 7515 appendix A.3.
  @Test func `P-256 takes the signature of RFC 7515, and no other`() throws {
    let point =
      try Base64URL.decode("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU")
      + Base64URL.decode("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0")
    let head = try Hex.decode("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
    let key = try SignatureKey(encoded: head + point)
    #expect(key.algorithm == .es256)
    let message = Array(
      """
      eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt\
      cGxlLmNvbS9pc19yb290Ijp0cnVlfQ
      """.utf8)
    let signature = try Base64URL.decode(
      """
      DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU\
      1Q
      """)
    #expect(key.verify(signature, of: message))
    #expect(!key.verify(signature, of: message + [0]))
    #expect(!key.verify(signature.dropLast(), of: message))
    #expect(!key.verify([UInt8](repeating: 0, count: 64), of: message))
    var other = signature
    other[63] ^= 1
    #expect(!key.verify(other, of: message))
    // Another point, which is none of the curve.
    #expect(throws: CryptographyError.self) {
      try SignatureKey(encoded: head + point.dropLast() + [0])
    }
  }

  @Test func `a public key has one encoding, and is Ed25519 or P-256`() throws {
    let raw = try Ed25519PrivateKey.generate()
    let encoded = try Hex.decode("302a300506032b6570032100") + raw.publicKey.rawBytes
    let key = try SignatureKey(encoded: encoded)
    #expect(key.algorithm == .edDSA)
    #expect(key.verify(try raw.sign([1, 2]), of: [1, 2]))
    #expect(!key.verify(try raw.sign([1, 2]), of: [1, 3]))
    let body = Base64.encode(encoded)
    let pem = "-----BEGIN PUBLIC KEY-----\r\n\(body)\r\n-----END PUBLIC KEY-----\r\n"
    #expect(try SignatureKey(pem: pem) == key)
    for text in [
      "", body, pem + pem, pem.replacing("PUBLIC", with: "PRIVATE"), "x\n" + pem,
      pem.replacing(body, with: ""), pem.replacing(body, with: body + "AAAA"),
      String(repeating: "A", count: 100_000),
    ] {
      #expect(throws: CryptographyError.self, "\(text.prefix(80))") { try SignatureKey(pem: text) }
    }
    #expect(throws: CryptographyError.self) { try SignatureKey(encoded: encoded + [0]) }
    #expect(throws: CryptographyError.self) { try SignatureKey(encoded: []) }
    // X25519, which agrees on keys and signs nothing (RFC 8410).
    var agreement = encoded
    agreement[8] = 0x6e
    #expect(throws: CryptographyError.self) { try SignatureKey(encoded: agreement) }
  }

  /// RFC 8032 section 7.1, tests 1 to 3.
  struct Vector: Sendable {
    var seed: String
    var publicKey: String
    var message: String
    var signature: String
  }

  static let vectors = [
    Vector(
      seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      message: "",
      signature: """
        e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
        5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b
        """),
    Vector(
      seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      message: "72",
      signature: """
        92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
        085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00
        """),
    Vector(
      seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
      message: "af82",
      signature: """
        6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
        18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a
        """),
  ]

  @Test(arguments: vectors)
  func `Ed25519 gives the signatures of RFC 8032`(vector: Vector) throws {
    let key = try Ed25519PrivateKey(rawBytes: Hex.decode(vector.seed))
    let message = try Hex.decode(vector.message)
    #expect(Hex.encode(key.publicKey.rawBytes) == vector.publicKey)
    #expect(try Hex.encode(key.sign(message)) == vector.signature)
    #expect(try key.publicKey.verify(Hex.decode(vector.signature), of: message))
    #expect(try Hex.encode(key.rawBytes()) == vector.seed)
  }

  @Test func `an altered message or signature and another key don't verify`() throws {
    let key = try Ed25519PrivateKey.generate()
    var signature = try key.sign([1, 2, 3])
    #expect(key.publicKey.verify(signature, of: [1, 2, 3]))
    #expect(!key.publicKey.verify(signature, of: [1, 2, 4]))
    #expect(try !Ed25519PrivateKey.generate().publicKey.verify(signature, of: [1, 2, 3]))
    #expect(!key.publicKey.verify([], of: [1, 2, 3]))
    #expect(!key.publicKey.verify(signature + [0], of: [1, 2, 3]))
    for byte in signature.indices {
      signature[byte] ^= 1
      #expect(!key.publicKey.verify(signature, of: [1, 2, 3]))
      signature[byte] ^= 1
    }
  }

  @Test func `a signature with a scalar beyond the group order is refused`() throws {
    // RFC 8032 section 5.1.7 step 1: S + L would else verify like S.
    let order = try Hex.decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
    let key = try Ed25519PrivateKey.generate()
    var signature = try key.sign([1])
    var carry = 0
    for index in 0..<32 {
      carry += Int(signature[32 + index]) + Int(order[index])
      signature[32 + index] = UInt8(carry & 255)
      carry >>= 8
    }
    #expect(!key.publicKey.verify(signature, of: [1]))
  }

  @Test func `a key of another length is refused`() {
    #expect(throws: CryptographyError.self) { try Ed25519PrivateKey(rawBytes: [1]) }
    #expect(throws: CryptographyError.self) { try Ed25519PublicKey(rawBytes: []) }
  }
}

@Suite struct CryptographyEncodingTests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func `base 64 gives the texts of RFC 4648`(plain: String, encoded: String) throws {
    let bytes = Array(plain.utf8)
    #expect(Base64.encode(bytes) == encoded)
    #expect(try Base64.decode(encoded) == bytes)
    let bare = encoded.filter { $0 != "=" }
    #expect(Base64URL.encode(bytes) == bare)
    #expect(try Base64URL.decode(bare) == bytes)
  }

  @Test func `the URL-safe alphabet is its own`() throws {
    #expect(Base64URL.encode([0xfb, 0xff, 0xfe]) == "-__-")
    #expect(Base64.encode([0xfb, 0xff, 0xfe]) == "+//+")
    #expect(throws: CryptographyError.self) { try Base64URL.decode("+//+") }
    #expect(throws: CryptographyError.self) { try Base64.decode("-__-") }
  }

  @Test(arguments: ["Z", "Zh", "Zm9", "Zg==", "Zm 9v", "Zm9vYg=", "Zm9v\n", "Zé"])
  func `a second spelling of the same bytes is refused`(text: String) {
    #expect(throws: CryptographyError.self) { try Base64URL.decode(text) }
  }

  @Test(arguments: ["Zg", "Zg=", "Zg===", "=", "====", "Zh=="])
  func `wrong padding is refused`(text: String) {
    #expect(throws: CryptographyError.self) { try Base64.decode(text) }
  }

  @Test func `hex reads both cases and refuses the rest`() throws {
    #expect(Hex.encode([0x00, 0xab, 0xff]) == "00abff")
    #expect(try Hex.decode("00aBFf") == [0x00, 0xab, 0xff])
    #expect(throws: CryptographyError.self) { try Hex.decode("0") }
    #expect(throws: CryptographyError.self) { try Hex.decode("0g") }
  }

  @Test func `all lengths come back`() throws {
    for count in 0..<70 {
      let bytes = SecureRandom.bytes(count)
      #expect(try Base64URL.decode(Base64URL.encode(bytes)) == bytes)
      #expect(try Base64.decode(Base64.encode(bytes)) == bytes)
      #expect(try Hex.decode(Hex.encode(bytes)) == bytes)
    }
  }
}
