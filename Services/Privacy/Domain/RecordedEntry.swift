import Foundation

/// An entry of a register that is in force, as the record of processing has it (GDPR Art. 30(1)(d),
/// (e) and (2)(a), (c)).
struct RecordedEntry: Sendable, Equatable {
  enum Register: String, Sendable, CaseIterable {
    case subProcessor = "sub-processor"
    case transfer
    case storageLocation = "storage location"
    case storageInstruction = "storage instruction"
    case collector
  }

  var register: Register
  /// Of the company, or the place.
  var name: String
  /// What it does or keeps.
  var subject: String
  var countries: [String]
  /// Agreement, mechanism of a transfer, instruction.
  var basis: String
  var since: Date
  /// It concerns every organisation.
  var isPlatform: Bool

  /// Most of one register, of an organisation or the platform.
  static let limit = 200

  static let columns = ["register", "name", "subject", "countries", "basis", "since", "whose"]

  var row: [String] {
    [
      register.rawValue, name, subject, countries.joined(separator: "; "), basis,
      since.formatted(.iso8601.year().month().day()),
      isPlatform ? "every organisation" : "the organisation",
    ]
  }
}

extension RecordedEntry {
  init(_ processor: SubProcessor) {
    self.init(
      register: .subProcessor, name: processor.name, subject: processor.service,
      countries: [processor.country],
      basis: [
        "\(processor.agreementReference) (\(processor.agreementSignedOn))",
        processor.basis.map(\.sentence), processor.safeguards,
      ].compactMap(\.self).joined(separator: "; "),
      since: processor.inForceAt, isPlatform: true)
  }

  init(_ transfer: TransferEntry, isPlatform: Bool) {
    self.init(
      register: .transfer, name: transfer.recipient, subject: "from \(transfer.beginsOn)",
      countries: [transfer.country], basis: transfer.basis.sentence, since: transfer.recordedAt,
      isPlatform: isPlatform)
  }

  init(_ location: StorageEntry, isPlatform: Bool) {
    self.init(
      register: .storageLocation, name: location.place,
      subject: "\(location.kind.rawValue) of \(location.service)", countries: [location.country],
      basis: "", since: location.recordedAt, isPlatform: isPlatform)
  }

  init(_ instruction: StorageInstruction) {
    self.init(
      register: .storageInstruction, name: "", subject: "where data may lie",
      countries: [Country.netherlands] + instruction.countries, basis: instruction.reference,
      since: instruction.instructedAt, isPlatform: false)
  }

  init(_ collector: Collector) {
    self.init(
      register: .collector, name: collector.name, subject: Collector.dataCategory, countries: [],
      basis: collector.reference, since: collector.recordedAt, isPlatform: false)
  }
}

extension TransferBasis {
  /// Mechanism, reference and ground in a line.
  var sentence: String {
    [mechanism.rawValue.replacing("_", with: " "), reference, ground]
      .compactMap(\.self).joined(separator: ": ")
  }
}
