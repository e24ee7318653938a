import Cryptography
import Foundation

/// A line of the erasure journal: that a key was to be destroyed. It names nobody who can be
/// recognised without the tenant's secret.
struct ErasureRecord: Sendable, Equatable, Codable {
  let number: Int64
  /// In whole seconds.
  let at: Date
  let receipt: UUID
  let tenant: UUID
  /// `person_ref` in hexadecimal digits; nil: the tenant's key.
  let person: String?
  let orderedBy: String
  let chain: String

  init(
    _ receipt: DestructionReceipt, tenant: UUID, person: [UInt8]?, orderedBy: String,
    after chain: String
  ) {
    let draft = ErasureRecord(
      number: receipt.number, at: receipt.at, receipt: receipt.id, tenant: tenant,
      person: person.map { Hex.encode($0) }, orderedBy: orderedBy, chain: "")
    self = ErasureRecord(draft, chain: draft.chain(after: chain))
  }

  /// Nil for anything but what `line` gives.
  init?(line: ArraySlice<UInt8>) {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    guard let record = try? decoder.decode(ErasureRecord.self, from: Data(line)),
      record.person.map({ (try? Hex.decode($0)) != nil }) ?? true
    else { return nil }
    self = record
  }

  var reference: [UInt8]? { person.flatMap { try? Hex.decode($0) } }

  var line: [UInt8] { JournalLine.encode(self) }

  /// SHA-256 over the chain before it and every field.
  func chain(after previous: String) -> String {
    var data = AssociatedData("ikso erasure record 1")
    data.append(previous)
    data.append("\(number)")
    data.append("\(Int64(at.timeIntervalSince1970))")
    data.append(receipt)
    data.append(tenant)
    data.append(person ?? "")
    data.append(orderedBy)
    return Hex.encode(Digest.sha256(data.bytes))
  }

  private init(
    number: Int64, at: Date, receipt: UUID, tenant: UUID, person: String?, orderedBy: String,
    chain: String
  ) {
    (self.number, self.at, self.receipt, self.tenant) = (number, at, receipt, tenant)
    (self.person, self.orderedBy, self.chain) = (person, orderedBy, chain)
  }

  private init(_ draft: ErasureRecord, chain: String) {
    self.init(
      number: draft.number, at: draft.at, receipt: draft.receipt, tenant: draft.tenant,
      person: draft.person, orderedBy: draft.orderedBy, chain: chain)
  }
}

/// The first line of an erasure journal.
struct JournalHead: Sendable, Codable {
  let journal: UUID
  let schema: String

  init(journal: UUID, schema: String) { (self.journal, self.schema) = (journal, schema) }

  init?(line: ArraySlice<UInt8>) {
    guard let head = try? JSONDecoder().decode(JournalHead.self, from: Data(line)) else {
      return nil
    }
    self = head
  }

  var line: [UInt8] { JournalLine.encode(self) }

  var chain: String {
    var data = AssociatedData("ikso erasure journal 1")
    data.append(journal)
    data.append(schema)
    return Hex.encode(Digest.sha256(data.bytes))
  }
}

private enum JournalLine {
  static func encode(_ value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    do {
      return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
    } catch {
      preconditionFailure("texts and numbers can be encoded: \(error)")
    }
  }
}
