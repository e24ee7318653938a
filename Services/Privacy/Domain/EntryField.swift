import Foundation

/// What one text of a register's entry may be, in characters after trimming white space at both
/// ends.
struct EntryField: Sendable, Equatable {
  let name: String
  let minimum: Int
  let limit: Int
  /// Free text about people, in which a citizen number is refused (clauses 37 and 45).
  let isAboutPeople: Bool

  /// A character may be composed of many scalars; this bounds what all of them take together.
  static let bytesPerCharacter = 16

  init(_ name: String, _ range: ClosedRange<Int>, isAboutPeople: Bool = false) {
    (self.name, minimum, limit) = (name, range.lowerBound, range.upperBound)
    self.isAboutPeople = isAboutPeople
  }

  /// The text without white space at its ends.
  func check(_ text: String) throws(EntryError) -> String {
    guard text.utf8.count <= limit * Self.bytesPerCharacter else { throw .length(self) }
    let trimmed = text.trimmingWhitespace()
    guard (minimum...limit).contains(trimmed.count) else { throw .length(self) }
    guard !trimmed.utf8.contains(0) else { throw .nul(field: name) }
    if isAboutPeople, CitizenNumber.isFound(in: trimmed) { throw .citizenNumber(field: name) }
    return trimmed
  }

  /// Nil for an empty text, where it may be left out.
  func checkOptional(_ text: String) throws(EntryError) -> String? {
    let checked = try check(text)
    return checked.isEmpty ? nil : checked
  }
}

/// What can be wrong with an entry of a register.
enum EntryError: Error, Equatable {
  case length(EntryField)
  case nul(field: String)
  case citizenNumber(field: String)
  /// No value that the schema knows.
  case missing(field: String, choices: String)
  case notADay(field: String)
  case notACountry(field: String)
  case notAnAddress(field: String)
  case notATelephone(field: String)
  case notAName(field: String)
  case outOfTime(field: String, expected: String)
  case outOfRange(field: String, ClosedRange<Int>)
  /// What the id names is not there, or is another organisation's.
  case absent(String)
  case tooMany(String, limit: Int)
  case closed(String)
  case transfer(TransferFault)
  /// The country is not on the list of allowed ones.
  case storage(country: String, allowed: [String])
  case storageInUse(country: String)
  case objectionsOver(Date)
  case changedMeanwhile
  case incomplete(missing: [String])
  case delayReasonMissing
  /// Of breaches; `contact` is where they can be told all the same.
  case tooManyReports(limit: Int, whose: String, contact: String)
  case tooManySubmissions(retryAfterSeconds: Int)
}

extension Date {
  /// As exact as the database keeps it: what was computed reads the same once it was stored.
  var inMicroseconds: Date {
    Date(
      timeIntervalSinceReferenceDate: (timeIntervalSinceReferenceDate * 1e6).rounded() / 1e6)
  }
}

/// A two-letter country code (ISO 3166-1 alpha-2), in capitals.
struct Country: Sendable, Hashable {
  let code: String

  init(_ text: String, field: String = "country") throws(EntryError) {
    guard text.utf8.count == 2, Self.known.contains(text) else {
      throw .notACountry(field: field)
    }
    code = text
  }

  static let netherlands = "NL"
  /// Member states of the European Union since 1 February 2020.
  static let union: Set<String> = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE",
    "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
  ]
  /// With Iceland, Liechtenstein and Norway, where the GDPR holds as well (EEA Joint Committee
  /// Decision 154/2018).
  static let economicArea: Set<String> = union.union(["IS", "LI", "NO"])
  private static let known = Set(
    Locale.Region.isoRegions.map(\.identifier).filter { code in
      code.utf8.count == 2 && code.utf8.allSatisfy { (UInt8(ascii: "A")...90).contains($0) }
    }
  ).union(economicArea)

  var isInEconomicArea: Bool { Self.economicArea.contains(code) }
}

extension EntryField {
  /// A day in ISO 8601's extended form, "2026-11-23"; the text as it is kept.
  static func day(_ text: String, field: String) throws(EntryError) -> (Int, Int, Int) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
      let year = number(bytes[0..<4]), let month = number(bytes[5..<7]),
      let day = number(bytes[8..<10])
    else { throw .notADay(field: field) }
    return (year, month, day)
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var number = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      number = number * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return number
  }
}
