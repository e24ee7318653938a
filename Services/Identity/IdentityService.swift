import Access
import Cryptography
import FoundationEssentials
import Launch
import RPC
import Reactor
import Schemas
import Storage

/// Organisations, people and sign-in: what the methods in Methods/ are made from.
struct IdentityService:
  IdentityServiceHandler, OrganisationServiceHandler, PeopleServiceHandler, MinorServiceHandler,
  ProgrammeServiceHandler, ReportServiceHandler, PersonDeskServiceHandler,
  SessionServiceHandler, SignInServiceHandler, FactorServiceHandler,
  PasswordServiceHandler, SecurityLogServiceHandler, ServiceAccountServiceHandler,
  ServiceTokenServiceHandler, SupportServiceHandler, DeviceServiceHandler
{
  let database: Database
  let vault: Vault
  let passwords: PasswordHashing
  let breached: BreachedPasswords
  let blocking: BlockingPool
  let outbox: Outbox
  let accesses: AccessJournal
  /// Where statements are rendered and acceptances kept.
  let desk: StatementDeskServiceClient
  let erasure: OrganisationErasure
  let keys: SigningKeys
  let throttle: SignInThrottle
  /// Of those who ask for a mail to an address: a link to a new password, or to a registration.
  let resetThrottle: SignInThrottle
  let resets: PasswordResets
  let failures: SignInFailures
  let sessions: Sessions
  let pages: PageTokens
  let settings: IdentitySettings
  let now: @Sendable () -> Date

  var subjects: SubjectStore {
    SubjectStore(
      database: database, vault: vault, sessions: sessions, accesses: accesses, now: now)
  }
}

struct IdentitySettings: Sendable {
  /// Begins the link in an invitation; without a slash at its end.
  var linkBase: String
  var invitationLifetime: Duration = .seconds(14 * 86_400)
  /// `registrations.lifetimeDays`: of the link to whoever registers themselves.
  var registrationLifetime: Duration = .seconds(3 * 86_400)
  /// `registrations.unconfirmedLimit`: of one organisation, that nobody has confirmed yet.
  var unconfirmedLimit = 1_000
  /// `tokens.lifetimeSeconds`
  var tokenLifetime: Duration = .seconds(300)
  /// `sessions.idleSeconds` and `sessions.absoluteSeconds`
  var sessions = SessionLimits()
}

extension IdentityService {
  /// NOT_FOUND for an organisation that does not exist, the platform's own tenant among them.
  func organisation(_ tenant: UUID, _ call: Call) async throws -> OrganisationRow {
    let results = try await database.once(
      call.mandate(tenant), .organisationFetch(tenant))
    guard let row = results[0].first else { throw IdentityError.organisationNotFound }
    return try OrganisationRow(row)
  }

  /// The same, if its contract is active (clause 5).
  func activeOrganisation(_ tenant: UUID, _ call: Call) async throws -> OrganisationRow {
    let organisation = try await organisation(tenant, call)
    try organisation.contract.requireActive(on: organisation.today(now()))
    return organisation
  }

  /// Asks the privacy service. What it refuses is the caller's to know; when it cannot be asked,
  /// nothing goes on without it.
  func askDesk<Answer>(
    _ call: Call, _ body: (StatementDeskServiceClient, CallOptions) async throws(RPCError) -> Answer
  ) async throws(RPCError) -> Answer {
    var options = CallOptions()
    options.deadline = call.rpc.deadline
    if options.deadline == nil { options.timeout = Self.deskTimeout }
    do {
      return try await body(desk, options)
    } catch {
      switch error.code {
      case .failedPrecondition, .invalidArgument, .deadlineExceeded, .cancelled: throw error
      default:
        throw .unavailable(
          "the privacy service cannot be asked about the statement; try again", cause: error)
      }
    }
  }

  private static let deskTimeout: Duration = .seconds(10)
}
