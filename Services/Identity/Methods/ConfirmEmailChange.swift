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
    let hasPassword = change.account.passwordHash != nil
    try change.requireMayReaddress(asked.source)
    try AddressChangeRules.requireEffective(
      asked.effectiveAt, isOwn: asked.source == .own, hasPassword: hasPassword, at: change.time)
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
        // Whoever has the old address has no way in by what was sent there.
        .passwordResetDelete(tenant, of: person),
        .invitationReplaceAll(tenant, of: person, at: change.time),
      ] + post(
        .addressChanged(organisation: change.organisation.name), to: addressee, of: tenant,
        at: change.time))
    if !hasPassword { try await inviteAnew(addressee.at(new), change) }
  }

  private func inviteAnew(_ addressee: Addressee, _ change: PersonChange) async throws {
    let (tenant, time) = (change.tenant, change.time)
    let code = LinkCode.generate(tenant: tenant)
    let expiry = invitationExpiry(from: time)
    try change.record(.invitationSent)
    try await change.transaction.query(
      all: SQL.invitationRenew(tenant, change.person, code, at: time, expiresAt: expiry)
        + invite([(addressee, code)], of: change.organisation, at: time, expiresAt: expiry))
  }
}
