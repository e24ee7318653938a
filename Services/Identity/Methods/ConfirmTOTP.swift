import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  func confirmTotp(
    _ request: IdentityConfirmTOTPRequest, _ call: Call
  ) async throws -> IdentityRecoveryCodes {
    let token = try call.person
    let account = try await ownAccount(call)
    let setup = try await provedSetup(
      of: token.subject, token.tenant, code: request.code, call)
    try await changeAccount(
      account.person, .factorAdded, .factorAdded, .factorChanged, call
    ) { transaction in
      try await transaction.confirm(setup, replacing: true, at: now())
      try await transaction.query(.sessionSetFactor(token.tenant, token.session, .given))
    }
    return IdentityRecoveryCodes(setup.codes)
  }

  /// A change of how somebody proves who they are: it ends their other sessions, what is on its way
  /// to one and the remembering of devices, and is told to them by mail and to the organisation's
  /// log.
  func changeAccount(
    _ person: PersonRow, _ letter: IdentityLetter, _ event: SecurityEvent.Kind,
    _ end: SessionEnd, _ call: Call, _ change: (TenantTransaction) async throws -> Void
  ) async throws {
    let token = try call.person
    let origin = try await origin(of: call, in: token.tenant)
    let addressee = try await addressee(person, of: token.tenant, call)
    try await database.transaction(call.mandate(token.tenant)) { transaction in
      try transaction.record(SecurityEvent(event, about: person.id), by: origin, at: now())
      try await change(transaction)
      try await transaction.query(
        all: [
          .signInDeleteAll(token.tenant, of: person.id),
          .deviceForgetAll(token.tenant, of: person.id),
        ] + post(letter, to: addressee, of: token.tenant, at: now()))
      try await sessions.end(
        of: person.id, except: token.session, end, at: now(), in: transaction)
    }
    outbox.ring()
  }
}
