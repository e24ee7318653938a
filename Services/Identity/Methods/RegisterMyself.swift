import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  /// Every answer takes as long: what is true of organisation and address does not show in it.
  private static var answerTime: Duration { .milliseconds(1_500) }
  /// Between two mails to one address.
  private static var mailPause: TimeInterval { 600 }

  func registerMyself(
    _ request: IdentityRegisterMyselfRequest, _ call: Call
  ) async throws -> IdentityRegisterMyselfResponse {
    let end = ContinuousClock.now + Self.answerTime
    let tenant = try UUID(field: "organisation_id", request.organisationID)
    let name = try RequestField.name.check { () throws(FieldProblem) in
      try PersonName(request.name)
    }
    let email = try RequestField.email.check { () throws(FieldProblem) in
      try EmailAddress(request.email)
    }
    // By address and source: nobody takes registration away from a whole organisation.
    let key = SignInThrottle.Key(
      organisation: tenant.uuidString, email: email.normalised, source: call.source)
    try resetThrottle.admit(key, at: now())
    try await register(name, email, in: tenant, call)
    try await Task.sleep(until: end, clock: .continuous)
    return IdentityRegisterMyselfResponse()
  }

  private func register(
    _ name: PersonName, _ email: EmailAddress, in tenant: UUID, _ call: Call
  ) async throws {
    let row = try await database.once(call.mandate(tenant), .organisationFetch(tenant))[0].first
    guard let organisation = try row.map(OrganisationRow.init),
      organisation.policy.selfRegistration, organisation.policy.admits(email),
      organisation.contract.state(on: organisation.today(now())) == .active
    else { return }
    let index = try await vault.blindIndex(tenant, email.normalised)
    if let known = try await account(tenant, emailIndex: index, call) {
      return try await remind(known, organisation, call)
    }
    try await makeRoom(in: tenant, call)
    let id = UUID()
    try await vault.createPersons(tenant, [id])
    let key = try await vault.person(tenant, id)
    let person = try NewPerson(
      id: id, name: name, email: email, emailIndex: index,
      roles: [Role.participant.rawValue], key: key)
    let time = now()
    let code = LinkCode.generate(tenant: tenant)
    let expiry = time + settings.registrationLifetime / .seconds(1)
    let event = try await securityEvent(SecurityEvent(.registered, about: id), of: tenant, call)
    let addressee = Addressee(
      person: id, name: name.text, email: email.text, key: key,
      language: organisation.policy.language)
    let mail = try invite(
      [(addressee, code)], of: organisation, at: time, expiresAt: expiry)
    do {
      try await database.once(
        call.mandate(tenant),
        all: [.personInsert(tenant, [person], source: .own, at: time)]
          + SQL.invitationRenew(tenant, id, code, at: time, expiresAt: expiry) + [event] + mail)
    } catch {
      // Twice at once: the other one's mail is on its way.
      guard error.violatedConstraint == "person_email" else { throw error }
      return
    }
    outbox.ring()
  }

  /// Who is enrolled and has no password yet gets another link; who has one, nothing.
  private func remind(
    _ known: AccountRow, _ organisation: OrganisationRow, _ call: Call
  ) async throws {
    guard known.passwordHash == nil else { return }
    let (tenant, time) = (organisation.id, now())
    let latest = try await database.once(
      call.mandate(tenant), .invitationLatest(tenant, of: known.person.id))[0][0]
    let sentAt: Date? = try latest.get("sent_at")
    if let sentAt, sentAt > time - Self.mailPause { return }
    // Of whom the client has enrolled nobody shortens the term.
    let lifetime =
      try latest.get("is_own") ? settings.registrationLifetime : settings.invitationLifetime
    try await inviteAgain(known.person, organisation, for: lifetime, call)
  }

  /// Where as many wait as may, one is given up for who comes now: the oldest that came from where
  /// most of them did, so that a stranger who fills the list takes the place of their own. Whoever
  /// has set a password is none of them.
  private func makeRoom(in tenant: UUID, _ call: Call) async throws {
    let mandate = call.mandate(tenant)
    let waiting: Int64 = try await database.once(mandate, .registrationCount(tenant))[0][0]
      .get("unconfirmed")
    guard waiting >= settings.unconfirmedLimit else { return }
    let time = now()
    let givenUp: UUID? = try await database.transaction(mandate) { transaction in
      let oldest = try await transaction.query(.registrationToGiveUp(tenant)).first
      guard let person = try oldest?.get("person_id", as: UUID.self) else { return nil }
      // Whoever sets a password at this moment is first, or finds the link without use.
      let results = try await transaction.query(all: [
        .invitationReplaceAll(tenant, of: person, at: time), .credentialFetch(tenant, person),
      ])
      return results[1].isEmpty ? person : nil
    }
    guard let givenUp else { return }
    _ = try await subjects.erase(
      Subject(Mandate(tenant: tenant), person: givenUp, orderedBy: .service("identity")))
  }
}
