import Cryptography
import Foundation

/// Why a password is refused.
enum PasswordProblem: Error, Equatable {
  case tooShort(minimum: Int)
  case tooLong(maximum: Int)
  case controlCharacter
  /// Little is left of it without the person's name or address or the organisation's name.
  case contextWord
  /// Little is left of it without words and rows that everybody tries first.
  case common
  /// On the list of passwords known from breaches.
  case breached
}

/// A password in Unicode's composed form (NFC), so that every keyboard makes the same bytes;
/// NIST SP 800-63B section 3.1.1.2.
struct Password: Equatable, Sendable {
  /// In characters.
  static let maximum = 256

  let text: String

  /// Takes what could be somebody's password; the policy is asked where one is chosen.
  /// Nil above the maximum, so that nothing is computed over a text of any length.
  init?(_ source: String) {
    guard source.utf8.count <= Self.maximum * 16 else { return nil }
    let composed = source.precomposedStringWithCanonicalMapping
    guard composed.count <= Self.maximum, composed.utf8.count <= 4096 else { return nil }
    text = composed
  }
}

/// How long a password must be, in characters (NIST SP 800-63B-4 section 3.1.1.2).
enum PasswordLength {
  /// It is all that is asked at a sign-in; an organisation may ask for more.
  static let alone = 15
  /// A second factor is asked for as well. Before that one goes, the password must be longer.
  static let besideFactor = 8

  static func alone(_ policy: OrganisationPolicy?) -> Int {
    max(alone, policy?.minimumPasswordCharacters ?? alone)
  }
}

/// What a new password must be like (NIST SP 800-63B, OWASP ASVS 5 V6.2): long, and nothing that
/// somebody who knows the person, or everybody, tries first. No rules of composition, no expiry.
struct PasswordPolicy {
  /// Words of the person and the organisation.
  private let context: [String]
  /// In characters.
  private let minimum: Int
  private let breached: BreachedPasswords

  /// Characters that a context word has at least; shorter ones are part of too much.
  private static let wordMinimum = 4
  /// Different letters and digits that must be left after taking out what is easily guessed.
  private static let remainderMinimum = 6
  /// Words that everybody tries and that together are still no password.
  private static let commonWordLimit = 3
  /// A text of this many characters or more may be repeated.
  private static let repeatableLength = 8

  init(
    name: String, email: EmailAddress, organisation: String, breached: BreachedPasswords,
    minimum: Int = PasswordLength.alone
  ) {
    (self.breached, self.minimum) = (breached, minimum)
    let texts = [name, organisation, email.normalised, email.localPart, "ikso"]
    let words = texts.flatMap { text in
      [text] + text.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
    let read = Set(words.flatMap(Self.readings)).filter { $0.count >= Self.wordMinimum }
    // The longest first: a part of a word must not hide the whole of it.
    context = read.sorted { ($0.count, $0) > ($1.count, $1) }
  }

  func check(_ source: String) throws(PasswordProblem) -> Password {
    guard let password = Password(source) else { throw .tooLong(maximum: Password.maximum) }
    guard password.text.count >= minimum else { throw .tooShort(minimum: minimum) }
    guard password.text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { throw .controlCharacter }
    for reading in Self.readings(password.text) {
      let own = context.reduce(reading) { $0.replacing($1, with: "") }
      // A password of signs alone has no words to take out.
      if own.count < reading.count, Self.isLittle(own) { throw .contextWord }
      if Self.isCommon(own) { throw .common }
    }
    if Self.isRepetitive(password.text) { throw .common }
    if breached.contains(password.text) { throw .breached }
    return password
  }

  /// What is compared: letters and digits only, in lower case, without accents; once as they are,
  /// once with the usual digits and signs in place of letters undone.
  private static func readings(_ text: String) -> [String] {
    let folded = text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
    let plain = folded.filter { $0.isLetter || $0.isNumber }
    let undone = String(folded.map { substitutes[$0] ?? $0 }.filter { $0.isLetter || $0.isNumber })
    return plain == undone ? [plain] : [plain, undone]
  }

  private static let substitutes: [Character: Character] = [
    "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i",
  ]

  /// A year, a number, an ending.
  private static func isLittle(_ rest: String) -> Bool { Set(rest).count < remainderMinimum }

  /// At most four different characters, or a few over and over.
  private static func isRepetitive(_ text: String) -> Bool {
    let characters = Array(text)
    if Set(characters).count <= 4 { return true }
    return (1..<repeatableLength).contains { period in
      characters.indices.dropFirst(period).allSatisfy {
        characters[$0] == characters[$0 - period]
      }
    }
  }

  /// A few of the words and rows that come first in every list, and hardly more.
  private static func isCommon(_ reading: String) -> Bool {
    var rest = reading
    var taken = 0
    for word in CommonPasswords.longestFirst where taken < commonWordLimit && rest.contains(word) {
      rest = rest.replacing(word, with: "")
      taken += 1
    }
    return taken > 0 && isLittle(rest)
  }
}
