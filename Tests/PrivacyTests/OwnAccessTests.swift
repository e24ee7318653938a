import Access
import Archive
import Cryptography
import Foundation
import Postgres
import RPC
import Schemas
import Storage
import StorageSupport
import SwiftProtobuf
import Testing

@testable import Privacy

/// What the privacy service itself puts into the logs of accesses (clause 22).
@Suite(.serialized) struct OwnAccessTests {
  private func entries(
    of tenant: UUID, _ home: RegisterHome
  ) async throws -> [AccessEntryRow] {
    try await home.base.database.transaction(Mandate(tenant: tenant)) {
      try await AccessLogStore.list(from: 0, until: .max, in: $0)
    }
  }

  @Test func `clause 22: operators' reading of forms is in the platform's log, once a form`()
    async throws
  {
    try await RegisterHome.with { home in
      for number in 1...3 {
        _ = try await home.intake.submitForm(
          .with {
            $0.kind = .demo
            $0.name = "Noor \(number)"
            $0.email = "noor\(number)@example.org"
          }, RegisterHome.anybody(IntakeServicePolicies.submitForm))
      }
      let operators = RegisterHome.operators(IntakeServicePolicies.listCases)
      #expect(try await entries(of: .platform, home).isEmpty)
      let cases = try await home.intake.listCases(.init(), operators).cases
      let read = try await entries(of: .platform, home)
      #expect(Set(read.compactMap { $0.subject?.canonical }) == Set(cases.map(\.caseID)))
      #expect(read.count == 3)
      _ = try await home.intake.listCases(.init(), operators)
      #expect(try await entries(of: .platform, home).count == 6)
      // Whose it was goes with the form; that it was read stays, and the leaf as it was.
      _ = try await home.intake.closeCase(
        .with { $0.caseID = cases[0].caseID },
        RegisterHome.operators(IntakeServicePolicies.closeCase))
      let left = try await entries(of: .platform, home)
      #expect(left.count == 6 && !left.contains { $0.subject?.canonical == cases[0].caseID })
      #expect(left.allSatisfy { $0.leaf.hash == $0.leafHash })
    }
  }

  @Test func `clause 22: an officer's reading of complaints is in the log, not of their own`()
    async throws
  {
    try await RegisterHome.with { home in
      let (tenant, officer, erased) = (RegisterHome.first, UUID(), UUID())
      for subject in [UUID(), officer, erased] {
        _ = try await home.complaints.fileComplaint(
          .with { $0.text = "Te laat." },
          RegisterHome.participant(
            tenant, ComplaintServicePolicies.fileComplaint, subject: subject))
      }
      try await home.base.vault.destroyPerson(tenant, erased, orderedBy: .service("test"))
      let call = RegisterHome.officer(
        tenant, ComplaintServicePolicies.listComplaints, subject: officer)
      let complaints = try await home.complaints.listComplaints(.init(), call).complaints
      #expect(complaints.count == 2)
      let read = try await entries(of: tenant, home)
      #expect(read.count == 1 && read[0].subject != officer && read[0].subject != erased)
      // Of an erased person there is nothing to lead to them.
      let log = home.complaints.log
      try await log.write(.read, of: [erased], ["text"], in: tenant, call)
      let last = try #require(try await entries(of: tenant, home).last)
      #expect(last.subject == nil && last.sealed == nil)
    }
  }

  @Test func `an erasure's certificate finds its place, in a log of any size`() async throws {
    try await RegisterHome.with { home in
      let tenant = RegisterHome.first
      let log = home.complaints.log
      let keys = [log.signingKey.id: log.signingKey.key.publicKey]
      let call = RegisterHome.officer(tenant, ComplaintServicePolicies.listComplaints)
      for size in 0..<6 {
        let (request, subject) = (UUID(), UUID())
        let mandate = Mandate(tenant: tenant)
        let certificate = try await home.base.database.transaction(mandate) { transaction in
          var certificate = try Self.certificate(request, tenant)
          let entry = NewAccess(
            event: request, subject: nil,
            commitment: AccessLeaf.commitment(event: request, subject: subject),
            occurredAt: home.clock.now, detail: nil)
          certificate.logPlace = try await AccessLogStore.place(
            SealedAccess(
              access: entry, sealed: nil, documentDigest: try certificate.digest()),
            signedWith: log.signingKey.key, at: home.clock.now, in: transaction)
          return try SignedDocument.write(
            certificate, keyID: log.signingKey.id, signedWith: log.signingKey.key)
        }
        let verified = try ErasureCertificate.verify(Array(certificate.utf8), keys: keys)
        #expect(verified.certificate.logPlace?.index == 2 * size)
        try await log.write(.read, of: [UUID()], ["text"], in: tenant, call)
      }
      let all = try await entries(of: tenant, home)
      #expect(all.count == 12 && all.allSatisfy { $0.leaf.hash == $0.leafHash })
      // A digest that was changed is found, as what is sealed is.
      _ = try await home.base.admin.run([
        """
        UPDATE privacy.access_entry SET document_digest = \(Digest.sha256("another"))
        WHERE tenant_id = \(tenant) AND position = 4
        """
      ])
      let changed = try await entries(of: tenant, home)
      #expect(changed.filter { $0.leaf.hash != $0.leafHash }.map(\.position) == [4])
    }
  }

  private static func certificate(
    _ request: UUID, _ tenant: UUID
  ) throws -> ErasureCertificate {
    let key = try Ed25519PrivateKey.generate()
    let erasure = ErasureReceipt(
      service: "goals", requestID: request.canonical, tables: [.init(table: "goal", rows: 1)],
      keyDestroyed: true, erasedAt: "2027-01-01T00:00:00Z")
    let scan = ScanReceipt(
      service: "goals", requestID: request.canonical,
      tables: [.init(table: "goal", rowsRead: 7, rowsFound: 0)],
      scannedAt: "2027-01-01T00:00:00Z")
    return ErasureCertificate(
      requestID: request.canonical, organisationID: tenant.canonical,
      receivedAt: "2027-01-01T00:00:00Z", completedAt: "2027-01-02T00:00:00Z",
      services: [
        ErasureCertificate.Service(
          service: "goals", publicKey: Hex.encode(key.publicKey.rawBytes),
          erasure: try SignedDocument.write(erasure, keyID: "g", signedWith: key),
          scan: try SignedDocument.write(scan, keyID: "g", signedWith: key))
      ])
  }
}
