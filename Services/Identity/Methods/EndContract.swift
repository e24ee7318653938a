import Access
import Schemas

extension IdentityService {
  func endContract(
    _ request: IdentityEndContractRequest, _ call: Call
  ) async throws -> IdentityOrganisation {
    let last = try RequestField.lastDay.check { () throws(FieldProblem) in
      try Day(request.lastDay)
    }
    return try await changeContract(request.organisationID, call) {
      (contract, today) throws(IdentityError) in
      try contract.ending(last, on: today)
    }
  }
}
