import Access
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

private typealias Policies = RegisterServicePolicies

@Suite(.serialized) struct RegisterDeskTests {
  private static func announcement(
    _ change: (inout PrivacyAnnounceSubProcessorRequest) -> Void = { _ in }
  ) -> PrivacyAnnounceSubProcessorRequest {
    var request = PrivacyAnnounceSubProcessorRequest.with {
      $0.name = "Voorbeeld Hosting B.V."
      $0.service = "servers and backups"
      $0.agreementReference = "DPA-2026-7"
      $0.agreementSignedOn = "2026-10-01"
      $0.country = "NL"
      $0.safeguards = "ISO 27001, encryption at rest"
    }
    change(&request)
    return request
  }

  private func announce(
    _ home: RegisterHome, key: String? = nil,
    _ change: (inout PrivacyAnnounceSubProcessorRequest) -> Void = { _ in }
  ) async throws -> PrivacySubProcessor {
    try await home.registers.announceSubProcessor(
      Self.announcement(change),
      RegisterHome.operators(Policies.announceSubProcessor, key: key))
  }

  private func listed(_ home: RegisterHome, _ tenant: UUID) async throws -> [PrivacySubProcessor] {
    try await home.registers.listSubProcessors(
      .init(), RegisterHome.participant(tenant, Policies.listSubProcessors)
    ).subProcessors
  }

  @Test func `clause 30: a sub-processor is in force after the objection period, and not before`()
    async throws
  {
    try await RegisterHome.with { home in
      let made = try await announce(home)
      #expect(made.version == 1 && !made.inForce)
      let month: TimeInterval = 30 * 86_400
      #expect(made.objectionsUntil.date == RegisterHome.start + month)
      #expect(made.inForceAt == made.objectionsUntil)
      // Every organisation has the notice, those too that came later.
      for tenant in [RegisterHome.first, UUID(), .platform] {
        let list = try await listed(home, tenant)
        #expect(list.map(\.subProcessorID) == [made.subProcessorID] && !list[0].inForce)
      }
      home.clock.move(days: 30, seconds: -1)
      #expect(try await listed(home, RegisterHome.first).map(\.inForce) == [false])
      home.clock.move(seconds: 1)
      #expect(try await listed(home, RegisterHome.first).map(\.inForce) == [true])

      // A change has its own notice and period; until then the old version counts.
      let changed = try await announce(home) {
        $0.subProcessorID = made.subProcessorID
        $0.country = "DE"
      }
      #expect(changed.version == 2)
      #expect(try await listed(home, RegisterHome.first).map(\.inForce) == [false, true])
      home.clock.move(days: 30)
      #expect(try await listed(home, RegisterHome.first).map(\.inForce) == [true, false])

      let end = PrivacyEndSubProcessorRequest.with { $0.subProcessorID = made.subProcessorID }
      let ended = try await home.registers.endSubProcessor(
        end, RegisterHome.operators(Policies.endSubProcessor))
      home.clock.move(days: 1)
      #expect(try await listed(home, RegisterHome.first).allSatisfy { !$0.inForce })
      #expect(
        try await home.registers.endSubProcessor(
          end, RegisterHome.operators(Policies.endSubProcessor)) == ended)
      try await expectRefused("NOT_FOUND") {
        try await announce(home) { $0.subProcessorID = made.subProcessorID }
      }
    }
  }

  @Test func `clause 30: in force before the period ends is refused, and without a basis abroad`()
    async throws
  {
    try await RegisterHome.with { home in
      try await expectRefused("INVALID_ARGUMENT", "in_force_at", "objection period") {
        try await announce(home) {
          $0.inForceAt = .init(date: RegisterHome.start + 30 * 86_400 - 1)
        }
      }
      try await expectRefused("INVALID_ARGUMENT", "basis.mechanism") {
        try await announce(home) { $0.country = "IN" }
      }
      try await expectRefused("INVALID_ARGUMENT", "agreement_signed_on") {
        try await announce(home) { $0.agreementSignedOn = "2026-02-30" }
      }
      try await expectRefused("INVALID_ARGUMENT", "void since 16 July 2020") {
        try await announce(home) {
          $0.country = "US"
          $0.basis = .with { $0.mechanism = .privacyShield }
        }
      }
      #expect(try await listed(home, .platform).isEmpty)
      // Under one key it is announced once.
      let once = try await announce(home, key: "k1")
      #expect(try await announce(home, key: "k1") == once)
      #expect(try await listed(home, .platform).count == 1)
    }
  }

  @Test func `clause 30: an organisation objects in time, and operators see who`() async throws {
    try await RegisterHome.with { home in
      let made = try await announce(home)
      let objection = PrivacyObjectToSubProcessorRequest.with {
        $0.subProcessorID = made.subProcessorID
        $0.reason = "No agreement with them is known to us."
      }
      let officer = RegisterHome.officer(RegisterHome.first, Policies.objectToSubProcessor)
      let objected = try await home.registers.objectToSubProcessor(objection, officer)
      #expect(objected.version == 1 && objected.organisationID == RegisterHome.first.canonical)
      #expect(try await listed(home, RegisterHome.first).map(\.objected) == [true])
      #expect(try await listed(home, RegisterHome.second).map(\.objected) == [false])
      home.clock.move(days: 30, seconds: 1)
      // What stands, stands; a new one comes too late.
      #expect(try await home.registers.objectToSubProcessor(objection, officer) == objected)
      try await expectRefused("FAILED_PRECONDITION", "objection period ended") {
        try await home.registers.objectToSubProcessor(
          objection, RegisterHome.officer(RegisterHome.second, Policies.objectToSubProcessor))
      }
      try await expectRefused("NOT_FOUND") {
        try await home.registers.objectToSubProcessor(
          .with {
            $0.subProcessorID = UUID().canonical
            $0.reason = "r"
          }, officer)
      }
      let all = try await home.registers.listSubProcessorObjections(
        .init(), RegisterHome.operators(Policies.listSubProcessorObjections))
      #expect(all.objections == [objected])
    }
  }

  @Test func `clause 32: Privacy Shield is refused with the reason, other mechanisms are kept`()
    async throws
  {
    try await RegisterHome.with { home in
      func record(
        _ call: Call, _ change: (inout PrivacyRecordTransferRequest) -> Void
      ) async throws -> PrivacyTransfer {
        var request = PrivacyRecordTransferRequest.with {
          $0.recipient = "Example Inc."
          $0.country = "US"
          $0.beginsOn = "2027-02-01"
        }
        change(&request)
        return try await home.registers.recordTransfer(request, call)
      }
      let officer = RegisterHome.officer(RegisterHome.first, Policies.recordTransfer)
      let operators = RegisterHome.operators(Policies.recordTransfer)
      try await expectRefused("INVALID_ARGUMENT", "void since 16 July 2020", "C-311/18") {
        try await record(officer) { $0.basis.mechanism = .privacyShield }
      }
      try await expectRefused("INVALID_ARGUMENT", "basis.mechanism is missing") {
        try await record(officer) { _ in }
      }
      try await expectRefused("INVALID_ARGUMENT", "is in the EEA") {
        try await record(officer) { $0.country = "NL" }
      }
      let own = try await record(officer) {
        $0.basis = .with {
          $0.mechanism = .standardContractualClauses
          $0.reference = "SCC (EU) 2021/914, module 3, 2026-12-01"
        }
      }
      let shared = try await record(operators) {
        $0.country = "JP"
        $0.basis.mechanism = .adequacyDecision
      }
      #expect(own.organisationID == RegisterHome.first.canonical && shared.organisationID.isEmpty)
      func listed(_ tenant: UUID) async throws -> [PrivacyTransfer] {
        try await home.registers.listTransfers(
          .init(), RegisterHome.participant(tenant, Policies.listTransfers)
        ).transfers
      }
      #expect(try await listed(RegisterHome.first) == [own, shared])
      #expect(try await listed(RegisterHome.second) == [shared])
      try await expectRefused("NOT_FOUND") {
        try await home.registers.endTransfer(
          .with { $0.transferID = own.transferID },
          RegisterHome.officer(RegisterHome.second, Policies.endTransfer))
      }
      try await expectRefused("NOT_FOUND", "organisation not found") {
        try await home.registers.endTransfer(
          .with {
            $0.organisationID = RegisterHome.first.canonical
            $0.transferID = own.transferID
          }, RegisterHome.officer(RegisterHome.second, Policies.endTransfer))
      }
      let ended = try await home.registers.endTransfer(
        .with {
          $0.organisationID = RegisterHome.first.canonical
          $0.transferID = own.transferID
        }, RegisterHome.operators(Policies.endTransfer))
      #expect(ended.hasEndedAt)
    }
  }

  @Test func `clause 31: a storage location outside of the allowed list is refused`() async throws {
    try await RegisterHome.with { home in
      func record(_ country: String, of tenant: UUID?) async throws -> PrivacyStorageLocation {
        try await home.registers.recordStorageLocation(
          .with {
            $0.organisationID = tenant?.canonical ?? ""
            $0.service = "feedback"
            $0.kind = .backup
            $0.country = country
            $0.place = "Voorbeeld Hosting, hall 2"
          }, RegisterHome.operators(Policies.recordStorageLocation))
      }
      func instruct(_ countries: [String]) async throws -> PrivacyStorageInstruction {
        try await home.registers.instructStorage(
          .with {
            $0.countries = countries
            $0.reference = "letter of 3 November"
          }, RegisterHome.officer(RegisterHome.first, Policies.instructStorage))
      }
      _ = try await record("NL", of: nil)
      try await expectRefused("INVALID_ARGUMENT", "DE is not allowed") {
        try await record("DE", of: nil)
      }
      try await expectRefused("INVALID_ARGUMENT", "DE is not allowed") {
        try await record("DE", of: RegisterHome.first)
      }
      #expect(try await instruct(["DE"]).countries == ["DE"])
      let location = try await record("DE", of: RegisterHome.first)
      for (country, tenant) in [
        ("DE", RegisterHome.second), ("DE", nil), ("US", RegisterHome.first),
        ("NO", RegisterHome.first),
      ] as [(String, UUID?)] {
        try await expectRefused("INVALID_ARGUMENT", "not allowed") {
          try await record(country, of: tenant)
        }
      }
      try await expectRefused("INVALID_ARGUMENT") { try await instruct(["US"]) }
      try await expectRefused("FAILED_PRECONDITION", "data lie in DE") { try await instruct([]) }
      let list = try await home.registers.listStorageLocations(
        .init(), RegisterHome.participant(RegisterHome.first, Policies.listStorageLocations))
      #expect(list.locations.map(\.country) == ["DE", "NL"])
      #expect(list.instruction.countries == ["DE"])
      let other = try await home.registers.listStorageLocations(
        .init(), RegisterHome.participant(RegisterHome.second, Policies.listStorageLocations))
      #expect(other.locations.map(\.country) == ["NL"] && !other.hasInstruction)
      _ = try await home.registers.endStorageLocation(
        .with {
          $0.organisationID = RegisterHome.first.canonical
          $0.storageLocationID = location.storageLocationID
        }, RegisterHome.operators(Policies.endStorageLocation))
      #expect(try await instruct([]).countries.isEmpty)
      try await expectRefused("NOT_FOUND", "organisation not found") {
        try await record("NL", of: UUID())
      }
    }
  }

  @Test func `clause 12d: each disclosure is logged with its ground, and stays`() async throws {
    try await RegisterHome.with { home in
      let operators = RegisterHome.operators(Policies.recordLegalDemand)
      func demand(_ matter: String) async throws -> PrivacyLegalDemand {
        try await home.registers.recordLegalDemand(
          .with {
            $0.organisationID = RegisterHome.first.canonical
            $0.authority = "Arrondissementsparket"
            $0.legalBasis = "Art. 126nd Sv"
            $0.matter = matter
            $0.receivedAt = .init(date: RegisterHome.start - 3_600)
          }, operators)
      }
      try await expectRefused("INVALID_ARGUMENT", "matter", "citizen number") {
        try await demand("Everything about 123.456.782")
      }
      let made = try await demand("Sign-ins of one account in October")
      func disclose(
        _ tenant: UUID, ground: String, at time: Date = RegisterHome.start
      ) async throws -> PrivacyLegalDemand {
        try await home.registers.recordDisclosure(
          .with {
            $0.legalDemandID = made.legalDemandID
            $0.disclosed = "14 sign-in times of one person"
            $0.ground = ground
            $0.disclosedAt = .init(date: time)
          }, RegisterHome.officer(tenant, Policies.recordDisclosure))
      }
      try await expectRefused("INVALID_ARGUMENT", "ground") {
        try await disclose(RegisterHome.first, ground: " ")
      }
      try await expectRefused("INVALID_ARGUMENT", "before the demand") {
        try await disclose(
          RegisterHome.first, ground: "order", at: RegisterHome.start - 7_200)
      }
      try await expectRefused("NOT_FOUND") {
        try await disclose(RegisterHome.second, ground: "order")
      }
      let logged = try await disclose(RegisterHome.first, ground: "order of 2 November")
      #expect(logged.disclosures.map(\.ground) == ["order of 2 November"])
      func listed(_ tenant: UUID) async throws -> [PrivacyLegalDemand] {
        try await home.registers.listLegalDemands(
          .init(), RegisterHome.officer(tenant, Policies.listLegalDemands)
        ).demands
      }
      #expect(try await listed(RegisterHome.first) == [logged])
      #expect(try await listed(RegisterHome.second).isEmpty)
      // The service's role can neither change what is in the log nor, as long as there is no
      // tombstone of the organisation, delete it.
      for statement in [
        "UPDATE privacy.disclosure SET ground = 'x'",
        "UPDATE privacy.sub_processor SET name = 'x'",
      ] as [SQL] {
        await #expect(throws: PostgresError.self) {
          try await home.base.database.once(tenant: RegisterHome.first, statement)
        }
      }
      try await home.base.database.once(
        tenant: RegisterHome.first, "DELETE FROM privacy.disclosure",
        "DELETE FROM privacy.legal_demand")
      #expect(try await listed(RegisterHome.first) == [logged])
    }
  }

  @Test func `clause 12g: a collector is recorded as recipient of billing contacts`()
    async throws
  {
    try await RegisterHome.with { home in
      func record(_ tenant: String) async throws -> PrivacyCollector {
        try await home.registers.recordCollector(
          .with {
            $0.organisationID = tenant
            $0.name = "Voorbeeld Incasso"
            $0.reference = "2026-44"
          }, RegisterHome.operators(Policies.recordCollector))
      }
      let made = try await record(RegisterHome.first.canonical)
      #expect(made.dataCategory == "billing contacts")
      try await expectRefused("INVALID_ARGUMENT", "organisation_id") { try await record("") }
      let own = try await home.registers.listCollectors(
        .init(), RegisterHome.officer(RegisterHome.first, Policies.listCollectors))
      #expect(own.collectors == [made])
      let other = try await home.registers.listCollectors(
        .init(), RegisterHome.officer(RegisterHome.second, Policies.listCollectors))
      #expect(other.collectors.isEmpty)
      let ended = try await home.registers.endCollector(
        .with {
          $0.organisationID = RegisterHome.first.canonical
          $0.collectorID = made.collectorID
        }, RegisterHome.operators(Policies.endCollector))
      #expect(ended.hasEndedAt)
    }
  }

  @Test func `clauses 19 and 47: cookies and contacts are read without a token`() async throws {
    try await RegisterHome.with { home in
      let operators = RegisterHome.operators(Policies.setCookie)
      for (name, isNecessary) in [("session", true), ("stats", false)] {
        _ = try await home.registers.setCookie(
          .with {
            $0.name = name
            $0.party = "IKSO"
            $0.purpose = "p"
            $0.necessary = isNecessary
            $0.lifetimeDays = 1
          }, operators)
      }
      func page(_ consented: Bool) async throws -> PrivacyCookiePage {
        try await home.registers.getCookiePage(
          .with { $0.consented = consented }, RegisterHome.anybody(Policies.getCookiePage))
      }
      #expect(try await page(false).allowed == ["session"])
      #expect(try await page(true).allowed == ["session", "stats"])
      _ = try await home.registers.removeCookie(.with { $0.name = "stats" }, operators)
      #expect(try await page(true).cookies.map(\.name) == ["session"])
      let contacts = try await home.registers.getContacts(
        .init(), RegisterHome.anybody(Policies.getContacts))
      #expect(contacts.officer == "officer@example.org" && contacts.dataLeak == "leak@example.org")
    }
  }
}
