import Access
import Cryptography
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension ConsentService {
  func giveConsent(
    _ request: PrivacyGiveConsentRequest, _ call: Call
  ) async throws -> PrivacyConsentReceipt {
    let person = try await person(call)
    let purpose = try Purpose(stopping: request.purpose)
    return try await database.transaction(call.mandate(person.tenant)) { transaction in
      guard let current = try await StatementStore.current(at: now(), in: transaction) else {
        throw StatementError.nonePublished
      }
      guard current.version == request.statementVersion,
        constantTimeEqual(current.sha256, [UInt8](request.statementSha256))
      else { throw StatementError.notCurrent(version: current.version) }
      try await ConsentStore.lock(person.subject, in: transaction)
      let last = try await last(purpose, of: person.subject, in: transaction)
      if let last, last.act == .given, last.statementVersion == current.version {
        return last.message
      }
      guard purpose.needsConsent || last != nil else {
        throw ConsentError.needsNoConsent(purpose)
      }
      // What others froze stays so.
      let at = now().following(last?.at)
      try await ConsentStore.releaseWithdrawal(
        of: person.subject, purpose, at: at, in: transaction)
      let receipt = try receipt(
        purpose, .given, person, at: at,
        statement: (current.version, Hex.encode(current.sha256)))
      try await ConsentStore.insert(receipt, of: person.subject, in: transaction)
      return receipt.message
    }
  }

  func withdrawConsent(
    _ request: PrivacyWithdrawConsentRequest, _ call: Call
  ) async throws -> PrivacyConsentReceipt {
    let person = try await person(call)
    let purpose = try Purpose(stopping: request.purpose)
    return try await database.transaction(call.mandate(person.tenant)) { transaction in
      try await ConsentStore.lock(person.subject, in: transaction)
      let last = try await last(purpose, of: person.subject, in: transaction)
      // After a decision of the organisation's that it goes on, a withdrawal counts again.
      let standings = try await ConsentStore.standings(of: person.subject, in: transaction)
      let frozen = standings.first { $0.purpose == purpose }?.frozen ?? []
      if let last, last.act == .withdrawn, purpose.needsConsent || frozen.contains(.withdrawal) {
        return last.message
      }
      let at = now().following(last?.at)
      // Without consent a purpose that rests on it is off; another one has to be stopped.
      if !purpose.needsConsent {
        _ = try await ConsentStore.freeze(
          [purpose], for: .withdrawal, of: person.subject, by: person.subject, at: at,
          in: transaction)
      }
      let receipt = try receipt(purpose, .withdrawn, person, at: at, statement: nil)
      try await ConsentStore.insert(receipt, of: person.subject, in: transaction)
      return receipt.message
    }
  }

  /// The caller; refused once their data were erased, of whom nothing new is kept.
  private func person(_ call: Call) async throws -> Token {
    let token = try call.person
    _ = try await vault.person(token.tenant, token.subject, create: true)
    return token
  }

  private func last(
    _ purpose: Purpose, of person: UUID, in transaction: TenantTransaction
  ) async throws -> ConsentReceipt? {
    try await ConsentStore.receipts(of: person, purpose, limit: 1, in: transaction).first
  }

  private func receipt(
    _ purpose: Purpose, _ act: ConsentAct, _ person: Token, at date: Date,
    statement: (version: UInt32, sha256: String)?
  ) throws -> ConsentReceipt {
    let id = UUID()
    let document = try ConsentReceipt.document(
      id: id, organisation: person.tenant, person: person.subject, purpose, act, at: date,
      statement: statement)
    return ConsentReceipt(
      id: id, purpose: purpose, act: act, at: date, statementVersion: statement?.version,
      document: document, signature: try signingKey.key.sign(Array(document.utf8)),
      keyID: signingKey.id)
  }
}

extension Date {
  /// Later than `last`, whatever the clock says: of a ledger the latest entry counts.
  func following(_ last: Date?) -> Date {
    guard let last, self <= last else { return self }
    return last.addingTimeInterval(0.000_002)
  }
}
