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
    let deputy = request.deputy
    statements += SQL.authorisedPersonSucceed(tenant, deputy: deputy, from: period.begin)
    statements.append(
      .authorisedPersonInsert(tenant, UUID(), id, period, deputy: deputy, at: time))
    let event = SecurityEvent(.authorisedPersonNamed, about: id, role: .privacyOfficer)
    statements.append(try await securityEvent(event, of: tenant, call))
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
    try await write(statements, tenant, call)
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

  /// In one round trip; an address that somebody else took meanwhile is said as such.
  func write(_ statements: [SQL], _ tenant: UUID, _ call: Call) async throws {
    do {
      try await database.once(call.mandate(tenant), all: statements)
    } catch {
      guard error.violatedConstraint == "person_email" else { throw error }
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
