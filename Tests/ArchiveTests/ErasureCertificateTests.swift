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

  @Test func `a certificate verifies with what every service has signed`() throws {
    let (certificate, keyID) = try ErasureCertificate.verify(certificate(), keys: keys)
    #expect(keyID == "k1" && certificate.services.map(\.service) == ["goals"])
    #expect(try certificate.receipts()[0].erasure.tables == [.init(table: "goal", rows: 3)])
    #expect(try SignedDocument.format(of: self.certificate()) == ErasureCertificate.format)
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
