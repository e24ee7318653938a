import Foundation

/// What a personal statement says of who else gets the data and where they are, in one language. In
/// braces: what is put in.
struct ReceiverWording: Sendable {
  var title: String
  var mayLie: String
  var place: String
  var kinds: [StorageRule.Kind: String]
  var subProcessor: String
  /// Behind what is announced.
  var from: String
  var noTransfer: String
  var transfer: String
  var mechanisms: [TransferBasis.Mechanism: String]
  var collector: String

  static let english = ReceiverWording(
    title: "Who else gets them, and where they are",
    mayLie: "Data, backups and keys may lie in: {countries}.",
    place: "{kind} of {service}: {place}, {country}",
    kinds: [.data: "data", .backup: "backups", .keys: "keys"],
    subProcessor: "**{name}** works for IKSO: {service}, in {country}",
    from: ", from {day}",
    noTransfer: "Nothing goes to a country outside the European Economic Area.",
    transfer: "**{name}**, in {country}, outside the European Economic Area",
    mechanisms: [
      .adequacyDecision: "adequacy decision (Art. 45)",
      .standardContractualClauses: "standard contractual clauses (Art. 46(2)(c))",
      .bindingCorporateRules: "binding corporate rules (Art. 47)",
      .derogation: "derogation (Art. 49)",
    ],
    collector: "**{name}** collects debts of {organisation}: gets its billing contacts alone")

  static let dutch = ReceiverWording(
    title: "Wie ze verder krijgt, en waar ze zijn",
    mayLie: "Gegevens, back-ups en sleutels mogen liggen in: {countries}.",
    place: "{kind} van {service}: {place}, {country}",
    kinds: [.data: "gegevens", .backup: "back-ups", .keys: "sleutels"],
    subProcessor: "**{name}** werkt voor IKSO: {service}, in {country}",
    from: ", vanaf {day}",
    noTransfer: "Er gaat niets naar een land buiten de Europese Economische Ruimte.",
    transfer: "**{name}**, in {country}, buiten de Europese Economische Ruimte",
    mechanisms: [
      .adequacyDecision: "adequaatheidsbesluit (art. 45 AVG)",
      .standardContractualClauses: "standaardcontractbepalingen (art. 46 lid 2 onder c AVG)",
      .bindingCorporateRules: "bindende bedrijfsvoorschriften (art. 47 AVG)",
      .derogation: "afwijking (art. 49 AVG)",
    ],
    collector: """
      **{name}** int vorderingen op {organisation}: krijgt alleen haar contactgegevens voor facturen
      """)
}

extension PersonalStatementText {
  /// What the registers say at this moment: places, sub-processors, transfers, collectors.
  var receivers: String {
    let wording = wording.receivers
    let allowed = registers.allowedCountries.map(country).joined(separator: ", ")
    let mayLie = filled(wording.mayLie, ["countries": allowed])
    let collectors = registers.collectors.map { filled(wording.collector, ["name": $0.name]) }
    let points = places + subProcessors + transfers + collectors
    let head = registers.leaving.isEmpty ? [mayLie, wording.noTransfer] : [mayLie]
    return (head + (points.isEmpty ? [] : [points.map { "- \($0)" }.joined(separator: "\n")]))
      .joined(separator: "\n\n")
  }

  private var places: [String] {
    let wording = wording.receivers
    return registers.locations.map { location in
      filled(
        wording.place,
        [
          "kind": wording.kinds[location.kind] ?? location.kind.rawValue,
          "service": location.service, "place": location.place,
          "country": country(location.country),
        ])
    }
  }

  private var subProcessors: [String] {
    let wording = wording.receivers
    return registers.subProcessors.map { processor in
      filled(
        wording.subProcessor,
        [
          "name": processor.name, "service": processor.service,
          "country": country(processor.country),
        ]) + (processor.basis.map { ": \(said($0))" } ?? "")
        + (processor.isInForce ? "" : from(processor.inForceAt.formatted(Self.day)))
    }
  }

  private var transfers: [String] {
    let today = shownAt.formatted(Self.day)
    return registers.transfers.map { transfer in
      filled(
        wording.receivers.transfer,
        [
          "name": transfer.recipient, "country": country(transfer.country),
        ]) + ": \(said(transfer.basis))"
        + (transfer.beginsOn > today ? from(transfer.beginsOn) : "")
    }
  }

  private func from(_ day: String) -> String { filled(wording.receivers.from, ["day": day]) }

  /// Mechanism, and what shows that it holds.
  private func said(_ basis: TransferBasis) -> String {
    let mechanism = wording.receivers.mechanisms[basis.mechanism] ?? basis.mechanism.rawValue
    return ([mechanism] + [basis.reference, basis.ground].compactMap(\.self).map(Self.escaped))
      .joined(separator: ", ")
  }

  /// Its name in the language; its code where there is none.
  private func country(_ code: String) -> String {
    Locale(identifier: language.rawValue).localizedString(forRegionCode: code) ?? code
  }

  private static let day = Date.ISO8601FormatStyle().year().month().day()
}
