import Access
import Archive
import Cryptography
import Foundation
import Launch
import Logging
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

/// The end of an organisation, as far as it is identity's.
@Suite("Erasure of an organisation")
struct ErasureTests {
  @Test func `clause 29: an erasure waits for its day, leaves no row and no key, others alone`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, "ada@example.com")
      _ = try await house.officer(tenant, "olga@example.com")
      _ = try await house.login(tenant, "ada@example.com")
      let other = try await house.organisation()
      _ = try await house.enrol(other, "ada@example.com")
      let living = try await refusal { try await house.erase(tenant) }
      #expect(living?.message.contains("has not ended") == true)
      _ = try await house.endContract(tenant, "2026-09-30")
      house.clock.advance(39 * 86_400)  // 2026-10-30
      let early = try await refusal { try await house.erase(tenant) }
      #expect(early?.code == .failedPrecondition)
      #expect(early?.message.hasSuffix("to the end of 2026-10-30") == true)
      house.clock.advance(86_400)
      // Nobody has it erased but by identity's order, and nobody is told of it before.
      #expect(house.desk.due.isEmpty)
      let unordered = try await refusal { try await house.carryOut(tenant) }
      #expect(unordered?.code == .failedPrecondition)
      #expect(try await house.erase(tenant).state == .terminated)
      #expect(house.desk.due == [tenant.canonical])
      let order = try await house.order(tenant)
      #expect(try await house.order(tenant) == order)
      let begun = try await refusal { try await house.setContract(tenant, begin: "2026-11-01") }
      #expect(begun?.message.contains("has begun") == true)
      let done = try await house.carryOut(tenant)
      #expect(done.done && done.erased.contains { $0.table == "person" && $0.rows == 2 })
      #expect(try await house.carryOut(tenant).erased == done.erased)
      let erased = try await house.erase(tenant)
      #expect(erased.state == .erased && erased.hasErasedAt)
      for table in try await house.tables()
      where !["organisation", "tenant_erasure"].contains(table) {
        #expect(try await house.count(table, tenant) == 0, "\(table)")
      }
      let left = try await house.scan(tenant).tables.filter { $0.rowsLeft > 0 }
      #expect(left.allSatisfy { !$0.keptBecause.isEmpty }, "\(left)")
      try await expectSigned(order, done, house.scan(tenant))
      await #expect(throws: (any Error).self) { try await house.service.vault.person(tenant, ada) }
      let again = try await house.erase(tenant)
      #expect(again.erasedAt == erased.erasedAt)
      let gone = try await refusal { try await house.login(tenant, "ada@example.com") }
      #expect(gone?.code == .unauthenticated)
      let renewed = try await refusal { try await house.setContract(tenant, begin: "2026-11-01") }
      #expect(renewed?.message.contains("were erased") == true)
      _ = try await house.login(other, "ada@example.com")
    }
  }

  /// Order and receipts, signed with one key, of one erasure.
  private func expectSigned(
    _ order: IdentityOrderOrganisationErasureResponse, _ erased: TenantEraseTenantResponse,
    _ scanned: TenantScanTenantResponse
  ) throws {
    let key = try Ed25519PublicKey(rawBytes: [UInt8](order.publicKey))
    func open<Content: SignedContent>(_ data: Data, as type: Content.Type) throws -> Content {
      let bytes = [UInt8](data)
      return try SignedDocument.verify(
        bytes, keys: [SignedDocument.keyID(of: bytes): key], as: type
      ).content
    }
    let opened = try open(order.order, as: OrganisationErasureOrder.self)
    #expect(opened.contractEnd == "2026-09-30" && opened.keptUntil == "2026-10-30")
    let receipt = try open(erased.receipt, as: TenantErasureReceipt.self)
    let scan = try open(scanned.receipt, as: TenantScanReceipt.self)
    #expect(receipt.keysDestroyed && receipt.service == "identity")
    #expect(Set([opened.erasureID, receipt.erasureID, scan.erasureID]) == [House.erasureID])
    #expect(scan.kept.map(\.table).contains("organisation"))
  }

  @Test func `after the order nobody's token of the organisation counts`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation(end: "2026-09-30")
      house.clock.advance(40 * 86_400)
      let order = try await house.order(tenant)
      #expect(!order.order.isEmpty)
      let revoked = try await house.admin.run([
        "SELECT subject_id FROM identity.revocation WHERE kind = 'organisation'"
      ])[0].map { try $0.get("subject_id", as: UUID.self) }
      #expect(revoked == [tenant])
      let living = try await refusal { try await house.order(house.organisation()) }
      #expect(living?.code == .failedPrecondition)
      let platform = try await refusal { try await house.carryOut(.platform) }
      #expect(platform?.code == .notFound)
    }
  }

  @Test func `the sweep reports whose day has come until they are erased, and nobody else`()
    async throws
  {
    try await House.with { house in
      let due = try await house.organisation(end: "2026-09-30")
      let later = try await house.organisation(end: "2026-10-31")
      let open = try await house.organisation()
      for tenant in [due, later, open] { _ = try await house.enrol(tenant, "ada@example.com") }
      let sweep = house.sweep
      house.clock.advance(39 * 86_400)
      #expect(try await sweep.run() == [])
      house.clock.advance(86_400)
      #expect(try await sweep.run() == [due])
      #expect(house.desk.due == [due.canonical])
      // Until it is done.
      _ = try await house.order(due)
      #expect(try await sweep.run() == [due])
      try await house.carryOut(due)
      #expect(try await house.count("person", due) == 0)
      #expect(try await house.count("person", later) == 1)
      #expect(try await sweep.run() == [])
      house.clock.advance(365 * 86_400)
      #expect(try await sweep.run() == [later])
      #expect(try await house.count("person", open) == 1)
    }
  }
}

extension House {
  var sweep: ErasureSweep {
    ErasureSweep(
      erasure: service.erasure,
      subjects: SubjectStore(
        database: database, vault: service.vault, sessions: service.sessions,
        accesses: service.accesses, now: service.now),
      logger: Logger(label: "test"))
  }

  func erase(_ tenant: UUID) async throws -> IdentityOrganisation {
    try await service.eraseOrganisation(
      .with { $0.organisationID = tenant.canonical },
      asOperator(OrganisationServicePolicies.eraseOrganisation))
  }

  /// As the privacy service does once it was told.
  func order(_ tenant: UUID) async throws -> IdentityOrderOrganisationErasureResponse {
    try await OrganisationDesk(erasure: service.erasure, pages: service.pages)
      .orderOrganisationErasure(
        .with {
          $0.organisationID = tenant.canonical
          $0.erasureID = Self.erasureID
        }, call(.service("privacy"), OrganisationDeskServicePolicies.orderOrganisationErasure))
  }

  @discardableResult
  func carryOut(_ tenant: UUID) async throws -> TenantEraseTenantResponse {
    try await tenants.eraseTenant(
      .with {
        $0.organisationID = tenant.canonical
        $0.erasureID = Self.erasureID
      }, call(.service("privacy"), TenantDataServicePolicies.eraseTenant))
  }

  func scan(_ tenant: UUID) async throws -> TenantScanTenantResponse {
    try await tenants.scanTenant(
      .with {
        $0.organisationID = tenant.canonical
        $0.erasureID = Self.erasureID
      }, call(.service("privacy"), TenantDataServicePolicies.scanTenant))
  }

  static let erasureID = "0b7c1c7e-3b5e-4c11-9a35-6c6d1f0f7a01"
}
