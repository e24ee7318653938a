import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func getFactors(
    _ request: IdentityGetFactorsRequest, _ call: Call
  ) async throws -> IdentityFactors {
    let token = try call.person
    let account = try await ownAccount(call)
    let results = try await database.once(
      call.mandate(token.tenant), .totpFetch(token.tenant, of: token.subject),
      .recoveryCodeCount(token.tenant, of: token.subject))
    let totp = try results[0].first.map(TOTPRow.init)
    let left = try results[1][0].get("left_over", as: Int.self)
    let required = try await needsSecondFactor(account, of: token.tenant, call)
    return .with {
      if let since = totp?.confirmedAt { $0.totpSince = Google_Protobuf_Timestamp(date: since) }
      $0.recoveryCodesLeft = UInt32(left)
      $0.required = required
    }
  }

  /// The account of somebody who is signed in; NOT_FOUND after its erasure.
  func ownAccount(_ call: Call) async throws -> AccountRow {
    let token = try call.person
    guard let account = try await account(token.tenant, token.subject, call) else {
      throw IdentityError.accountNotFound
    }
    return account
  }
}
