import Access
import Cryptography
import Foundation
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

@Suite("Colleagues")
struct ColleagueTests {
  @Test func `a colleague is found by address, and named by id in the order asked`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, "ada@acme.nl")
      let ben = try await house.enrol(tenant, "ben@acme.nl", name: "Ben")
      let call = house.asPerson(
        house.token(tenant: tenant, [.participant], subject: ada),
        IdentityServicePolicies.findColleague)
      let found = try await house.service.findColleague(.with { $0.email = "BEN@acme.nl" }, call)
      #expect(found.personID == ben.canonical)
      #expect(found.name == "Ben")
      let named = try await house.service.getColleagues(
        .with { $0.personIds = [ben.canonical, ada.canonical, ben.canonical] }, call)
      #expect(named.colleagues.map(\.name) == ["Ben", "Ada Lovelace", "Ben"])
      let service = house.call(.service("feedback"), IdentityServicePolicies.getColleagues)
      let asked = try await house.service.getColleagues(
        .with {
          $0.organisationID = tenant.canonical
          $0.personIds = [ada.canonical]
        }, service)
      #expect(asked.colleagues.map(\.name) == ["Ada Lovelace"])
    }
  }

  @Test func `somebody of another organisation is not found, as if they never were`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, "ada@acme.nl")
      let other = try await house.organisation()
      let stranger = house.token(tenant: other, [.participant, .administrator])
      let absent = Refusal(code: .notFound, message: "person not found")
      let find = house.asPerson(stranger, IdentityServicePolicies.findColleague)
      for email in ["ada@acme.nl", "nobody@acme.nl"] {
        let answer = try await refusal {
          try await house.service.findColleague(.with { $0.email = email }, find)
        }
        #expect(answer == absent)
      }
      let get = house.asPerson(stranger, IdentityServicePolicies.getColleagues)
      for id in [ada, UUID()] {
        let answer = try await refusal {
          try await house.service.getColleagues(
            .with {
              $0.personIds = [id.canonical]
              $0.organisationID = tenant.canonical
            }, get)
        }
        #expect(answer == absent)
      }
      let organisation = house.asPerson(stranger, IdentityServicePolicies.getOrganisation)
      for id in [tenant, UUID()] {
        let answer = try await refusal {
          try await house.service.getOrganisation(
            .with { $0.organisationID = id.canonical }, organisation)
        }
        #expect(answer == Refusal(code: .notFound, message: "organisation not found"))
      }
      let many = try await refusal {
        try await house.service.getColleagues(
          .with { $0.personIds = Array(repeating: ada.canonical, count: 101) }, get)
      }
      #expect(many?.code == .invalidArgument)
    }
  }
}

@Suite("Subject data")
struct SubjectTests {
  @Test func `a scan goes on with its own token and with no other`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      var wanted = SubjectScanSubjectRequest.with {
        $0.organisationID = tenant.canonical
        $0.subjectID = UUID().canonical
        $0.needles = ["ada@acme.nl"]
      }
      let page = try await house.subjects.scanSubject(wanted, house.asPrivacy)
      #expect(page.tables.count == 1 && page.receipt.isEmpty && !page.nextPageToken.isEmpty)
      var others = [wanted, wanted, wanted]
      others[0].subjectID = UUID().canonical
      others[1].needles = ["ben@acme.nl"]
      others[2].requestID = UUID().canonical
      for other in others {
        var other = other
        other.pageToken = page.nextPageToken
        let refused = try await refusal {
          try await house.subjects.scanSubject(other, house.asPrivacy)
        }
        #expect(refused?.code == .invalidArgument)
      }
      wanted.pageToken = "ikso"
      let refused = try await refusal {
        try await house.subjects.scanSubject(wanted, house.asPrivacy)
      }
      #expect(refused?.code == .invalidArgument)
    }
  }

  @Test func `an erasure leaves nothing of the person and everything of others`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, "ada@acme.nl")
      let ben = try await house.enrol(tenant, "ben@acme.nl", name: "Ben")
      _ = try await house.login(tenant, "ada@acme.nl")
      func scan(_ person: UUID) async throws -> [SubjectSubjectTableScan] {
        var wanted = SubjectScanSubjectRequest.with {
          $0.organisationID = tenant.canonical
          $0.subjectID = person.canonical
          $0.needles = ["ada@acme.nl", "Ada Lovelace"]
        }
        while true {
          let page = try await house.subjects.scanSubject(wanted, house.asPrivacy)
          #expect(page.receipt.isEmpty == !page.nextPageToken.isEmpty)
          if page.nextPageToken.isEmpty { return page.tables }
          wanted.pageToken = page.nextPageToken
        }
      }
      let before = try await scan(ada)
      #expect(before.first { $0.table == "person" }?.rowsFound == 1)
      #expect(before.first { $0.table == "person" }?.columns == ["person_id"])
      let request = SubjectSubjectRequest.with {
        $0.organisationID = tenant.canonical
        $0.subjectID = ada.canonical
        $0.requestID = UUID().canonical
      }
      let erased = try await house.subjects.eraseSubject(request, house.asPrivacy)
      #expect(erased.keyDestroyed)
      let rows = Dictionary(uniqueKeysWithValues: erased.erased.map { ($0.table, $0.rows) })
      #expect(
        rows == [
          "person": 1, "credential": 1, "invitation": 1, "session": 1, "authorised_person": 0,
          "role_grant": 0, "parental_consent": 0, "minor_report": 0, "manager_relation": 0,
          "person_correction": 0, "email_change": 0, "enrolment": 0,
          "sign_in": 0, "password_reset": 0, "recovery_code": 0, "totp": 0, "access_event": 0,
          "security_event": 3,
          "outbox": 0, "notice": 0, "remembered_device": 0,
        ])
      let after = try await scan(ada)
      #expect(after.count == before.count)
      #expect(after.allSatisfy { $0.rowsFound == 0 })
      let again = try await house.subjects.eraseSubject(request, house.asPrivacy)
      #expect(again.erased == erased.erased, "an answer that was lost comes again")
      let another = try await house.subjects.eraseSubject(
        .with {
          $0.organisationID = tenant.canonical
          $0.subjectID = ada.canonical
          $0.requestID = UUID().canonical
        }, house.asPrivacy)
      #expect(another.erased.allSatisfy { $0.rows == 0 })
      let refused = try await refusal { try await house.login(tenant, "ada@acme.nl") }
      #expect(refused?.code == .unauthenticated)
      #expect(try await scan(ben).first { $0.table == "person" }?.rowsFound == 1)
      _ = try await house.login(tenant, "ben@acme.nl")
      // The address is free again, for another person.
      #expect(try await house.enrol(tenant, "ada@acme.nl") != ada)
    }
  }

  @Test func `an export opens what is sealed and leaves out what is secret`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, "ada@acme.nl")
      var records: [SubjectRecord] = []
      let store = SubjectStore(
        database: house.database, vault: house.service.vault, sessions: house.service.sessions,
        accesses: house.service.accesses, now: { house.clock.now })
      let subject = Subject(Mandate(tenant: tenant), person: ada, orderedBy: .service("test"))
      try await store.export(subject) { records.append($0) }
      let person = try #require(records.first { $0.table == "person" })
      let fields = Dictionary(uniqueKeysWithValues: person.fields.map { ($0.name, $0.value) })
      #expect(fields["name"] == "Ada Lovelace")
      #expect(fields["email"] == "ada@acme.nl")
      #expect(fields["roles"] == "participant")
      #expect(fields["source"] == "client")
      #expect(fields["created_at"] == "2026-09-21T14:13:20.000Z")
      #expect(Set(records.map(\.table)) == ["person", "credential", "invitation", "security_event"])
      let names = Set(records.flatMap { $0.fields.map(\.name) })
      #expect(names.isDisjoint(with: ["password_hash", "code_hash", "email_index"]))
    }
  }

  @Test func `clause 24: names and addresses stand sealed in the tables`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let dump = try await house.admin.run(
        ["SELECT encode(name || email || email_index, 'escape') AS dump FROM identity.person"],
        deadline: nil)
      let text: String = try dump[0][0].get("dump")
      #expect(!text.contains("Ada"))
      #expect(!text.contains("acme"))
    }
  }
}

@Suite("Signing keys")
struct SigningKeyTests {
  @Test func `processes that start at the same time make one key`() async throws {
    try await House.with { house in
      let (database, vault, clock) = (house.database, house.service.vault, house.clock)
      let ids = try await withThrowingTaskGroup(of: String.self) { group in
        for _ in 0..<4 {
          group.addTask { try await House.keys(database, vault, clock).signer().keyID }
        }
        return try await group.reduce(into: Set<String>()) { $0.insert($1) }
      }
      #expect(ids.count == 1)
    }
  }

  @Test func `a new key is published before it signs, and the old one as long as it counts`()
    async throws
  {
    try await House.with { house in
      let first = try await house.service.keys.signer().keyID
      let other = House.keys(house.database, house.service.vault, house.clock)
      #expect(try await other.signer().keyID == first)
      let second = try await house.service.keys.rotate()
      #expect(second != first)
      #expect(Set(try await house.service.keys.published().map(\.id)) == [first, second])
      #expect(try await house.service.keys.signer().keyID == first)
      house.clock.advance(61)
      #expect(try await house.service.keys.signer().keyID == second)
      #expect(try await other.signer().keyID == second)
      house.clock.advance(5 * 60)
      #expect(Set(try await other.published().map(\.id)) == [first, second])
      house.clock.advance(2 * 60)
      #expect(try await other.published().map(\.id) == [second])
    }
  }

  @Test func `a token outlives the rotation of its key`() async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, "ada@acme.nl")
      let before = try await house.login(tenant, "ada@acme.nl").accessToken
      _ = try await house.service.rotateSigningKey(
        IdentityRotateSigningKeyRequest(),
        house.asOperator(IdentityServicePolicies.rotateSigningKey))
      house.clock.advance(120)
      let after = try await house.login(tenant, "ada@acme.nl").accessToken
      _ = try await house.verify(before)
      _ = try await house.verify(after)
      #expect(before.prefix { $0 != "." } != after.prefix { $0 != "." })
    }
  }

  @Test func `the number of published keys is bounded`() async throws {
    try await House.with { house in
      _ = try await house.service.keys.signer()
      for _ in 1..<SigningKeys.limit { _ = try await house.service.keys.rotate() }
      let answer = try await refusal { try await house.service.keys.rotate() }
      #expect(answer?.code == .failedPrecondition)
    }
  }
}
