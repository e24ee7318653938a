import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  func addCredential(
    _ request: IdentityAddCredentialRequest, _ call: Call
  ) async throws -> IdentityServiceAccount {
    let id = try UUID(field: "service_account_id", request.serviceAccountID)
    let proof = try ServiceCredential.Proof(request.credential)
    let time = now()
    let life = try ServiceAccountLimits.days(
      request.validDays, upTo: ServiceAccountLimits.credentialDays)
    let limit = ServiceAccountLimits.credentials
    let credential = UUID()
    let event = try await securityEvent(
      SecurityEvent(.credentialAdded, session: credential), of: .platform, call)
    do {
      try await database.transaction(call.mandate(.platform)) { transaction in
        let account = try await lockedServiceAccount(id, in: transaction)
        try account.requireUsable(at: time)
        let counting: Int64 = try await transaction.query(
          .serviceCredentialCount(id, at: time))[0].get("counting")
        guard counting < limit else {
          throw ServiceAccountError.tooManyCredentials(limit: limit)
        }
        try await transaction.query(
          .serviceCredentialInsert(
            id,
            ServiceCredential(
              id: credential, proof: proof, createdAt: time,
              expiresAt: min(time + life, account.expiresAt))))
        try transaction.queryAtCommit([event])
      }
    } catch let error as PostgresError {
      guard error.violatedConstraint == "service_credential_identity" else { throw error }
      throw ServiceAccountError.credentialKnown
    }
    return try await shownServiceAccount(id, call)
  }
}

extension ServiceCredential.Proof {
  fileprivate init(
    _ credential: IdentityAddCredentialRequest.OneOf_Credential?
  ) throws(ServiceAccountError) {
    switch credential {
    case .publicKey(let pem):
      do {
        self = .key(try SignatureKey(pem: pem).encoded)
      } catch {
        throw .field(.publicKey, .notAKey)
      }
    case .certificateIdentity(let text): self = .certificate(try CertificateIdentity(text))
    case nil: throw .field(.credential, .missing)
    }
  }
}
