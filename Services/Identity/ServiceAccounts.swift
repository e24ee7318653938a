import Access
import Cryptography
import FoundationEssentials
import Hosting
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// Accounts of programs, their credentials, and the tokens that they get. All rows are the
/// platform's: an account may act in several organisations.
extension IdentityService {
  /// Seconds that a token of a program or of support lasts: it is not refreshed, but asked for.
  var briefTokenLifetime: TimeInterval {
    min(settings.tokenLifetime / .seconds(1), ServiceAccountLimits.tokenLifetime)
  }

  /// The account with its latest credentials, as an operator sees it.
  func shownServiceAccount(_ account: UUID, _ call: Call) async throws -> IdentityServiceAccount {
    let results = try await database.once(
      call.mandate(.platform), .serviceAccountFetch(account),
      .serviceCredentialFetch([account], limit: ServiceAccountLimits.shownCredentials))
    guard let row = results[0].first else { throw ServiceAccountError.accountNotFound }
    let credentials = try results[1].map { try ServiceCredential($0) }
    return IdentityServiceAccount(try ServiceAccount(row), credentials, forOperator: true)
  }

  /// The account under a lock that keeps it as it is until the transaction ends.
  func lockedServiceAccount(
    _ account: UUID, in transaction: TenantTransaction
  ) async throws -> ServiceAccount {
    guard let row = try await transaction.query(.serviceAccountLock(account)).first else {
      throw ServiceAccountError.accountNotFound
    }
    return try ServiceAccount(row)
  }

  /// Has the tokens refused that were issued for these; with the transaction's commit.
  func revokeTokens(
    ofSessions sessions: [UUID], at time: Date, in transaction: TenantTransaction
  ) throws {
    guard !sessions.isEmpty else { return }
    let end = time + briefTokenLifetime + TokenLimits.clockSkew + Sessions.skew
    try transaction.platformQueryAtCommit(
      SQL.revocationInsert(sessions.map { Revocation(.session($0), expiresAt: end) }))
  }
}

/// The end of what accounts leave behind.
struct ServiceAccountSweep: Sendable {
  /// Between two sweeps.
  static let interval: Duration = .seconds(60)
  /// Seconds that a credential is shown after its end.
  static let retention: TimeInterval = 365 * 86_400

  let database: Database
  let now: @Sendable () -> Date

  /// Sweeps for ever; ends with its task.
  func keepGoing(failed: (any Error) -> Void) async throws {
    try await repeating(every: Self.interval, failed: failed) { try await run() }
  }

  /// Deletes assertions that could not be used again anyway, and credentials that ended long ago.
  func run() async throws {
    let time = now()
    try await database.once(
      tenant: .platform, .serviceAssertionSweep(at: time),
      .serviceCredentialSweep(endedBefore: time - Self.retention))
  }
}

extension IdentityServiceAccount {
  init(
    _ account: ServiceAccount, _ credentials: [ServiceCredential], forOperator: Bool
  ) {
    self = .with {
      $0.serviceAccountID = account.id.canonical
      $0.name = account.name
      $0.scopes = account.scopes
      switch account.reach {
      case .all: $0.allOrganisations = true
      case .some(let organisations) where forOperator:
        $0.organisationIds = organisations.map(\.canonical)
      case .some: break
      }
      $0.createdAt = Google_Protobuf_Timestamp(date: account.createdAt)
      $0.expiresAt = Google_Protobuf_Timestamp(date: account.expiresAt)
      if let time = account.disabledAt { $0.disabledAt = Google_Protobuf_Timestamp(date: time) }
      $0.credentials = credentials.map {
        IdentityServiceCredential($0, forOperator: forOperator)
      }
    }
  }
}

extension IdentityServiceCredential {
  fileprivate init(_ credential: ServiceCredential, forOperator: Bool) {
    self = .with {
      $0.credentialID = credential.id.canonical
      switch credential.proof {
      case .certificate(let identity):
        $0.kind = "certificate"
        if forOperator { $0.identity = identity.text }
      case .key(let encoded):
        // A key that the table holds was read before it was stored.
        $0.kind = (try? SignatureKey(encoded: encoded))?.algorithm.rawValue ?? ""
        if forOperator { $0.identity = CertificateIdentity.key(Digest.sha256(encoded)).text }
      }
      $0.createdAt = Google_Protobuf_Timestamp(date: credential.createdAt)
      $0.expiresAt = Google_Protobuf_Timestamp(date: credential.expiresAt)
      if let time = credential.revokedAt { $0.revokedAt = Google_Protobuf_Timestamp(date: time) }
      if let time = credential.lastUsedAt { $0.lastUsedAt = Google_Protobuf_Timestamp(date: time) }
    }
  }
}
