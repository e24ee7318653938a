/// The statements of a file of SQL, cut into words: as much of PostgreSQL's lexical rules (its
/// documentation, 4.1) as it takes to tell words from strings and comments.
struct SQLScript: Sendable {
  struct Statement: Sendable {
    /// Words in capitals, quoted names in quotes as they stand, strings as `'`, other signs one by
    /// one.
    var words: [String] = []
    /// Of its first word, from 1.
    var line = 0
    /// What comments before it or in it allow: `-- allow drop: nothing has read it since 0.9`.
    var allowed: Set<String> = []
  }

  private(set) var statements: [Statement] = []

  private var rest: Substring
  private var line = 1
  private var current = Statement()

  init(_ text: String) {
    rest = text[...]
    while let character = rest.first { take(character) }
    finish()
  }

  private mutating func take(_ character: Character) {
    if rest.hasPrefix("--") {
      comment(String(drop { !$0.isNewline }))
    } else if rest.hasPrefix("/*") {
      blockComment()
    } else if character == "'" {
      quoted(by: "'")
      add("'")
    } else if character == "\"" {
      add(quoted(by: "\""))
    } else if let tag = dollarTag() {
      dollarQuoted(tag)
      add("'")
    } else if character == ";" {
      advance()
      finish()
    } else if character.isWhitespace {
      advance()
    } else if character.isLetter || character == "_" {
      let isWord: (Character) -> Bool = { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
      add(drop(while: isWord).uppercased())
    } else {
      add(String(character))
      advance()
    }
  }

  private mutating func add(_ word: String) {
    if current.words.isEmpty { current.line = line }
    current.words.append(word)
  }

  private mutating func finish() {
    if !current.words.isEmpty { statements.append(current) }
    current = Statement()
  }

  private mutating func advance() {
    if rest.removeFirst().isNewline { line += 1 }
  }

  @discardableResult
  private mutating func drop(while keeps: (Character) -> Bool) -> Substring {
    let taken = rest.prefix(while: keeps)
    rest = rest[taken.endIndex...]
    line += taken.count(where: \.isNewline)
    return taken
  }

  private mutating func comment(_ text: String) {
    guard let match = text.wholeMatch(of: /--\s*allow ([a-z-]+): \S.*/) else { return }
    current.allowed.insert(String(match.output.1))
  }

  /// They nest.
  private mutating func blockComment() {
    var depth = 0
    repeat {
      if rest.hasPrefix("/*") { depth += 1; advance(); advance() }
      else if rest.hasPrefix("*/") { depth -= 1; advance(); advance() }
      else { advance() }
    } while depth > 0 && !rest.isEmpty
  }

  /// With its quotes; a quote within is written twice.
  @discardableResult
  private mutating func quoted(by quote: Character) -> String {
    var text = ""
    repeat {
      advance()
      text += String(quote) + drop { $0 != quote }
      guard !rest.isEmpty else { return text }
      advance()
      text.append(quote)
    } while rest.first == quote
    return text
  }

  /// `$$` or `$body$`; nil where a `$` means something else.
  private func dollarTag() -> String? {
    rest.prefixMatch(of: /\$([A-Za-z_][A-Za-z_0-9]*)?\$/).map { String($0.output.0) }
  }

  private mutating func dollarQuoted(_ tag: String) {
    for _ in tag { advance() }
    while !rest.isEmpty, !rest.hasPrefix(tag) { advance() }
    for _ in tag where !rest.isEmpty { advance() }
  }
}
