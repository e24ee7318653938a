import Access
import FoundationEssentials
import Launch
import Postgres
import Storage

/// Wishes for a new password, between the answer and the work: who asks is answered before anything
/// is looked up, so that the time of the answer says nothing about an account. A wish that the end
/// of the process overtakes is lost, and made again.
final class PasswordResets: Sendable {
  /// Wishes that wait, of all organisations.
  static let limit = 1_000
  /// A link counts for so long, in seconds.
  static let lifetime: TimeInterval = 1_800
  /// Links of one account that count at a time. A stranger who asks for more gets the owner no
  /// further mail, and takes none of theirs away.
  static let linkLimit = 3

  struct Wish: Sendable {
    let tenant: UUID
    let email: EmailAddress
    /// Where it was asked.
    let source: String
  }

  private let wishes: AsyncStream<Wish>
  private let door: AsyncStream<Wish>.Continuation

  init() {
    (wishes, door) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.limit))
  }

  func take(_ wish: Wish) throws(IdentityError) {
    if case .dropped = door.yield(wish) { throw .busy }
  }

  /// Gives each wish to `body`, one at a time, until the task is cancelled.
  func forEach(_ body: (Wish) async -> Void) async {
    for await wish in wishes { await body(wish) }
  }

  /// For tests: all that was taken until now.
  func drain(_ body: (Wish) async throws -> Void) async rethrows {
    door.finish()
    for await wish in wishes { try await body(wish) }
  }
}

/// Sends the links that were asked for.
struct PasswordResetLinks: Sendable {
  let database: Database
  let vault: Vault
  let outbox: Outbox
  let links: String
  let now: @Sendable () -> Date

  /// Mails a link to whoever has an account with a password at this address, in an organisation
  /// whose contract is active. Operators' passwords come from the command line alone.
  func send(_ wish: PasswordResets.Wish) async throws {
    let (tenant, time) = (wish.tenant, now())
    guard tenant != .platform else { return }
    let organisations = try await database.once(tenant: tenant, .organisationFetch(tenant))[0]
    guard let organisation = try organisations.first.map(OrganisationRow.init),
      case .active = organisation.contract.state(on: organisation.today(time))
    else { return }
    let index = try await vault.blindIndex(tenant, wish.email.normalised)
    let results = try await database.once(
      tenant: tenant, all: SQL.accountFetch(tenant, emailIndex: index))
    guard let account = try AccountRow(results[...]), account.passwordHash != nil else { return }
    let person = account.person
    let open = try await database.once(
      tenant: tenant, .passwordResetCount(tenant, of: person.id, at: time))
    guard try open[0][0].get("open_links", as: Int.self) < PasswordResets.linkLimit else { return }
    let code = LinkCode.generate(tenant: tenant)
    let end = time + PasswordResets.lifetime
    let origin = EventOrigin(
      actor: .anonymous, source: try await vault.sourceDigest(tenant, wish.source))
    let addressee = try await Addressee(person, of: tenant, organisation.policy.language, vault)
    let mail = try outbox.post(
      [(.passwordReset(code, until: end), addressee)], of: tenant, links: links, at: time,
      expiresAt: end)
    try await database.once(
      tenant: tenant,
      all: SQL.passwordResetInsert(
        tenant, UUID(), of: person.id, codeHash: code.hash, at: time, expiresAt: end) + [
          .securityEvent(
            tenant, SecurityEvent(.passwordResetAsked, about: person.id), by: origin, at: time)
        ] + mail)
    outbox.ring()
  }
}
