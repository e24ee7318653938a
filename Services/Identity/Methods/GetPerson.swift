import Access
import FoundationEssentials
import Schemas

extension IdentityService {
  func getPerson(_ request: IdentityGetPersonRequest, _ call: Call) async throws -> IdentityPerson {
    let person = try UUID(field: "person_id", request.personID)
    try call.requireOwn(person, or: [.administrator, .privacyOfficer, .auditor, .support])
    return try await shownPerson(person, call.tenant(), call)
  }
}
