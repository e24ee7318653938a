import Testing

@testable import Cryptography

private func hex(_ text: String) throws -> [UInt8] {
  try Hex.decode(text.filter { !$0.isWhitespace })
}

@Suite struct CryptographyHashTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `SHA-256 gives the digests of FIPS 180-4`(text: String, digest: String) {
    #expect(Hex.encode(Digest.sha256(text)) == digest)
  }

  @Test func `SHA-256 in pieces equals SHA-256 at once`() {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var stream = SHA256Stream()
    for start in stride(from: 0, to: bytes.count, by: 997) {
      stream.update(bytes[start..<min(start + 997, bytes.count)])
    }
    let half = stream.current()
    #expect(half == Digest.sha256(bytes))
    stream.update([])
    #expect(stream.finish() == half)
  }

  @Test func `a million a give the digest of FIPS 180-4`() {
    var stream = SHA256Stream()
    let block = [UInt8](repeating: UInt8(ascii: "a"), count: 1000)
    for _ in 0..<1000 { stream.update(block) }
    let digest = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(Hex.encode(stream.finish()) == digest)
  }

  @Test func `SHA-1 gives the digest of FIPS 180-4`() {
    let digest = Hex.encode(Digest.sha1(Array("abc".utf8)))
    #expect(digest == "a9993e364706816aba3e25717850c26c9cd0d89d")
  }

  @Test func `HMAC gives the codes of RFC 4231`() throws {
    let vectors = [
      (
        [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
      ),
      (
        [UInt8](repeating: 0xaa, count: 131),
        Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ]
    for (key, message, code) in vectors {
      #expect(Hex.encode(HMACSHA256.authenticate(message, key: key)) == code)
    }
  }

  @Test func `HMAC with an empty key and message is defined`() {
    let code = "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
    #expect(Hex.encode(HMACSHA256.authenticate([], key: [UInt8]())) == code)
  }

  @Test func `HMAC takes a symmetric key and refuses another code`() throws {
    let key = SymmetricKey.generate()
    var code = HMACSHA256.authenticate([1, 2, 3], key: key)
    #expect(code == HMACSHA256.authenticate([1, 2, 3], key: key.rawBytes))
    #expect(HMACSHA256.isValid(code, for: [1, 2, 3], key: key))
    code[31] ^= 1
    #expect(!HMACSHA256.isValid(code, for: [1, 2, 3], key: key))
    #expect(!HMACSHA256.isValid([], for: [1, 2, 3], key: key))
  }

  @Test func `HMAC with SHA-1 gives the code of RFC 2202`() {
    let code = HMACSHA1.authenticate(
      Array("Hi There".utf8), key: [UInt8](repeating: 0x0b, count: 20))
    #expect(Hex.encode(code) == "b617318655057264e28bc0b6fb378c8ef146be00")
  }

  @Test func `HKDF gives the keys of RFC 5869 A1 and A3`() throws {
    let material = [UInt8](repeating: 0x0b, count: 22)
    let first = HKDF.derive(
      from: material, salt: try hex("000102030405060708090a0b0c"),
      info: try hex("f0f1f2f3f4f5f6f7f8f9"), count: 42)
    #expect(
      try first
        == hex(
          """
          3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf
          34007208d5b887185865
          """))
    let third = HKDF.derive(from: material, salt: [], info: [], count: 42)
    #expect(
      try third
        == hex(
          """
          8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d
          9d201395faa4b61a96c8
          """))
  }

  @Test func `HKDF gives the key of RFC 5869 A2`() throws {
    let output = HKDF.derive(
      from: Array(0x00...0x4f), salt: Array(0x60...0xaf), info: Array(0xb0...0xff), count: 82)
    #expect(
      try output
        == hex(
          """
          b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c
          59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71
          cc30c58179ec3e87c14c01d5c1f3434f1d87
          """))
  }

  @Test func `derived keys differ by purpose and equal themselves`() {
    let key = SymmetricKey.generate()
    let mail = HKDF.derive(from: key, info: "mail").rawBytes
    #expect(mail == HKDF.derive(from: key, info: "mail").rawBytes)
    #expect(mail != HKDF.derive(from: key, info: "phone").rawBytes)
  }
}
