import Testing

@testable import Cryptography

@Suite struct CryptographyPasswordTests {
  static let cheap = Argon2id.Parameters(memoryKiB: 64, passes: 1, lanes: 1)

  @Test func `Argon2id gives the tag of RFC 9106 section 5_3`() throws {
    let tag = try Argon2id.derive(
      password: [UInt8](repeating: 1, count: 32), salt: [UInt8](repeating: 2, count: 16),
      secret: [UInt8](repeating: 3, count: 8), associatedData: [UInt8](repeating: 4, count: 12),
      parameters: Argon2id.Parameters(memoryKiB: 32, passes: 3, lanes: 4), count: 32)
    #expect(
      Hex.encode(tag) == "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659")
  }

  @Test func `a string of the reference implementation verifies`() throws {
    let stored = """
      $argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$\
      CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc
      """
    #expect(try Argon2id.verify("password", stored))
    #expect(try !Argon2id.verify("Password", stored))
  }

  @Test func `the standard costs stand in the string`() throws {
    let stored = try Argon2id.hash(password: "correct horse battery staple")
    #expect(stored.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    #expect(try Argon2id.verify("correct horse battery staple", stored))
    #expect(!Argon2id.needsRehash(stored))
  }

  @Test func `two hashes of one password differ`() throws {
    let first = try Argon2id.hash(password: "a", parameters: Self.cheap)
    #expect(try Argon2id.hash(password: "a", parameters: Self.cheap) != first)
  }

  @Test func `lower costs and unreadable strings need a new hash`() throws {
    let stored = try Argon2id.hash(password: "a", parameters: Self.cheap)
    #expect(Argon2id.needsRehash(stored))
    #expect(!Argon2id.needsRehash(stored, parameters: Self.cheap))
    #expect(Argon2id.needsRehash("x"))
  }

  @Test func `a pepper is needed again`() throws {
    let pepper = SymmetricKey.generate()
    let stored = try Argon2id.hash(password: "a", parameters: Self.cheap, pepper: pepper)
    #expect(try Argon2id.verify("a", stored, pepper: pepper))
    #expect(try !Argon2id.verify("a", stored))
  }

  @Test(arguments: [
    "", "$argon2id$", "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
    "$argon2id$v=16$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
    "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
    "$argon2id$v=19$m=64,t=99,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
    "$argon2id$v=19$m=8,t=1,p=4$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
    "$argon2id$v=19$t=1,m=64,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
    "$argon2id$v=19$m=64,t=1,p=+1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
    "$argon2id$v=19$m=64,t=1,p=1$c2$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8",
    "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFh",
  ])
  func `a string with other parts or excessive costs is refused`(stored: String) {
    #expect(throws: CryptographyError.self) { try Argon2id.verify("a", stored) }
  }

  @Test func `an overlong password is refused and never verifies`() throws {
    let long = String(repeating: "a", count: Argon2id.maximumPasswordBytes + 1)
    #expect(throws: CryptographyError.self) {
      try Argon2id.hash(password: long, parameters: Self.cheap)
    }
    let stored = try Argon2id.hash(password: "a", parameters: Self.cheap)
    #expect(try !Argon2id.verify(long, stored))
  }
}
