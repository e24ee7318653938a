import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage

extension IdentityService {
  /// From the mail to the opening of its link.
  private static var linkLifetime: TimeInterval { 86_400 }

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

  /// Mails the link that makes an address somebody's, unless somebody has it. Ring the outbox then.
  func askAddress(
    _ email: EmailAddress, index: [UInt8], _ key: SealingKey, source: PersonSource,
    _ change: PersonChange
  ) async throws {
    let (tenant, person) = (change.tenant, change.person)
    let code = LinkCode.generate(tenant: tenant)
    let taken = try await change.query(.personFetch(tenant, emailIndex: index))[0]
    guard taken.isEmpty else { return }
    let expiry = change.time + Self.linkLifetime
    let new = NewEmailChange(
      person: person, email: try Sealed(email.text, row: person, key), emailIndex: index,
      codeHash: code.hash, source: source, expiresAt: expiry)
    try change.record(.addressChangeAsked)
    let addressee = try await addressee(change.account.person, of: change.organisation)
    try await change.transaction.query(
      all: [.emailChangeSet(tenant, new, at: change.time)]
        + post(
          .addressToConfirm(code, organisation: change.organisation.name),
          to: addressee.at(email.text), of: tenant, at: change.time, expiresAt: expiry))
  }
}
