/// Refuses what cannot run beside the previous binary: a lock that rewrites a table or keeps calls
/// waiting while rows are read, and a change that takes away what that binary uses.
///
/// A table made in the same file is empty and unknown to everybody: there everything goes. Where a
/// change is right all the same, a comment before the statement says why: `-- allow drop: nothing
/// has read it since 0.9`.
package struct MigrationLint: Sendable {
  package struct Finding: Sendable, Equatable, CustomStringConvertible {
    package var file: String
    /// Within the file, from 1.
    package var line: Int
    package var rule: MigrationRule

    package var description: String {
      "\(file):\(line): \(rule.problem). Instead: \(rule.remedy) (\(rule.rawValue))"
    }
  }

  /// What the files before have left: it decides what a later one may do.
  private var provenNotNull: Set<String> = []
  /// Columns that a check of this name proves to hold a value, once it is validated.
  private var checks: [String: String] = [:]
  private var findings: [Finding] = []

  // Of the file at hand.
  private var file = ""
  private var created: Set<String> = []
  private var addedConstraints: Set<String> = []

  /// What is wrong with `files`, which are all files of a schema in their order.
  package static func findings(_ files: [MigrationFile]) -> [Finding] {
    var lint = MigrationLint()
    for file in files { lint.read(file) }
    return lint.findings
  }

  private mutating func read(_ migration: MigrationFile) {
    file = migration.name
    created = []
    addedConstraints = []
    let statements = migration.statements
    if !migration.isTransactional, migration.indexStep == nil {
      findings.append(Finding(file: file, line: 1, rule: .alone))
    }
    for statement in statements {
      var words = WordReader(statement.words)
      for rule in rules(&words, isTransactional: migration.isTransactional)
      where !statement.allowed.contains(rule.rawValue) {
        findings.append(Finding(file: file, line: statement.line, rule: rule))
      }
    }
  }

  private mutating func rules(
    _ words: inout WordReader, isTransactional: Bool
  ) -> [MigrationRule] {
    switch words.next() {
    case "CREATE": return create(&words, isTransactional)
    case "ALTER": return alter(&words)
    case "DROP": return drop(&words, isTransactional)
    case "UPDATE":
      words.skip("ONLY")
      return created.contains(words.name()) ? [] : [.rows]
    case "DELETE":
      words.skip("FROM", "ONLY")
      return created.contains(words.name()) ? [] : [.rows]
    case "WITH" where words.contains("UPDATE") || words.contains("DELETE"): return [.rows]
    case "MERGE": return [.rows]
    case "TRUNCATE": return [.drop]
    case "LOCK", "REFRESH": return [.lock]
    case "CLUSTER", "VACUUM": return [.rewrite]
    case "REINDEX": return [.index]
    case "DO", "CALL", "EXECUTE": return [.dynamic]
    case "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT": return [.transaction]
    case "REVOKE":
      words.skip(past: "ON")
      words.skip("TABLE")
      return created.contains(words.name()) ? [] : [.revoke]
    default: return []
    }
  }

  private mutating func create(
    _ words: inout WordReader, _ isTransactional: Bool
  ) -> [MigrationRule] {
    words.skip("UNIQUE", "UNLOGGED")
    switch words.next() {
    case "TABLE":
      words.skip("IF", "NOT", "EXISTS")
      created.insert(words.name())
      return []
    case "INDEX":
      let concurrently = words.contains("CONCURRENTLY")
      words.skip(past: "ON")
      words.skip("ONLY")
      if created.contains(words.name()) { return concurrently ? [.index] : [] }
      return concurrently && !isTransactional ? [] : [.index]
    default: return []
    }
  }

  private mutating func drop(
    _ words: inout WordReader, _ isTransactional: Bool
  ) -> [MigrationRule] {
    let kind = words.next()
    let concurrently = words.contains("CONCURRENTLY")
    words.skip("CONCURRENTLY", "IF", "EXISTS")
    switch kind {
    case "INDEX": return concurrently && !isTransactional ? [] : [.index]
    case "POLICY": return [.isolation]
    case "TRIGGER", "RULE": return []
    default: return created.contains(words.name()) ? [] : [.drop]
    }
  }

  private mutating func alter(_ words: inout WordReader) -> [MigrationRule] {
    switch words.next() {
    case "TABLE":
      words.skip("IF", "EXISTS", "ONLY")
      let table = words.name()
      return words.parts().flatMap { part in
        var part = WordReader(part)
        let rules = action(&part, on: table)
        return created.contains(table) ? rules.filter { $0 == .isolation } : rules
      }
    case "TYPE", "DOMAIN": return words.contains("ADD", "VALUE") ? [] : [.type]
    case "POLICY": return [.isolation]
    default: return words.contains("RENAME") || words.contains("SCHEMA") ? [.rename] : []
    }
  }
}

/// The parts of ALTER TABLE.
extension MigrationLint {
  private static let tableConstraints: Set = [
    "CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE",
  ]

  private mutating func action(_ words: inout WordReader, on table: String) -> [MigrationRule] {
    switch words.next() {
    case "ADD":
      if let word = words.peek, Self.tableConstraints.contains(word) {
        return addConstraint(&words, on: table)
      }
      words.skip("COLUMN", "IF", "NOT", "EXISTS")
      return addColumn(words)
    case "ALTER":
      words.skip("COLUMN")
      let column = words.name()
      if words.contains("TYPE") { return [.type] }
      guard words.contains("SET", "NOT", "NULL") else { return [] }
      return provenNotNull.contains("\(table).\(column)") ? [] : [.setNotNull]
    case "VALIDATE":
      words.skip("CONSTRAINT")
      let name = words.name()
      if addedConstraints.contains(name) { return [.validate] }
      if let column = checks[name] { provenNotNull.insert(column) }
      return []
    case "DROP": return words.peek == "CONSTRAINT" ? [] : [.drop]
    case "RENAME": return [.rename]
    case "SET":
      if words.contains("SCHEMA") { return [.rename] }
      let rewrites = ["TABLESPACE", "LOGGED", "UNLOGGED", "ACCESS"]
      return rewrites.contains { words.contains($0) } ? [.rewrite] : []
    case "ATTACH", "DETACH": return [.lock]
    case "DISABLE", "NO": return words.contains("ROW", "LEVEL", "SECURITY") ? [.isolation] : []
    default: return []
    }
  }

  private mutating func addConstraint(
    _ words: inout WordReader, on table: String
  ) -> [MigrationRule] {
    var name = ""
    if words.peek == "CONSTRAINT" {
      words.skip("CONSTRAINT")
      name = words.name()
    }
    addedConstraints.insert(name)
    var check = words
    if check.next() == "CHECK" {
      check.skip("(")
      let column = check.name()
      if check.contains("IS", "NOT", "NULL"), !check.contains("OR") {
        checks[name] = "\(table).\(column)"
      }
    }
    if words.contains("USING", "INDEX") || words.contains("NOT", "VALID") { return [] }
    return [.notValid]
  }

  private func addColumn(_ words: WordReader) -> [MigrationRule] {
    var rules: [MigrationRule] = []
    let hasDefault = words.contains("DEFAULT")
    if words.contains("NOT", "NULL"), !hasDefault { rules.append(.notNull) }
    let counters = ["SERIAL", "BIGSERIAL", "SMALLSERIAL", "GENERATED"]
    if counters.contains(where: { words.contains($0) }) { rules.append(.rewrite) }
    if hasDefault, words.callsVolatile(after: "DEFAULT") { rules.append(.volatileDefault) }
    if ["PRIMARY", "UNIQUE", "REFERENCES", "CHECK"].contains(where: { words.contains($0) }) {
      rules.append(.notValid)
    }
    return rules
  }
}

/// The words of a statement, from the first that was not read.
struct WordReader: Sendable {
  private var words: ArraySlice<String>

  init(_ words: some Sequence<String>) { self.words = Array(words)[...] }

  var peek: String? { words.first }

  mutating func next() -> String { words.popFirst() ?? "" }

  /// Skips those of `expected` that come, in their order.
  mutating func skip(_ expected: String...) {
    for word in expected where words.first == word { words.removeFirst() }
  }

  mutating func skip(past word: String) {
    words = words.drop { $0 != word }.dropFirst()
  }

  /// The last part of a name, as it is stored: `{{schema}}.goal` is `goal`.
  mutating func name() -> String {
    var name = next()
    while words.first == "." {
      words.removeFirst()
      name = next()
    }
    return name.hasPrefix("\"") ? String(name.dropFirst().dropLast()) : name.lowercased()
  }

  /// Whether these words stand there, one after the other.
  func contains(_ sought: String...) -> Bool {
    words.indices.contains { words[$0...].starts(with: sought) }
  }

  /// Cut at the commas outside of parentheses.
  func parts() -> [[String]] {
    var parts: [[String]] = [[]]
    var depth = 0
    for word in words {
      if word == "(" { depth += 1 }
      if word == ")" { depth -= 1 }
      if word == ",", depth == 0 { parts.append([]) } else { parts[parts.count - 1].append(word) }
    }
    return parts
  }

  /// Whether anything is called there but what gives one value for a whole statement.
  func callsVolatile(after word: String) -> Bool {
    var rest = self
    rest.skip(past: word)
    let stable: Set = ["NOW", "CURRENT_SETTING", "STATEMENT_TIMESTAMP", "TRANSACTION_TIMESTAMP"]
    return zip(rest.words, rest.words.dropFirst()).contains { name, next in
      next == "(" && name.first?.isLetter == true && !stable.contains(name)
    }
  }
}
