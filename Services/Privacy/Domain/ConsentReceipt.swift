import Cryptography
import Foundation

/// One entry of the ledger of consents, with its proof. Entries are added and never changed.
struct ConsentReceipt: Sendable, Equatable {
  var id: UUID
  var purpose: Purpose
  var act: ConsentAct
  var at: Date
  /// Of the statement that was shown when consent was given.
  var statementVersion: UInt32?
  /// The JSON text that is signed.
  var document: String
  /// Ed25519 over `document` in UTF-8.
  var signature: [UInt8]
  var keyID: String

  /// The text of a receipt: JSON with sorted keys and no white space, the same for the same facts.
  static func document(
    id: UUID, organisation: UUID, person: UUID, _ purpose: Purpose, _ act: ConsentAct,
    at date: Date, statement: (version: UInt32, sha256: String)?
  ) throws -> String {
    let text = Text(
      act: act.rawValue, at: Date.ISO8601FormatStyle(includingFractionalSeconds: true).format(date),
      format: "ikso-consent-1", organisationId: organisation.canonical,
      personId: person.canonical, purpose: purpose.rawValue,
      purposeDescription: purpose.description, receiptId: id.canonical,
      statementSha256: statement?.sha256, statementVersion: statement?.version)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(text), as: UTF8.self)
  }

  private struct Text: Encodable {
    let act: String
    let at: String
    let format: String
    let organisationId: String
    let personId: String
    let purpose: String
    let purposeDescription: String
    let receiptId: String
    let statementSha256: String?
    let statementVersion: UInt32?
  }
}
