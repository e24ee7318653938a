import Cryptography
import Foundation
import ProgramSupport
import Testing

@testable import Archive

@Suite struct SignedArchiveTests {
  private let key: Ed25519PrivateKey
  private let files = [
    ArchiveFile(path: "data/goals/goal.json", bytes: Array("[{\"title\":\"Überblick\"}]".utf8)),
    ArchiveFile(path: "data/goals/goal.csv", bytes: [UInt8](repeating: 0x41, count: 512)),
    ArchiveFile(path: "data/goals/empty.csv", bytes: []),
  ]

  init() throws { key = try Ed25519PrivateKey.generate() }

  private var keys: [String: Ed25519PublicKey] { ["k1": key.publicKey] }

  private func archive() throws -> [UInt8] {
    try SignedArchive.write(
      files,
      about: SignedArchive.Subject(requestID: UUID(), organisationID: UUID(), subjectID: UUID()),
      at: Date(timeIntervalSince1970: 1_700_000_000), keyID: "k1", signedWith: key)
  }

  @Test func `what was written verifies and comes back`() throws {
    let verified = try SignedArchive.verify(archive(), keys: keys)
    #expect(verified.files == files)
    #expect(verified.manifest.keyID == "k1")
    #expect(verified.manifest.createdAt == "2023-11-14T22:13:20Z")
  }

  @Test func `tar opens it`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(archive()).write(to: folder.appending(path: "archive.tar"))
    let tar = try Child.runBlocking(
      URL(filePath: "/usr/bin/env"),
      ["tar", "-xf", folder.appending(path: "archive.tar").path, "-C", folder.path])
    #expect(tar.status == 0, "\(tar.output)")
    for file in files {
      #expect(try Data(contentsOf: folder.appending(path: file.path)) == Data(file.bytes))
    }
  }

  @Test func `a changed byte in a file is found`() throws {
    var bytes = try archive()
    let position = try #require(bytes.lastIndex(of: 0x41))
    bytes[position] = 0x42
    #expect(throws: ArchiveError.changed(path: "data/goals/goal.csv")) {
      try SignedArchive.verify(bytes, keys: keys)
    }
  }

  @Test func `a changed manifest is found`() throws {
    var bytes = try archive()
    let text = Array("ikso-archive/1".utf8)
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: text) })
    let space = try #require(bytes[start...].firstIndex(of: 0x20))
    bytes[space] = 0x09
    #expect(throws: ArchiveError.badSignature) { try SignedArchive.verify(bytes, keys: keys) }
  }

  @Test func `a signature of somebody else's key is refused`() throws {
    let other = try Ed25519PrivateKey.generate().publicKey
    #expect(throws: ArchiveError.badSignature) {
      try SignedArchive.verify(archive(), keys: ["k1": other])
    }
    #expect(throws: ArchiveError.unknownKey(id: "k1")) {
      try SignedArchive.verify(archive(), keys: ["k2": other])
    }
  }

  @Test func `a file that was added or taken away is found`() throws {
    let tar = try Tar.read(archive())
    let added = Tar.write(tar + [ArchiveFile(path: "extra", bytes: [1])], modified: 0)
    #expect(throws: ArchiveError.unexpected(path: "extra")) {
      try SignedArchive.verify(added, keys: keys)
    }
    #expect(throws: ArchiveError.missing(path: "data/goals/empty.csv")) {
      try SignedArchive.verify(Tar.write(tar.dropLast(), modified: 0), keys: keys)
    }
    #expect(throws: ArchiveError.damaged("extra is there twice")) {
      let twice = [ArchiveFile(path: "extra", bytes: []), ArchiveFile(path: "extra", bytes: [1])]
      return try SignedArchive.verify(Tar.write(tar + twice, modified: 0), keys: keys)
    }
  }

  @Test func `every truncation is an error and never a crash`() throws {
    let bytes = try archive()
    for count in stride(from: 0, to: bytes.count - 1_024, by: 37) {
      #expect(throws: ArchiveError.self) {
        try SignedArchive.verify(Array(bytes.prefix(count)), keys: keys)
      }
    }
  }

  @Test func `records become JSON as they are and CSV that no spreadsheet runs`() throws {
    var table = RecordTable(service: "feedback", table: "feedback")
    table.add([("answer", "=HYPERLINK(\"x\")"), ("giver", "Zoë, B.")])
    table.add([("answer", "two\nlines"), ("extra", "only here")])
    #expect(
      table.csv()
        == "answer,giver,extra\r\n\"'=HYPERLINK(\"\"x\"\")\",\"Zoë, B.\",\r\n"
        + "\"two\nlines\",,only here\r\n")
    let json = try #require(try table.files().first { $0.path.hasSuffix(".json") })
    let records = try JSONDecoder().decode([[String: String]].self, from: Data(json.bytes))
    #expect(records[0]["answer"] == "=HYPERLINK(\"x\")")
  }
}
