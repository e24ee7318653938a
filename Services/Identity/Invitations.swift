import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// An invitation that is still open, with what it is about.
struct OpenedInvitation: Sendable {
  let id: UUID
  let tenant: UUID
  let person: UUID
  let name: String
  let email: String
  let expiresAt: Date
}

extension IdentityService {
  func invitationExpiry(from time: Date) -> Date {
    time + settings.invitationLifetime / .seconds(1)
  }

  /// The invitation that a code stands for. A code that is not known is NOT_FOUND; one that is,
  /// and is of no use any more, says why.
  func invitation(_ code: String, _ call: Call) async throws -> OpenedInvitation {
    guard let code = LinkCode(code) else { throw IdentityError.invitationUnknown }
    let results = try await database.once(
      call.mandate(code.tenant), .invitationFetch(code.tenant, codeHash: code.hash))
    guard let first = results[0].first else { throw IdentityError.invitationUnknown }
    let row = try InvitationRow(first)
    try row.invitation.requireOpen(at: now())
    let key = try await vault.person(code.tenant, row.person.id)
    return OpenedInvitation(
      id: row.id, tenant: code.tenant, person: row.person.id, name: try row.person.name(key),
      email: try row.person.email(key), expiresAt: row.invitation.expiresAt)
  }

  /// The statements that send invitations, with the transaction that makes them.
  func invite(
    _ invitees: [(addressee: Addressee, code: LinkCode)], of organisation: OrganisationRow,
    at time: Date, expiresAt: Date
  ) throws -> [SQL] {
    let day = organisation.today(expiresAt)
    return try outbox.post(
      invitees.map { addressee, code in
        (.invitation(code, organisation: organisation.name, until: day), addressee)
      }, of: organisation.id, links: settings.linkBase, at: time, expiresAt: expiresAt)
  }

  /// The personal statement of somebody who has no token yet (clause 3).
  func statement(
    for name: String, _ person: UUID, of organisation: OrganisationRow, _ call: Call
  ) async throws -> PrivacyPersonalStatement {
    try await askDesk(call) { desk, options throws(RPCError) in
      try await desk.renderStatement(
        .with {
          $0.organisationID = organisation.id.canonical
          $0.organisationName = organisation.name
          $0.personName = name
          $0.subjectKind = .participant
          $0.subjectID = person.canonical
        }, options)
    }
  }

  /// Who a credential stands for, with the name to address them by.
  func identify(
    _ credential: IdentityCredential, _ call: Call
  ) async throws -> (tenant: UUID, person: UUID, name: String) {
    switch credential.kind {
    case .invitationCode(let code):
      let invitation = try await invitation(code, call)
      return (invitation.tenant, invitation.person, invitation.name)
    case .password(let password):
      let account = try await authenticate(
        organisation: password.organisationID, email: password.email,
        password: password.password, call)
      guard !account.row.hasSecondFactor else { throw IdentityError.factorNeeded }
      return try await identified(account)
    case .challenge(let challenge):
      let resumed = try await resume(challenge, call)
      guard resumed.signIn.proof != nil || !resumed.account.row.hasSecondFactor else {
        throw IdentityError.factorNeeded
      }
      return try await identified(resumed.account)
    case nil:
      throw IdentityError.credentialMissing
    }
  }

  private func identified(
    _ account: Account
  ) async throws -> (tenant: UUID, person: UUID, name: String) {
    let key = try await vault.person(account.tenant, account.person.id)
    return (account.tenant, account.person.id, try account.person.name(key))
  }
}
