import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func listServiceAccounts(
    _ request: IdentityListServiceAccountsRequest, _ call: Call
  ) async throws -> IdentityListServiceAccountsResponse {
    let caller = try call.person
    let isOperator = caller.roles.contains(.operator)
    let mandate = call.mandate(.platform)
    // The rows are the platform's; which of them a client sees is its token's to say.
    let list = try await pages.list(
      "service accounts of \(caller.tenant.canonical)", mandate, reader: caller.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let rows = try await database.once(
      mandate, .serviceAccountPage(page, of: isOperator ? nil : caller.tenant))[0]
    let accounts = try rows.prefix(page.size).map { try ServiceAccount($0) }
    let credentials = try await database.once(
      mandate,
      .serviceCredentialFetch(
        accounts.map(\.id), limit: ServiceAccountLimits.shownCredentials))[0]
    let owned = try Dictionary(
      grouping: credentials.map { row in
        (owner: try row.get("service_account_id", as: UUID.self), try ServiceCredential(row))
      }, by: \.owner)
    let last = accounts.last.map { PagePosition(at: $0.createdAt, id: $0.id) }
    return try .with {
      $0.serviceAccounts = accounts.map { account in
        IdentityServiceAccount(
          account, (owned[account.id] ?? []).map(\.1), forOperator: isOperator)
      }
      $0.nextPageToken = try list.token(rows.count > page.size ? last : nil)
    }
  }
}
