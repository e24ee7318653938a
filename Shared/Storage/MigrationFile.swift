import Cryptography
package import Foundation
package import Postgres

/// One numbered file of SQL.
package struct MigrationFile: Sendable, Equatable {
  package let number: Int
  /// With its number, without `.sql`: `0001_create_goal`.
  package let name: String
  package let text: String
  /// SHA-256 of the text as it stands in the file, in hexadecimal digits.
  package let checksum: String

  /// The first line of a file that runs by itself, for `CONCURRENTLY`.
  static let aloneMark = "-- not in a transaction"

  /// All of it takes effect or nothing.
  var isTransactional: Bool {
    text.split(whereSeparator: \.isNewline).first != Self.aloneMark[...]
  }

  var statements: [SQLScript.Statement] {
    let names = text.replacingOccurrences(of: "{{", with: "\"")
      .replacingOccurrences(of: "}}", with: "\"")
    return SQLScript(names).statements
  }

  /// What a file outside of a transaction does, so that it can be taken up where it broke off.
  enum IndexStep: Sendable, Equatable {
    case create(String)
    case drop(String)
  }

  /// Nil where the file is anything else than one statement about one index.
  var indexStep: IndexStep? {
    let statements = statements
    guard statements.count == 1 else { return nil }
    var words = WordReader(statements[0].words)
    let verb = words.next()
    words.skip("UNIQUE")
    guard words.next() == "INDEX", words.next() == "CONCURRENTLY" else { return nil }
    words.skip("IF", "NOT", "EXISTS")
    switch verb {
    case "CREATE" where words.peek != "ON": return .create(words.name())
    case "DROP" where !words.contains(","): return .drop(words.name())
    default: return nil
    }
  }

  /// The files of `directory` in their order: `0001_name.sql` on, without a gap.
  package static func load(_ directory: URL) throws(MigrationError) -> [MigrationFile] {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        .filter { $0.hasSuffix(".sql") }.sorted()
    } catch {
      throw .unreadable(directory.path)
    }
    var files: [MigrationFile] = []
    for name in names {
      guard let number = number(of: name) else { throw .badName(name) }
      guard number == files.count + 1 else {
        throw .gap(expected: files.count + 1, found: name)
      }
      let bytes: Data
      do {
        bytes = try Data(contentsOf: directory.appendingPathComponent(name))
      } catch {
        throw .unreadable(name)
      }
      files.append(
        MigrationFile(
          number: number, name: String(name.dropLast(".sql".count)),
          text: String(decoding: bytes, as: UTF8.self),
          checksum: Hex.encode(Digest.sha256(Array(bytes)))))
    }
    return files
  }

  private static func number(of name: String) -> Int? {
    let parts = name.dropLast(".sql".count).split(
      separator: "_", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].utf8.count == 4, !parts[1].isEmpty,
      parts[0].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Int(parts[0])
  }

  /// The text with its placeholders filled in, as quoted identifiers.
  func script(
    schema: SQLIdentifier, owner: SQLIdentifier, runtime: SQLIdentifier
  ) throws(MigrationError) -> String {
    let script =
      text
      .replacingOccurrences(of: "{{schema}}", with: schema.quoted)
      .replacingOccurrences(of: "{{owner}}", with: owner.quoted)
      .replacingOccurrences(of: "{{runtime}}", with: runtime.quoted)
    if script.contains("{{") { throw .unknownPlaceholder(name) }
    return script
  }
}

/// The tables of every service's key store.
package enum KeyMigrations {
  package static var directory: URL { Bundle.module.bundleURL.appending(path: "KeyMigrations") }
}

/// Why migrations were refused or failed; each text says what to do.
package enum MigrationError: Error, Sendable, Equatable {
  case unreadable(String)
  case badName(String)
  case gap(expected: Int, found: String)
  case unknownPlaceholder(String)
  case changed(String)
  case renamed(applied: String, file: String)
  case newerDatabase(applied: Int, known: Int)
  case noSchema(schema: String, owner: String)
  case leftTransaction(String)
  case unsafe([MigrationLint.Finding])
  case busy(schema: String)
  case failed(String, PostgresError)
  case database(PostgresError)
}

extension MigrationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let path): "cannot read \(path): check that the installation is complete"
    case .badName(let name): "\(name) is no migration: name it like 0007_add_due_date.sql"
    case .gap(let expected, let found):
      "migration \(expected) is missing, \(found) comes instead: number the files without a gap"
    case .unknownPlaceholder(let name):
      "\(name) has a placeholder other than {{schema}}, {{owner}} and {{runtime}}: correct it"
    case .changed(let name):
      """
      \(name) has run and was changed since: put the file back as it was, and make the change in \
      a new migration
      """
    case .renamed(let applied, let file):
      "\(applied) has run and is called \(file) now: give the file its name back"
    case .newerDatabase(let applied, let known):
      """
      the database is at migration \(applied), this binary knows \(known): start the binary that \
      made it, or a newer one
      """
    case .noSchema(let schema, let owner):
      """
      there is no schema \(schema) and this role may not make it: as owner of the database run \
      CREATE SCHEMA \(schema) AUTHORIZATION \(owner)
      """
    case .leftTransaction(let name):
      "\(name) ends its transaction: take BEGIN, COMMIT and ROLLBACK out and check what it has done"
    case .unsafe(let findings):
      "not safe beside the running service:\n  "
        + findings.map(\.description).joined(separator: "\n  ")
    case .busy(let schema):
      "another process has been migrating \(schema) for too long: see what it waits for"
    case .failed(let name, let error): "\(name) failed and was rolled back: \(error)"
    case .database(let error): "migrations cannot run: \(error)"
    }
  }
}
