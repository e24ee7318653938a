/// Where data, backups and keys may lie (clause 31): in the Netherlands, and on an organisation's
/// written instruction in other countries of the European Union.
enum StorageRule {
  enum Kind: String, Sendable, CaseIterable {
    case data, backup, keys
  }

  static let services: Set<String> = ["identity", "feedback", "goals", "privacy"]
  static let place = EntryField("place", 1...200)
  static let reference = EntryField("reference", 1...200, isAboutPeople: true)

  /// What an organisation may instruct besides the Netherlands: sorted, each once.
  static func instructed(_ countries: [String]) throws(EntryError) -> [String] {
    guard countries.count <= Country.union.count else {
      throw .tooMany("countries", limit: Country.union.count)
    }
    for code in countries {
      let country = try Country(code, field: "countries")
      guard Country.union.contains(country.code) else {
        throw .storage(country: code, allowed: Country.union.sorted())
      }
    }
    return Set(countries).subtracting([Country.netherlands]).sorted()
  }

  /// `instructed`: of the one organisation whose data they are; empty for everybody's.
  static func demand(_ country: Country, instructed: [String]) throws(EntryError) {
    let allowed = [Country.netherlands] + instructed
    guard allowed.contains(country.code) else {
      throw .storage(country: country.code, allowed: allowed)
    }
  }
}
