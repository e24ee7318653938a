import Storage

/// What the registers say about an organisation: its own entries and the platform's, which concern
/// everybody (clauses 12g and 30 to 32). What has ended is not there.
struct RegistersInForce: Sendable, Equatable {
  /// Those that count, and those that are announced.
  var subProcessors: [SubProcessor] = []
  var transfers: [TransferEntry] = []
  var locations: [StorageEntry] = []
  /// The organisation's own.
  var instruction: StorageInstruction?
  var collectors: [Collector] = []

  static func + (platform: RegistersInForce, own: RegistersInForce) -> RegistersInForce {
    RegistersInForce(
      subProcessors: platform.subProcessors + own.subProcessors,
      transfers: platform.transfers + own.transfers,
      locations: platform.locations + own.locations,
      instruction: own.instruction ?? platform.instruction,
      collectors: platform.collectors + own.collectors)
  }

  /// As the record of processing has them: what counts already.
  var entries: [RecordedEntry] {
    subProcessors.filter(\.isInForce).map { RecordedEntry($0) }
      + transfers.map { RecordedEntry($0, isPlatform: $0.organisation == .platform) }
      + locations.map { RecordedEntry($0, isPlatform: $0.organisation == .platform) }
      + (instruction.map { [RecordedEntry($0)] } ?? []) + collectors.map { RecordedEntry($0) }
  }

  /// Countries in which data, backups and keys may lie (clause 31).
  var allowedCountries: [String] { [Country.netherlands] + (instruction?.countries ?? []) }

  /// What goes out of the EEA, to whom, where and on what ground: transfers, and sub-processors
  /// that are outside of it.
  var leaving: [(recipient: String, country: String, basis: TransferBasis)] {
    transfers.map { ($0.recipient, $0.country, $0.basis) }
      + subProcessors.filter(\.isInForce).compactMap { processor in
        processor.basis.map { (processor.name, processor.country, $0) }
      }
  }

  /// The transfers in a sentence, as the record of processing has them.
  var transferSentence: String {
    let leaving = leaving.map { "\($0.recipient) (\($0.country)): \($0.basis.sentence)" }
    return leaving.isEmpty
      ? "none: no transfer out of the EEA is in force" : leaving.joined(separator: "; ")
  }
}
