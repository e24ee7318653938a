import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage

extension IdentityService {
  /// An address that somebody has gets no mail; the answer is the same.
  func requestEmailChange(
    _ request: IdentityRequestEmailChangeRequest, _ call: Call
  ) async throws -> IdentityRequestEmailChangeResponse {
    let tenant = try call.tenant()
    let person = try UUID(field: "person_id", request.personID)
    try call.requireOwn(person, or: [.administrator])
    let email = try RequestField.email.check { () throws(FieldProblem) in
      try EmailAddress(request.email)
    }
    let source = try PersonSource(of: person, changedBy: call)
    let key = try await personKey(person, tenant)
    let index = try await vault.blindIndex(tenant, email.normalised)
    try await change(person, tenant, call) { change in
      // What the client enters for its people is not bound by its domains.
      guard source == .client || change.organisation.policy.admits(email) else {
        throw IdentityError.field(.email, .domainNotAllowed)
      }
      try await askAddress(email, index: index, key, source: source, change)
    }
    outbox.ring()
    return IdentityRequestEmailChangeResponse()
  }

  /// Mails the link that makes an address somebody's, unless somebody has it; if that is the
  /// person, what was asked for before is taken back. Ring the outbox then. `source`: `own` if the
  /// person has asked, signed in; otherwise the link waits, and the old address is told how to
  /// stop it.
  /// - Throws: `authorisedPersonAddress`: else whoever is to be watched could become the watcher.
  func askAddress(
    _ email: EmailAddress, index: [UInt8], _ key: SealingKey, source: PersonSource,
    _ change: PersonChange
  ) async throws {
    let (tenant, person, name) = (change.tenant, change.person, change.organisation.name)
    try change.requireMayReaddress(source)
    let taken = try await change.query(.personFetch(tenant, emailIndex: index))[0]
    guard taken.isEmpty else {
      if try taken[0].get("person_id") == person {
        try await change.query(.emailChangeDelete(tenant, of: person))
      }
      return
    }
    let (code, stop) = (LinkCode.generate(tenant: tenant), LinkCode.generate(tenant: tenant))
    let effective = AddressChangeRules.effective(
      from: change.time, isOwn: source == .own, hasPassword: change.account.passwordHash != nil)
    let expiry = (effective ?? change.time) + AddressChangeRules.linkLifetime
    let new = NewEmailChange(
      person: person, email: try Sealed(email.text, row: person, key), emailIndex: index,
      codeHash: code.hash, source: source, effectiveAt: effective,
      stopHash: effective.map { _ in stop.hash }, expiresAt: expiry)
    try change.record(.addressChangeAsked)
    let addressee = try await addressee(change.account.person, of: change.organisation)
    var letters = try post(
      .addressToConfirm(code, organisation: name, from: effective),
      to: addressee.at(email.text), of: tenant, at: change.time, expiresAt: expiry)
    if let effective {
      letters += try post(
        .addressChangeAsked(stop, organisation: name, from: effective), to: addressee,
        of: tenant, at: change.time, expiresAt: expiry)
    }
    try await change.transaction.query(
      all: [.emailChangeSet(tenant, new, at: change.time)] + letters)
  }
}

extension PersonChange {
  func requireMayReaddress(_ source: PersonSource) throws(IdentityError) {
    guard source == .own || !account.rights.held(from: today).contains(.privacyOfficer) else {
      throw .authorisedPersonAddress
    }
  }
}
