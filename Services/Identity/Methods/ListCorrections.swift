import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  private static var limit: Int { 100 }

  func listCorrections(
    _ request: IdentityListCorrectionsRequest, _ call: Call
  ) async throws -> IdentityListCorrectionsResponse {
    let tenant = try call.tenant()
    let person = try UUID(field: "person_id", request.personID)
    try call.requireOwn(person, or: [.administrator, .privacyOfficer])
    let key = try await personKey(person, tenant)
    let written = try await accesses.statements(
      .read, of: [person], ["name", "email"], in: tenant, call)
    let rows = try await database.once(
      call.mandate(tenant),
      all: [.correctionFetch(tenant, person, limit: Self.limit)] + written)[0]
    if !written.isEmpty { accesses.ring() }
    let corrections = try rows.map { try CorrectionRow($0) }
    return try .with { response in
      response.corrections = try corrections.map { row in
        let old = try row.oldValue.open(row: row.id, key)
        return .with {
          $0.field = row.field == .name ? .name : .email
          $0.oldValue = old
          $0.provenance = row.source == .own ? .person : .client
          $0.correctedAt = Google_Protobuf_Timestamp(date: row.correctedAt)
        }
      }
    }
  }
}
