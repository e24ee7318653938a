/// How long one text of a request may be, in characters after trimming white space at both ends.
package struct TextRule: Sendable, Equatable {
  package let field: String
  package let minimum: Int
  package let limit: Int

  package static let title = TextRule(field: "title", minimum: 1, limit: 200)
  package static let why = TextRule(field: "why", minimum: 0, limit: 4_000)
  package static let measure = TextRule(field: "measure", minimum: 0, limit: 4_000)
  package static let note = TextRule(field: "note", minimum: 0, limit: 4_000)
  package static let evaluation = TextRule(field: "evaluation", minimum: 0, limit: 4_000)

  /// A character may be composed of many scalars; this bounds what all of them take together.
  package static let bytesPerCharacter = 32

  /// The text without white space at its ends.
  package func check(_ text: String) throws(GoalsError) -> String {
    guard text.utf8.count <= limit * TextRule.bytesPerCharacter else {
      throw .text(self, text.count > limit ? .length : .bytes)
    }
    var trimmed = text[...]
    while trimmed.first?.isWhitespace == true { trimmed.removeFirst() }
    while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
    guard (minimum...limit).contains(trimmed.count) else { throw .text(self, .length) }
    guard !trimmed.utf8.contains(0) else { throw .text(self, .nul) }
    return String(trimmed)
  }
}

package enum TextFault: Sendable, Equatable {
  /// Too short or too long, in characters.
  case length
  /// Few characters, but composed of too many bytes.
  case bytes
  /// It holds U+0000, which a PostgreSQL text cannot.
  case nul
}
