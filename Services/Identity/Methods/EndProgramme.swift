import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage

extension IdentityService {
  func endProgramme(
    _ request: IdentityEndProgrammeRequest, _ call: Call
  ) async throws -> IdentityProgramme {
    let last = try RequestField.lastDay.check { () throws(FieldProblem) in
      try Day(request.lastDay)
    }
    return try await changeProgramme(request.programmeID, call) { change in
      let programme = try change.programme.ending(last, on: change.today)
      try await change.transaction.query(.programmeEnd(change.tenant, programme))
      return IdentityProgramme(programme)
    }
  }
}

/// A change of a programme or of its enrolments, while nobody else changes it.
struct ProgrammeChange: Sendable {
  let programme: Programme
  let today: Day
  let transaction: TenantTransaction

  var tenant: UUID { transaction.tenant }
}

extension IdentityService {
  /// NOT_FOUND for a programme that is not the caller's organisation's.
  func changeProgramme<Value: Sendable>(
    _ id: String, _ call: Call, _ body: (ProgrammeChange) async throws -> Value
  ) async throws -> Value {
    let tenant = try call.tenant()
    let programme = try UUID(field: "programme_id", id)
    let today = try await activeOrganisation(tenant, call).today(now())
    return try await database.transaction(call.mandate(tenant)) { transaction in
      let row = try await transaction.query(.programmeLock(tenant, programme)).first
      guard let row else { throw IdentityError.programmeNotFound }
      return try await body(
        ProgrammeChange(programme: try Programme(row), today: today, transaction: transaction))
    }
  }
}
