import Access
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension ConsentService {
  func listConsents(
    _ request: PrivacyListConsentsRequest, _ call: Call
  ) async throws -> PrivacyListConsentsResponse {
    let person = try call.person
    return try await database.transaction(call.mandate(person.tenant)) { transaction in
      let standings = try await ConsentStore.standings(of: person.subject, in: transaction)
      let receipts = try await ConsentStore.receipts(of: person.subject, in: transaction)
      return .with {
        $0.standings = standings.map(\.message)
        $0.receipts = receipts.map(\.message)
      }
    }
  }
}
