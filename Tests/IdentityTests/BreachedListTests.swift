import Cryptography
import Foundation
import Testing

@testable import Identity

@Suite("The list of breached passwords")
struct BreachedListTests {
  @Test func `the file for development is what its list makes`() throws {
    let list = BreachedPasswords.forDevelopment.deletingPathExtension()
      .appendingPathExtension("txt")
    let lines = try Array(Data(contentsOf: list)).split(separator: UInt8(ascii: "\n"))
    var builder = BreachedPasswordsBuilder(entries: lines.count, falsePositiveRate: 0.001)
    for line in lines {
      builder.insert(digest: try #require(BreachedPasswords.digest(ofLine: line)))
    }
    #expect(
      builder.finish() == (try Data(contentsOf: BreachedPasswords.forDevelopment)),
      "ikso passwords build Services/Identity/Passwords/common.txt makes it anew")
  }

  @Test func `a damaged or absent file is named, with what to do`() throws {
    let folder = FileManager.default.temporaryDirectory
    let file = folder.appending(path: "breached-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    #expect(throws: (any Error).self) { try BreachedPasswords.read(file) }
    var bytes = try Data(contentsOf: BreachedPasswords.forDevelopment)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: file)
    let error = #expect(throws: (any Error).self) { try BreachedPasswords.read(file) }
    let text = error.map { "\($0)" } ?? ""
    #expect(text.contains(file.path) && text.contains("checksum"), "\(text)")
    #expect(text.contains("ikso passwords build"))
  }
}
