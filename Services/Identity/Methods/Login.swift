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
  func login(_ request: IdentityLoginRequest, _ call: Call) async throws -> IdentityLoginResponse {
    let account = try await authenticate(
      organisation: request.organisationID, email: request.email, password: request.password,
      call)
    let admission = try await admit(account.row, of: account.tenant, call)
    let signer = try await keys.signer()
    let session = UUID()
    let time = now()
    let token = try signer.sign(
      subject: account.person.id, tenant: account.tenant, roles: admission.roles, session: session,
      authenticatedAt: time, statementHash: Hex.encode(admission.statement), now: time,
      lifetime: settings.tokenLifetime)
    do {
      try await database.once(
        call.mandate(account.tenant),
        .sessionInsert(account.tenant, session, account.person.id, authenticatedAt: time))
    } catch {
      guard error.violatedConstraint == "session_person" else { throw error }
      // Erased in this moment.
      throw IdentityError.signInFailed
    }
    return .with {
      $0.accessToken = token
      $0.expiresAt = Google_Protobuf_Timestamp(date: time + settings.tokenLifetime / .seconds(1))
      $0.personID = account.person.id.text
      $0.sessionID = session.text
    }
  }
}
