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
    do {
      try await change(asked.person, tenant, call) { change in
        try await confirm(asked, code, change, key)
      }
    } catch let error as PostgresError {
      guard error.violatedConstraint == "person_email" else { throw error }
      throw IdentityError.alreadyRegistered(lines: [])
    }
    outbox.ring()
    return IdentityConfirmEmailChangeResponse()
  }

  private func confirm(
    _ asked: EmailChangeRow, _ code: LinkCode, _ change: PersonChange, _ key: SealingKey
  ) async throws {
    let (tenant, person) = (change.tenant, asked.person)
    let used = try await change.query(.emailChangeUse(tenant, codeHash: code.hash))[0]
    guard used.affected == 1 else { throw IdentityError.invitationUnknown }
    let addressee = try await addressee(change.account.person, of: change.organisation)
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
            id: id, person: person, field: .email,
            oldValue: try Sealed(addressee.email, row: id, key), source: asked.source),
          at: change.time),
      ] + post(
        .addressChanged(organisation: change.organisation.name), to: addressee, of: tenant,
        at: change.time))
  }
}
