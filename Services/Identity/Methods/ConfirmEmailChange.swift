import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage

extension IdentityService {
  func confirmEmailChange(
    _ request: IdentityConfirmEmailChangeRequest, _ call: Call
  ) async throws -> IdentityConfirmEmailChangeResponse {
    guard let code = LinkCode(request.code) else { throw IdentityError.invitationUnknown }
    let tenant = code.tenant
    let rows = try await database.once(
      call.mandate(tenant), .emailChangeFetch(tenant, codeHash: code.hash))[0]
    guard let asked = try rows.first.map(EmailChangeRow.init) else {
      throw IdentityError.invitationUnknown
    }
    guard asked.expiresAt > now() else { throw IdentityError.linkExpired }
    let key = try await personKey(asked.person, tenant)
    let notice: Mail
    do {
      notice = try await change(asked.person, tenant, call) { change in
        try await confirm(asked, code, change, key)
      }
    } catch let error as PostgresError {
      guard error.violatedConstraint == "person_email" else { throw error }
      throw IdentityError.alreadyRegistered(lines: [])
    }
    try await mail.deliver([notice])
    return IdentityConfirmEmailChangeResponse()
  }

  private func confirm(
    _ asked: EmailChangeRow, _ code: LinkCode, _ change: PersonChange, _ key: SealingKey
  ) async throws -> Mail {
    let (tenant, person) = (change.tenant, asked.person)
    let used = try await change.query(.emailChangeUse(tenant, codeHash: code.hash))[0]
    guard used.affected == 1 else { throw IdentityError.invitationUnknown }
    let old = try change.account.person.email(key)
    let new = try asked.email.open(row: person, key)
    let id = UUID()
    try change.record(.addressChanged)
    try await change.transaction.query(
      all: [
        .personSetEmail(
          tenant, person, try Sealed(new, row: person, key), index: asked.emailIndex),
        .correctionInsert(
          tenant,
          NewCorrection(
            id: id, person: person, field: .email, oldValue: try Sealed(old, row: id, key),
            source: asked.source),
          at: change.time),
      ])
    // To the old address: its owner may not be who has opened the link.
    return AddressMail.notice(
      to: old, name: try change.account.person.name(key), of: change.organisation)
  }
}
