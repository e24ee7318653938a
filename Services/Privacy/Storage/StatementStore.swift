import Foundation
import Postgres
import Storage

/// A published version.
struct StatementRow: Sendable {
  var version: UInt32
  var sha256: [UInt8]
  var publishedAt: Date
  /// Later than now: it is announced.
  var validFrom: Date
  var sizeBytes: Int
  /// Nil for versions from before it was asked for.
  var language: StatementLanguage?
}

/// Statements and their acceptances.
enum StatementStore {
  /// - Throws: `StatementError.beforeAnother` if a version counts from later on.
  static func insert(
    _ text: StatementText, _ language: StatementLanguage, sha256: [UInt8],
    contact: StatementContact, publishedBy: UUID, validFrom: Date, at date: Date,
    in transaction: TenantTransaction
  ) async throws -> StatementRow {
    do {
      let last = try await transaction.query(
        """
        \(columns) WHERE tenant_id = \(transaction.tenant) ORDER BY version DESC LIMIT 1
        """
      ).first.map(row)
      if let last, last.validFrom > validFrom {
        throw StatementError.beforeAnother(version: last.version)
      }
      let rows = try await transaction.query(
        """
        INSERT INTO privacy.statement
          (tenant_id, version, sha256, markdown, contact, published_by, published_at, valid_from,
           language)
        SELECT \(transaction.tenant), coalesce(max(version), 0) + 1, \(sha256),
          \(text.text), \(contact.text), \(publishedBy), \(date), \(validFrom),
          \(language.rawValue)
        FROM privacy.statement WHERE tenant_id = \(transaction.tenant)
        RETURNING version, published_at, valid_from
        """)
      guard let row = rows.first else { throw StatementError.publishedMeanwhile }
      // The time as it is kept, in microseconds: later answers show the same.
      return StatementRow(
        version: UInt32(try row.get("version") as Int32), sha256: sha256,
        publishedAt: try row.get("published_at"), validFrom: try row.get("valid_from"),
        sizeBytes: text.text.utf8.count, language: language)
    } catch let error as PostgresError where error.violatedConstraint == "statement_pkey" {
      throw StatementError.publishedMeanwhile
    }
  }

  /// The versions, the newest first.
  static func list(in transaction: TenantTransaction) async throws -> [StatementRow] {
    try await transaction.query(
      "\(columns) WHERE tenant_id = \(transaction.tenant) ORDER BY version DESC"
    ).map(row)
  }

  /// One version with its text; the current one at `date` if `version` is nil.
  static func fetch(
    version: UInt32?, at date: Date, in transaction: TenantTransaction
  ) async throws -> (row: StatementRow, markdown: String, contact: String)? {
    let wanted = version.map { Int32(clamping: $0) }
    let rows = try await transaction.query(
      """
      SELECT version, sha256, published_at, coalesce(valid_from, published_at) AS valid_from,
        octet_length(markdown) AS size_bytes, language, markdown, contact
      FROM privacy.statement
      WHERE tenant_id = \(transaction.tenant)
        AND CASE WHEN \(wanted)::integer IS NULL
          THEN coalesce(valid_from, published_at) <= \(date)
          ELSE version = \(wanted)::integer END
      ORDER BY version DESC LIMIT 1
      """)
    guard let found = rows.first else { return nil }
    return (try row(found), try found.get("markdown"), try found.get("contact"))
  }

  /// The current version without its text: of those that count at `date` the latest.
  static func current(
    at date: Date, in transaction: TenantTransaction
  ) async throws -> StatementRow? {
    try await transaction.query(
      """
      \(columns)
      WHERE tenant_id = \(transaction.tenant) AND coalesce(valid_from, published_at) <= \(date)
      ORDER BY version DESC LIMIT 1
      """
    ).first.map(row)
  }

  /// The latest version that `subject` accepted.
  static func lastAccepted(
    by subject: UUID, in transaction: TenantTransaction
  ) async throws -> UInt32? {
    let version = try await transaction.query(
      """
      SELECT max(version) AS version FROM privacy.acceptance
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject)
      """
    ).first?.get("version", as: Int32?.self)
    return version.map(UInt32.init)
  }

  /// Records that `subject` accepted `version`; the first time counts.
  /// - Returns: when it was accepted.
  static func accept(
    _ statement: StatementRow, by subject: UUID, kind: SubjectKind, at date: Date,
    in transaction: TenantTransaction
  ) async throws -> Date {
    let results = try await transaction.query(all: [
      """
      INSERT INTO privacy.acceptance
        (tenant_id, subject_id, version, subject_kind, sha256, accepted_at)
      VALUES (\(transaction.tenant), \(subject), \(Int32(statement.version)), \(kind.rawValue),
        \(statement.sha256), \(date))
      ON CONFLICT (tenant_id, subject_id, version) DO NOTHING
      """,
      """
      SELECT accepted_at FROM privacy.acceptance
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject)
        AND version = \(Int32(statement.version))
      """,
    ])
    guard let row = results[1].first else { throw StatementError.versionAbsent }
    return try row.get("accepted_at")
  }

  static func isAccepted(
    _ version: UInt32, by subject: UUID, in transaction: TenantTransaction
  ) async throws -> Bool {
    try await !transaction.query(
      """
      SELECT version FROM privacy.acceptance
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject)
        AND version = \(Int32(clamping: version))
      """
    ).isEmpty
  }

  private static let columns: SQL = """
    SELECT version, sha256, published_at, coalesce(valid_from, published_at) AS valid_from,
      octet_length(markdown) AS size_bytes, language
    FROM privacy.statement
    """

  private static func row(_ row: Row) throws -> StatementRow {
    StatementRow(
      version: UInt32(try row.get("version") as Int32), sha256: try row.get("sha256"),
      publishedAt: try row.get("published_at"), validFrom: try row.get("valid_from"),
      sizeBytes: Int(try row.get("size_bytes") as Int32),
      language: try row.get("language", as: String?.self).map { text in
        guard let language = StatementLanguage(rawValue: text) else {
          throw UnknownStoredValue(column: "language")
        }
        return language
      })
  }
}
