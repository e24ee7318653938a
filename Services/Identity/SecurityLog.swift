import Access
import FoundationEssentials
import Launch
import Postgres
import Storage

/// What the methods write into the organisation's security log.
extension IdentityService {
  /// Who makes a call that concerns an organisation. Ask before a transaction: it needs a key.
  func origin(of call: Call, in tenant: UUID) async throws(VaultError) -> EventOrigin {
    switch call.caller {
    case .service, .account: return .service
    // Where IKSO's staff sits is not the organisation's to know.
    case .person(let token) where token.tenant != tenant: return EventOrigin(actor: .staff)
    case .person(let token):
      return EventOrigin(
        actor: .person(token.subject), session: token.session,
        source: try await vault.sourceDigest(tenant, call.source))
    case .anonymous:
      return EventOrigin(
        actor: .anonymous, source: try await vault.sourceDigest(tenant, call.source))
    }
  }

  /// The statement that records an event, to run with what it tells of. `person` has proved in this
  /// call who they are.
  func securityEvent(
    _ event: SecurityEvent, of tenant: UUID, by person: UUID? = nil, _ call: Call
  ) async throws(VaultError) -> SQL {
    let origin = try await origin(of: call, in: tenant)
    return .securityEvent(
      tenant, event, by: person.map(origin.proved) ?? origin, at: now())
  }

  /// What the log says of mail that is tried again; see `MailDesk.Record`.
  @Sendable func recordMailRetry(
    _ call: Call, _ tenant: UUID
  ) async throws -> @Sendable (UUID) -> [SQL] {
    let (origin, time) = (try await origin(of: call, in: tenant), now())
    return { person in
      [.securityEvent(tenant, SecurityEvent(.mailRetried, about: person), by: origin, at: time)]
    }
  }

  /// A failure of a person whom the call knows already, before it is answered.
  func recordFailure(
    _ kind: SecurityEvent.Kind, of person: UUID, _ tenant: UUID, _ call: Call
  ) async throws {
    try await database.once(
      call.mandate(tenant),
      try await securityEvent(SecurityEvent(kind, .failed, about: person), of: tenant, call))
  }
}

/// The end of events, some at a time, so that no transaction grows with the log.
struct SecurityLogSweep: Sendable {
  /// Events are kept for so long, in seconds: 400 days, a year and some time to look into it.
  static let retention: TimeInterval = 400 * 86_400
  /// Rows of one transaction.
  static let limit = 1_000

  let database: Database

  func end(at time: Date) -> Date { time - Self.retention }

  func run(_ mandate: Mandate, before end: Date) async throws {
    var deleted = Self.limit
    while deleted == Self.limit {
      deleted = try await database.once(
        mandate, .securityEventSweep(mandate.tenant, before: end, limit: Self.limit))[0].affected
    }
  }
}

extension Vault {
  /// Of a network address; nil for an organisation without keys, whose log nobody keeps.
  func sourceDigest(_ tenant: UUID, _ source: String) async throws(VaultError) -> [UInt8]? {
    do throws(VaultError) {
      return Array(try await blindIndex(tenant, source, purpose: "source").prefix(16))
    } catch {
      guard error == .tenantAbsent || error == .tenantDestroyed else { throw error }
      return nil
    }
  }
}
