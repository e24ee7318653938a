import Access
import Schemas
import SwiftProtobuf

extension IdentityService {
  func login(_ request: IdentityLoginRequest, _ call: Call) async throws -> IdentityLoginResponse {
    let account = try await authenticate(
      organisation: request.organisationID, email: request.email, password: request.password,
      call)
    let admission = try await admit(account.row, of: account.tenant, call)
    let session = try await openSession(account.row, of: account.tenant, admission, call)
    return .with {
      $0.accessToken = session.token.text
      $0.expiresAt = Google_Protobuf_Timestamp(date: session.token.expiresAt)
      $0.personID = account.person.id.text
      $0.sessionID = session.id.text
      $0.refreshToken = session.refresh.text
      $0.sessionExpiresAt = Google_Protobuf_Timestamp(date: session.expiresAt)
    }
  }
}
