/// How long one text of a request may be, in characters after trimming white space at both ends.
package struct TextRule: Sendable, Equatable {
  package let field: String
  package let minimum: Int
  package let limit: Int

  package static let topic = TextRule(field: "topic", minimum: 1, limit: 200)
  package static let question = TextRule(field: "question", minimum: 1, limit: 4_000)
  package static let answer = TextRule(field: "answer", minimum: 1, limit: 10_000)

  /// The name of the outsider at `index` of the request.
  package static func outsiderName(_ index: Int) -> TextRule {
    TextRule(field: "outsiders[\(index)].name", minimum: 1, limit: 200)
  }

  /// A character may be composed of many scalars; this bounds what all of them take together.
  package static let bytesPerCharacter = 32

  /// The text without white space at its ends.
  package func check(_ text: String) throws(FeedbackError) -> String {
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
