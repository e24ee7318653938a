import Cryptography
import Foundation
import Testing

@testable import Archive

/// The certificate of an organisation's erasure says what it proves; nothing else passes for it.
@Suite struct OrganisationErasureCertificateTests {
  private static let erasure = "0b7c1c7e-3b5e-4c11-9a35-6c6d1f0f7a01"
  private static let organisation = "5d2f3f0c-8f0e-4a53-8f0b-3a9d1c2b4e5f"

  private struct Story {
    var contractEnd = "2026-01-31"
    var keptUntil = "2026-02-28"
    var orderedAt = "2026-03-01T00:00:05Z"
    var completedAt = "2026-03-01T00:01:00Z"
    var services = ["feedback", "identity"]
    var rowsLeft = 0
    var keysDestroyed = true
    var erasureOfReceipt = OrganisationErasureCertificateTests.erasure
    var orderedBy = "identity"
  }

  private let own: Ed25519PrivateKey
  private let keys: [String: Ed25519PrivateKey]

  init() throws {
    own = try Ed25519PrivateKey.generate()
    keys = [
      "feedback": try .generate(), "identity": try .generate(), "stranger": try .generate(),
    ]
  }

  private func sign(_ content: some SignedContent, _ name: String) throws -> String {
    let key = try #require(keys[name])
    return try SignedDocument.write(content, keyID: name, signedWith: key)
  }

  private func verify(
    _ change: (inout Story) -> Void = { _ in }
  ) throws -> OrganisationErasureCertificate.Verified {
    var story = Story()
    change(&story)
    let order = try sign(
      OrganisationErasureOrder(
        erasureID: Self.erasure, organisationID: Self.organisation,
        contractEnd: story.contractEnd, keptUntil: story.keptUntil, orderedAt: story.orderedAt),
      story.orderedBy)
    let services = try story.services.map { name in
      ErasureCertificate.Service(
        service: name, publicKey: Hex.encode(try #require(keys[name]).publicKey.rawBytes),
        erasure: try sign(
          TenantErasureReceipt(
            service: name, erasureID: story.erasureOfReceipt, organisationID: Self.organisation,
            tables: [.init(table: "round", rows: 7)], keysDestroyed: story.keysDestroyed,
            erasedAt: story.completedAt), name),
        scan: try sign(
          TenantScanReceipt(
            service: name, erasureID: Self.erasure, organisationID: Self.organisation,
            tables: [
              .init(table: "round", rowsLeft: story.rowsLeft, keptBecause: nil),
              .init(table: "tenant_erasure", rowsLeft: 1, keptBecause: "it shows"),
            ], scannedAt: story.completedAt), name))
    }
    let text = try SignedDocument.write(
      OrganisationErasureCertificate(
        erasureID: Self.erasure, organisationID: Self.organisation, order: order,
        completedAt: story.completedAt, services: services), keyID: "own", signedWith: own)
    return try OrganisationErasureCertificate.verify(
      Array(text.utf8), keys: ["own": own.publicKey])
  }

  private func expectDamaged(_ word: String, _ change: (inout Story) -> Void) {
    do {
      _ = try verify(change)
      Issue.record("it passed, though it should say \(word)")
    } catch {
      #expect("\(error)".contains(word), "\(error)")
    }
  }

  @Test func `a whole certificate passes, and tells what was kept`() throws {
    let verified = try verify()
    #expect(verified.order.keptUntil == "2026-02-28")
    #expect(verified.services.map(\.erasure.service) == ["feedback", "identity"])
    #expect(verified.services[0].scan.kept.map(\.table) == ["tenant_erasure"])
  }

  @Test func `what is no proof of an erasure is refused`() {
    expectDamaged("still held") { $0.rowsLeft = 1 }
    expectDamaged("still held") { $0.keysDestroyed = false }
    expectDamaged("another erasure") { $0.erasureOfReceipt = Self.organisation }
    expectDamaged("lacks identity") { $0.services = ["feedback"] }
    expectDamaged("twice") { $0.services = ["feedback", "identity", "feedback"] }
    expectDamaged("signature") { $0.orderedBy = "stranger" }
  }

  @Test func `clause 29: an erasure before the month after the contract is no erasure by order`() {
    expectDamaged("before the month") { $0.keptUntil = "2026-02-27" }
    expectDamaged("before the month") { $0.orderedAt = "2026-02-27T23:59:59Z" }
    expectDamaged("before the month") { $0.completedAt = "2026-02-28T12:00:00Z" }
    expectDamaged("before the month") { $0.contractEnd = "soon" }
    #expect(throws: Never.self) {
      try verify {
        ($0.contractEnd, $0.keptUntil) = ("2024-01-31", "2024-02-29")
        // Fourteen hours ahead of UTC the day after has begun.
        $0.orderedAt = "2024-02-29T10:00:00Z"
        $0.completedAt = "2024-02-29T10:00:01Z"
      }
    }
  }
}
