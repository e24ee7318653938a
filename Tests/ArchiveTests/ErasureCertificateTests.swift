import Cryptography
import Foundation
import Testing

@testable import Archive

@Suite struct ErasureCertificateTests {
  private let key: Ed25519PrivateKey
  private let goals: Ed25519PrivateKey

  init() throws {
    key = try Ed25519PrivateKey.generate()
    goals = try Ed25519PrivateKey.generate()
  }

  private var keys: [String: Ed25519PublicKey] { ["k1": key.publicKey] }

  private func certificate(
    _ change: (inout ErasureReceipt, inout ScanReceipt, inout ErasureCertificate.Service) throws
      -> Void = { _, _, _ in }
  ) throws -> [UInt8] {
    var erasure = ErasureReceipt(
      service: "goals", requestID: "r1", tables: [.init(table: "goal", rows: 3)],
      keyDestroyed: true, erasedAt: "2027-01-01T00:00:00Z")
    var scan = ScanReceipt(
      service: "goals", requestID: "r1",
      tables: [.init(table: "goal", rowsRead: 7, rowsFound: 0)],
      scannedAt: "2027-01-01T00:00:00Z")
    var service = ErasureCertificate.Service(
      service: "goals", publicKey: Hex.encode(goals.publicKey.rawBytes), erasure: "", scan: "")
    try change(&erasure, &scan, &service)
    service.erasure = try SignedDocument.write(erasure, keyID: "g1", signedWith: goals)
    service.scan = try SignedDocument.write(scan, keyID: "g1", signedWith: goals)
    let certificate = ErasureCertificate(
      requestID: "r1", organisationID: "o1", receivedAt: "2027-01-01T00:00:00Z",
      completedAt: "2027-01-02T00:00:00Z", services: [service])
    return Array(
      try SignedDocument.write(certificate, keyID: "k1", signedWith: key).utf8)
  }

  private static let organisation = UUID()

  /// A certificate in a log of `size`, at `index`, changed after it was put there, and signed.
  private func placed(
    at index: Int = 3, of size: Int = 5, logOf organisation: UUID = Self.organisation,
    signedWith logKey: Ed25519PrivateKey? = nil,
    _ change: (inout ErasureCertificate) throws -> Void = { _ in }
  ) throws -> [UInt8] {
    var content = try ErasureCertificate.verify(certificate(), keys: keys).certificate
    content.organisationID = Self.organisation.uuidString.lowercased()
    let (event, subject) = (UUID(), UUID())
    let time = Date(timeIntervalSince1970: 1_800_000_000.123_456)
    let commitment = AccessLeaf.commitment(event: event, subject: subject)
    let own = AccessLeaf(
      event: event, occurredAt: time, subjectCommitment: commitment,
      sealedDigest: try content.digest())
    var (frontier, hashes) = (MerkleFrontier(), [MerkleNode: [UInt8]]())
    for place in 0..<size {
      let hash = place == index ? own.hash : Digest.sha256("entry \(place)")
      for (node, hash) in frontier.append(hash) { hashes[node] = hash }
    }
    let proof = MerkleProof.inclusion(of: index, in: size).map { nodes in
      MerkleTree.fold(nodes.compactMap { hashes[$0] })
    }
    let checkpoint = LogCheckpoint(
      origin: LogCheckpoint.accessLogOrigin(organisation), size: size, root: frontier.root)
    content.logPlace = ErasureCertificate.LogPlace(
      event: event, occurredAt: time, subjectCommitment: commitment, index: index, proof: proof,
      checkpoint: try SignedNote(
        checkpoint.text, signedBy: logKey ?? key, named: SignedNote.privacyName
      ).encoded)
    try change(&content)
    return Array(try SignedDocument.write(content, keyID: "k1", signedWith: key).utf8)
  }

  @Test(arguments: [(0, 1), (3, 5), (4, 5), (6, 8), (99, 100)])
  func `a certificate says where in the log it stands, and that is checked`(
    index: Int, size: Int
  ) throws {
    let bytes = try placed(at: index, of: size)
    let place = try ErasureCertificate.verify(bytes, keys: keys).certificate.logPlace
    #expect(place?.index == index)
  }

  /// Even the privacy service's own key signs none of these into the log.
  @Test func `a certificate that the log does not hold there is not taken`() throws {
    let stranger = try Ed25519PrivateKey.generate()
    let wrong: [(String, [UInt8])] = [
      ("another day", try placed { $0.completedAt = "2027-01-03T00:00:00Z" }),
      ("another request's time", try placed { $0.receivedAt = "2026-01-01T00:00:00Z" }),
      ("another entry", try placed { $0.logPlace?.index = 2 }),
      ("beyond the log", try placed { $0.logPlace?.index = 7 }),
      ("before the log", try placed { $0.logPlace?.index = -1 }),
      ("another time", try placed { $0.logPlace?.occurredAt += 1 }),
      ("no time", try placed { $0.logPlace?.occurredAt = .max }),
      ("another event", try placed { $0.logPlace?.eventID = UUID().uuidString }),
      ("no event", try placed { $0.logPlace?.eventID = "1" }),
      (
        "another person",
        try placed { $0.logPlace?.subjectCommitment = Hex.encode(Digest.sha256("x")) }
      ),
      ("a shorter proof", try placed { $0.logPlace?.proof.removeLast() }),
      ("a damaged proof", try placed { $0.logPlace?.proof[0] = "zz" }),
      (
        "a longer proof",
        try placed {
          $0.logPlace?.proof += Array(repeating: Hex.encode(Digest.sha256("x")), count: 99)
        }
      ),
      ("no checkpoint", try placed { $0.logPlace?.checkpoint = "" }),
      ("another organisation's log", try placed(logOf: UUID())),
      ("another organisation", try placed { $0.organisationID = UUID().uuidString }),
      ("a log that somebody else signed", try placed(signedWith: stranger)),
    ]
    for (what, bytes) in wrong {
      #expect(throws: ArchiveError.self, "\(what)") {
        try ErasureCertificate.verify(bytes, keys: keys)
      }
    }
  }

  @Test func `a certificate verifies with what every service has signed`() throws {
    let (certificate, keyID) = try ErasureCertificate.verify(certificate(), keys: keys)
    #expect(keyID == "k1" && certificate.services.map(\.service) == ["goals"])
    #expect(try certificate.receipts()[0].erasure.tables == [.init(table: "goal", rows: 3)])
    #expect(try SignedDocument.format(of: self.certificate()) == ErasureCertificate.format)
  }

  @Test func `a certificate that lacks the part of a service that had to take part is none`()
    throws
  {
    func certificate(of holders: [String]) throws -> [UInt8] {
      var content = try ErasureCertificate.verify(self.certificate(), keys: keys).certificate
      content.holders = holders
      return Array(try SignedDocument.write(content, keyID: "k1", signedWith: key).utf8)
    }
    let whole = try ErasureCertificate.verify(try certificate(of: ["goals"]), keys: keys)
    #expect(whole.certificate.holders == ["goals"])
    #expect(throws: ArchiveError.damaged("the part of feedback, identity is lacking")) {
      try ErasureCertificate.verify(
        try certificate(of: ["identity", "goals", "feedback"]), keys: keys)
    }
  }

  @Test func `a receipt of another request, service or key is not taken`() throws {
    let stranger = Hex.encode(try Ed25519PrivateKey.generate().publicKey.rawBytes)
    let wrong: [[UInt8]] = [
      try certificate { erasure, _, _ in erasure.requestID = "r2" },
      try certificate { _, scan, _ in scan.requestID = "r2" },
      try certificate { erasure, _, _ in erasure.service = "feedback" },
      try certificate { _, _, service in service.publicKey = stranger },
      try certificate { _, _, service in service.publicKey = "zz" },
    ]
    for bytes in wrong {
      #expect(throws: ArchiveError.self) { try ErasureCertificate.verify(bytes, keys: keys) }
    }
  }

  @Test func `a certificate of somebody who is still found, or still has a key, is none`() throws {
    let wrong: [[UInt8]] = [
      try certificate { _, scan, _ in scan.tables[0].rowsFound = 1 },
      try certificate { _, scan, _ in scan.tables = [] },
      try certificate { erasure, _, _ in erasure.keyDestroyed = false },
    ]
    for bytes in wrong {
      #expect(throws: ArchiveError.self) { try ErasureCertificate.verify(bytes, keys: keys) }
    }
  }

  @Test func `another key's certificate and another document are not taken`() throws {
    let bytes = try certificate()
    #expect(throws: ArchiveError.unknownKey(id: "k1")) {
      try ErasureCertificate.verify(bytes, keys: [:])
    }
    #expect(throws: ArchiveError.badSignature) {
      try ErasureCertificate.verify(bytes, keys: ["k1": goals.publicKey])
    }
    let receipt = try SignedDocument.write(
      RequestReceipt(
        requestID: "r1", organisationID: "o1", kind: "access", receivedAt: "x", dueAt: "y"),
      keyID: "k1", signedWith: key)
    #expect(throws: ArchiveError.self) {
      try ErasureCertificate.verify(Array(receipt.utf8), keys: keys)
    }
  }

  @Test func `the page of an archive shows all, and runs nothing`() throws {
    var table = RecordTable(service: "goals", table: "goal")
    table.add([("title", "<script>alert(\"x\")</script> & meer"), ("note", "één")])
    let files = try RecordTable.companions(of: [table])
    #expect(files.map(\.path) == ["index.html", "schema.json"])
    let page = String(decoding: files[0].bytes, as: UTF8.self)
    #expect(page.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; meer"))
    #expect(!page.contains("<script") && page.contains("default-src 'none'"))
    let schema = String(decoding: files[1].bytes, as: UTF8.self)
    #expect(schema.contains("data/goals/goal.json") && schema.contains("\"title\""))
  }
}
