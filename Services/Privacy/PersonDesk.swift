import Access
import Cryptography
import FoundationEssentials
import RPC
import Schemas
import SwiftProtobuf

extension PersonDeskServiceClient {
  /// Whether somebody is one of the organisation, as identity knows it. It is asked in privacy's
  /// own name: neither what the caller may do nor a purpose that is stopped is in a request's way.
  func has(_ person: UUID, of tenant: UUID, _ call: Call) async throws -> Bool {
    do {
      _ = try await checkPerson(
        .with {
          $0.organisationID = tenant.canonical
          $0.personID = person.canonical
        }, call.inOwnName.forwarded)
      return true
    } catch {
      if error.code == .notFound { return false }
      throw error
    }
  }
}
