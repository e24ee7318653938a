import Foundation

/// What is wrong with one text of a request; never the text itself.
enum FieldProblem: Error, Equatable {
  case empty
  case tooLong(limit: Int)
  /// A control character, a line break, or one that changes the direction of what follows.
  case forbiddenCharacter
  case notADate
  case notAnEmailAddress
  case notATimeZone
  case notADomain
  case domainNotAllowed
  /// A day before today, where that would take effect backwards.
  case past
  case future
  case notBetween(Int, Int)
  case tooMany(limit: Int)
  case unknownValue
}

/// One line of text that people read: trimmed, in Unicode's composed form (NFC), not empty.
struct PlainText: Equatable, Sendable {
  let text: String

  /// `limit` counts characters.
  init(_ source: String, limit: Int) throws(FieldProblem) {
    // Bytes first: one character can be arbitrarily many of them.
    guard source.utf8.count <= limit * 64 else { throw .tooLong(limit: limit) }
    guard source.unicodeScalars.allSatisfy(Self.isAllowed) else { throw .forbiddenCharacter }
    let trimmed = source.trimmingCharacters(in: .whitespaces)
    guard !trimmed.isEmpty else { throw .empty }
    let composed = trimmed.precomposedStringWithCanonicalMapping
    guard composed.count <= limit else { throw .tooLong(limit: limit) }
    text = composed
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
      return false
    default:
      // Embeddings, overrides and isolates (UAX #9) can make a name read as another one.
      return !(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value)
    }
  }
}

/// The name of a client organisation; 1 to 200 characters.
struct OrganisationName: Equatable, Sendable {
  static let limit = 200
  let text: String

  init(_ source: String) throws(FieldProblem) {
    text = try PlainText(source, limit: Self.limit).text
  }
}

/// A person's name as they are addressed; 1 to 200 characters, any script.
struct PersonName: Equatable, Sendable {
  static let limit = 200
  let text: String

  init(_ source: String) throws(FieldProblem) {
    text = try PlainText(source, limit: Self.limit).text
  }
}

/// What both parties file a processing agreement under (GDPR Art. 28); 1 to 200 characters.
struct AgreementReference: Equatable, Sendable {
  static let limit = 200
  let text: String

  init(_ source: String) throws(FieldProblem) {
    text = try PlainText(source, limit: Self.limit).text
  }
}
