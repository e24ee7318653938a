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
  /// Who proves nothing learns nothing: until a credential fits there is one answer. What is
  /// refused to an account that there is stands in the platform's log, written apart from the
  /// answer.
  func issueServiceToken(
    _ request: IdentityIssueServiceTokenRequest, _ call: Call
  ) async throws -> IdentityIssueServiceTokenResponse {
    let attempt = try Attempt(request.credential, call)
    do {
      return try await issue(request, attempt, call)
    } catch let error as ServiceAccountError {
      failures.take(
        SignInFailures.Failure(
          tenant: .platform, account: .program(attempt.account), kind: .serviceToken),
        from: call.source, at: now())
      throw error
    }
  }

  private func issue(
    _ request: IdentityIssueServiceTokenRequest, _ attempt: Attempt, _ call: Call
  ) async throws -> IdentityIssueServiceTokenResponse {
    let tenant = try UUID(field: "organisation_id", request.organisationID)
    let signer = try await keys.signer()
    let time = now()
    let (account, credential) = try await proven(attempt, at: time, call)
    call.rpc.setActor(
      ServerCall.Actor(name: "service-account:\(account.name)", tenant: tenant.canonical))
    try attempt.assertion.map { assertion in
      do throws(AssertionProblem) {
        try assertion.check(issuer: signer.issuer, at: time)
      } catch { throw ServiceAccountError.assertionRefused(error) }
    }
    try account.requireUsable(at: time)
    try await requireOrganisation(tenant, of: account, at: time, call)
    let scopes = try ServiceScopes.service.narrow(account.scopes, to: request.scopes)
    try await use(credential, of: account.id, attempt.assertion, at: time, call)
    let end = min(time + briefTokenLifetime, account.expiresAt, credential.expiresAt)
    let token = Token(
      issuer: signer.issuer, subject: account.id, tenant: tenant, roles: [.service],
      session: credential.id, authenticatedAt: time, issuedAt: time, expiresAt: end,
      statementHash: "", scopes: scopes, account: account.name)
    // In its last second: there is no shorter token.
    guard token.expiresAt > token.issuedAt else { throw ServiceAccountError.credentialRefused }
    let text = try signer.sign(token)
    return .with {
      $0.accessToken = text
      $0.expiresAt = Google_Protobuf_Timestamp(date: token.expiresAt)
      $0.scopes = scopes
    }
  }

  /// What a caller proves with.
  private struct Attempt {
    let account: UUID
    let assertion: ServiceAssertion?
    /// What the connection's certificate is known by; none for what the gateway passes on.
    let identities: Set<CertificateIdentity>

    init(
      _ credential: IdentityIssueServiceTokenRequest.OneOf_Credential?, _ call: Call
    ) throws {
      switch credential {
      case .assertion(let text):
        do throws(AssertionProblem) {
          let assertion = try ServiceAssertion(text)
          (account, self.assertion, identities) = (assertion.account, assertion, [])
        } catch {
          throw ServiceAccountError.assertionRefused(error)
        }
      case .serviceAccountID(let id):
        account = try UUID(field: "service_account_id", id)
        assertion = nil
        identities = Self.identities(of: call)
      case nil: throw ServiceAccountError.field(.credential, .missing)
      }
    }

    private static func identities(of call: Call) -> Set<CertificateIdentity> {
      guard let (name, keyHash) = call.certificate,
        !CertificateIdentity.processes.contains(name)
      else { return [] }
      return [.spiffe(name: name), .key(keyHash)]
    }

    func fits(_ credential: ServiceCredential) -> Bool {
      switch credential.proof {
      case .certificate(let identity): identities.contains(identity)
      case .key(let encoded):
        assertion.map { assertion in
          (try? SignatureKey(encoded: encoded)).map(assertion.isSigned(by:)) ?? false
        } ?? false
      }
    }
  }

  private func proven(
    _ attempt: Attempt, at time: Date, _ call: Call
  ) async throws -> (ServiceAccount, ServiceCredential) {
    let results = try await database.once(
      call.mandate(.platform), .serviceAccountFetch(attempt.account),
      .serviceCredentialFetchCounting(attempt.account, at: time))
    let credentials = try results[1].map { try ServiceCredential($0) }
    guard let row = results[0].first,
      let credential = credentials.first(where: { $0.counts(at: time) && attempt.fits($0) })
    else { throw ServiceAccountError.credentialRefused }
    return (try ServiceAccount(row), credential)
  }

  /// One that the account may not act in is answered as one that is not there.
  private func requireOrganisation(
    _ tenant: UUID, of account: ServiceAccount, at time: Date, _ call: Call
  ) async throws {
    guard account.reach.holds(tenant) else { throw IdentityError.organisationNotFound }
    let row = try await database.once(call.mandate(tenant), .organisationFetch(tenant))[0].first
    guard let organisation = try row.map(OrganisationRow.init) else {
      throw IdentityError.organisationNotFound
    }
    try organisation.contract.requireActive(on: organisation.today(time))
  }

  /// Under the locks of account and credential: whoever ends one of them at this moment waits, and
  /// revokes the token, or was first.
  private func use(
    _ credential: ServiceCredential, of account: UUID, _ assertion: ServiceAssertion?,
    at time: Date, _ call: Call
  ) async throws {
    try await database.transaction(call.mandate(.platform)) { transaction in
      guard let row = try await transaction.query(.serviceAccountShare(account)).first else {
        throw ServiceAccountError.credentialRefused
      }
      try ServiceAccount(row).requireUsable(at: time)
      let used = try await transaction.query(
        .serviceCredentialUse(account, credential.id, at: time))
      guard used.affected == 1 else { throw ServiceAccountError.credentialRefused }
      guard let assertion else { return }
      let limit = ServiceAccountLimits.assertions
      let known: Int64 = try await transaction.query(
        .serviceAssertionCount(account, at: time, limit: limit))[0].get("known")
      guard known < limit else { throw ServiceAccountError.tooManyAssertions }
      let kept = try await transaction.query(
        .serviceAssertionInsert(
          account, assertion.identifierHash, until: assertion.rememberedUntil))
      guard kept.affected == 1 else { throw ServiceAccountError.assertionRefused(.replayed) }
    }
  }
}
