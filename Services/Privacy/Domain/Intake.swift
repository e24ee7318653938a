import Foundation

/// What a stranger sends to IKSO with a form (clause 17): what is needed to answer, and no more.
struct IntakeForm: Sendable, Equatable {
  enum Kind: String, Sendable {
    case contact
    case demo
  }

  var id: UUID
  var kind: Kind
  var name: String
  var email: String
  var phone: String?
  var function: String?
  var message: String?
  var receivedAt: Date

  static let name = EntryField("name", 1...200, isAboutPeople: true)
  static let function = EntryField("function", 0...200, isAboutPeople: true)
  static let message = EntryField("message", 0...4_000, isAboutPeople: true)
  /// Most cases that are open at a time.
  static let openLimit = 10_000
}

/// An application for a vacancy (clause 45): these fields, and no citizen number in any of them.
struct Application: Sendable, Equatable {
  var id: UUID
  var name: String
  var address: String
  var email: String
  var phone: String
  /// ISO 8601.
  var birthDate: String
  var vacancy: String
  /// Consent to the longer term.
  var keepsOneYear: Bool
  var receivedAt: Date
  var endedAt: Date?
  var eraseAt: Date?

  static let name = EntryField("name", 1...200, isAboutPeople: true)
  static let address = EntryField("address", 1...500, isAboutPeople: true)
  static let vacancy = EntryField("vacancy", 1...200, isAboutPeople: true)
  /// Most that are kept at a time.
  static let limit = 10_000

  static let weeks = 4
  static let consentYears = 1

  /// When it is deleted: four weeks after the procedure, with consent a year (clause 46); the same
  /// time of the day in the Netherlands, of 29 February a year later on the 28th.
  static func eraseAt(ended: Date, keepsOneYear: Bool) -> Date {
    var calendar = Calendar(identifier: .gregorian)
    guard let zone = TimeZone(identifier: "Europe/Amsterdam") else {
      preconditionFailure("the library knows the time zone Europe/Amsterdam")
    }
    calendar.timeZone = zone
    let (unit, count) =
      keepsOneYear ? (Calendar.Component.year, consentYears) : (.day, 7 * weeks)
    guard let end = calendar.date(byAdding: unit, value: count, to: ended) else {
      preconditionFailure("there is a day four weeks or a year later")
    }
    return end.inMicroseconds
  }
}

/// How a stranger can be reached.
enum Reachability {
  /// RFC 5321, 4.5.3.1: octets of an address.
  static let addressLimit = 254
  /// Digits of a telephone number (ITU-T E.164), and characters that it is written with.
  static let telephoneDigits = 8...15
  static let telephoneLimit = 25

  /// One address on one line, without display name, quotes or comments.
  static func email(_ text: String, field: String = "email") throws(EntryError) -> String {
    let trimmed = text.utf8.count <= addressLimit * 2 ? text.trimmingWhitespace() : ""
    let parts = trimmed.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    let isPlain = trimmed.utf8.allSatisfy { byte in
      (0x21...0x7E).contains(byte) && !"\"(),:;<>[\\]".utf8.contains(byte)
    }
    guard isPlain, trimmed.utf8.count <= addressLimit, parts.count == 2, !parts[0].isEmpty,
      parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).count > 1,
      parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        .allSatisfy({ !$0.isEmpty })
    else { throw .notAnAddress(field: field) }
    // Nobody's number stands in an address by chance.
    guard !CitizenNumber.isFound(in: trimmed) else { throw .citizenNumber(field: field) }
    return trimmed
  }

  /// With + or 0 at its beginning, so that nothing else is taken for one.
  static func telephone(_ text: String, field: String = "phone") throws(EntryError) -> String {
    let trimmed = text.utf8.count <= telephoneLimit * 4 ? text.trimmingWhitespace() : ""
    let digits = trimmed.utf8.filter { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let isPlain = trimmed.utf8.enumerated().allSatisfy { position, byte in
      "0123456789 .-/()".utf8.contains(byte) || (position == 0 && byte == UInt8(ascii: "+"))
    }
    guard isPlain, trimmed.utf8.count <= telephoneLimit, telephoneDigits.contains(digits.count),
      trimmed.hasPrefix("+") || trimmed.hasPrefix("0") || trimmed.hasPrefix("(0")
    else { throw .notATelephone(field: field) }
    guard !CitizenNumber.isFound(in: trimmed) else { throw .citizenNumber(field: field) }
    return trimmed
  }
}
