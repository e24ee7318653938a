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
    let mandate = call.mandate(person.tenant)
    let list = try await pages.list("consents", mandate, reader: person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    return try await database.transaction(mandate) { transaction in
      let standings = try await ConsentStore.standings(of: person.subject, in: transaction)
      let (receipts, next) = try await ConsentStore.receipts(
        page, of: person.subject, in: transaction)
      return try .with {
        $0.standings = standings.map(\.message)
        $0.receipts = receipts.map(\.message)
        $0.nextPageToken = try list.token(next)
      }
    }
  }
}
