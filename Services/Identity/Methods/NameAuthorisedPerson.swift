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
  /// Somebody who has an account already gets the role and no invitation; whoever was named to the
  /// same place without an end before is succeeded.
  func nameAuthorisedPerson(
    _ request: IdentityNameAuthorisedPersonRequest, _ call: Call
  ) async throws -> IdentityAuthorisedPerson {
    let tenant = try call.tenant(organisation: request.organisationID)
    let name = try RequestField.name.check { () throws(FieldProblem) in
      try PersonName(request.name)
    }
    let email = try RequestField.email.check { () throws(FieldProblem) in
      try EmailAddress(request.email)
    }
    let period = try Period(
      begin: (.validFrom, request.validFrom), end: (.validUntil, request.validUntil))
    let organisation = try await activeOrganisation(tenant, call)
    let index = try await vault.blindIndex(tenant, email.normalised)
    let known = try await account(tenant, emailIndex: index, call)
    let id = known?.person.id ?? UUID()
    if known == nil { try await vault.createPersons(tenant, [id]) }
    let key = try await vault.person(tenant, id)
    let needsInvitation = known?.passwordHash == nil
    let code = LinkCode.generate(tenant: tenant)
    let time = now()
    let expiry = invitationExpiry(from: time)
    var statements: [SQL] = []
    if known == nil {
      let person = try NewPerson(
        id: id, name: name, email: email, emailIndex: index, roles: [], key: key)
      statements.append(.personInsert(tenant, [person], source: .client, at: time))
    }
    let naming = Naming(person: id, period: period, isDeputy: request.deputy)
    statements += try await accesses.statements(
      .rightsChange, of: [id], ["rights"], in: tenant, call)
    if needsInvitation {
      let addressee = Addressee(
        person: id, name: name.text, email: email.text, key: key,
        language: organisation.policy.language)
      statements += SQL.invitationRenew(tenant, id, code, at: time, expiresAt: expiry)
      statements += try invite(
        [(addressee, code)], of: organisation, at: time, expiresAt: expiry)
    }
    try await succeed(naming, with: statements, in: tenant, at: time, call)
    outbox.ring()
    accesses.ring()
    return .with {
      $0.personID = id.canonical
      $0.organisationID = tenant.canonical
      if needsInvitation {
        $0.invitationExpiresAt = Google_Protobuf_Timestamp(date: expiry)
      }
    }
  }

  private struct Naming {
    let person: UUID
    let period: Period
    let isDeputy: Bool
  }

  /// Under the organisation's lock, as whoever else decides on rights. The right of whom they
  /// succeed ends with it: so do the tokens that carry it.
  private func succeed(
    _ naming: Naming, with statements: [SQL], in tenant: UUID, at time: Date, _ call: Call
  ) async throws {
    let (person, period) = (naming.person, naming.period)
    let origin = try await origin(of: call, in: tenant)
    do {
      try await database.transaction(call.mandate(tenant)) { transaction in
        let succeeded = try await transaction.query(
          all: [.organisationLock(tenant)]
            + SQL.authorisedPersonSucceed(
              tenant, deputy: naming.isDeputy, from: period.begin))
        let before = try Set(
          succeeded.dropFirst().flatMap { try $0.map { try $0.get("person_id") as UUID } })
        try await transaction.query(
          all: statements + [
            .authorisedPersonInsert(
              tenant, UUID(), person, period, deputy: naming.isDeputy, at: time)
          ])
        try transaction.record(
          SecurityEvent(.authorisedPersonNamed, about: person, role: .privacyOfficer),
          by: origin, at: time)
        for predecessor in before.subtracting([person]).sorted(by: { $0.canonical < $1.canonical })
        {
          try transaction.record(
            SecurityEvent(.roleRevoked, about: predecessor, role: .privacyOfficer), by: origin,
            at: time)
          try await sessions.replaceTokens(of: predecessor, at: time, in: transaction)
        }
        try await sessions.replaceTokens(of: person, at: time, in: transaction)
      }
    } catch let error as PostgresError {
      guard error.violatedConstraint == "person_email" else { throw error }
      // Somebody else took the address meanwhile.
      throw IdentityError.enrolledMeanwhile
    }
  }
}

extension SQL {
  /// A new invitation that makes the earlier ones of the person useless.
  static func invitationRenew(
    _ tenant: UUID, _ person: UUID, _ code: LinkCode, at time: Date, expiresAt: Date
  ) -> [SQL] {
    let invitation = NewInvitation(id: UUID(), person: person, codeHash: code.hash)
    return [
      .invitationReplaceAll(tenant, of: person, at: time),
      .invitationInsert(tenant, [invitation], at: time, expiresAt: expiresAt),
    ]
  }
}
