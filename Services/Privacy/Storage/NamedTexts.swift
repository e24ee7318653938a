import Foundation
import Postgres
import Storage

/// What officers wrote in plain text about something else, and may have named a person in: "mail of
/// somebody@example.org". It stays, without what identifies an erased person.
enum NamedTexts {
  /// Instead of what was taken out.
  static let gap = "[…]"

  /// - Returns: the rows that were changed, by table.
  static func erase(
    _ needles: [String], at time: Date, in transaction: TenantTransaction
  ) async throws -> [TableCount] {
    let tenant = transaction.tenant
    let pattern = needles.filter { !$0.isEmpty }.map(literal).joined(separator: "|")
    guard !pattern.isEmpty else { return [] }
    let places: [(table: String, statement: SQL)] = [
      (
        "request",
        """
        UPDATE privacy.request SET recipient = regexp_replace(recipient, \(pattern), \(gap), 'gi')
        WHERE tenant_id = \(tenant) AND recipient ~* \(pattern)
        """
      ),
      (
        "legal_hold",
        """
        UPDATE privacy.legal_hold
        SET reference = regexp_replace(reference, \(pattern), \(gap), 'gi')
        WHERE tenant_id = \(tenant) AND reference ~* \(pattern)
        """
      ),
      (
        "instruction",
        """
        UPDATE privacy.instruction
        SET reference = regexp_replace(reference, \(pattern), \(gap), 'gi')
        WHERE tenant_id = \(tenant) AND reference ~* \(pattern)
        """
      ),
      // Not that of a version that counts or will: people need somebody to turn to (clause 47). A
      // scan finds it, and the officers publish one with another contact.
      (
        "statement",
        """
        UPDATE privacy.statement SET contact = regexp_replace(contact, \(pattern), \(gap), 'gi')
        WHERE tenant_id = \(tenant) AND contact ~* \(pattern) AND version < (
          SELECT max(version) FROM privacy.statement
          WHERE tenant_id = \(tenant) AND coalesce(valid_from, published_at) <= \(time))
        """
      ),
    ]
    let results = try await transaction.query(all: places.map(\.statement))
    return zip(places, results).map { TableCount(table: $0.table, rows: $1.affected) }
  }

  /// A regular expression that is found where `text` is.
  private static func literal(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      let isDigit = ("0"..."9").contains(scalar)
      let isPlain = !scalar.isASCII || scalar.properties.isAlphabetic || isDigit
      return isPlain ? String(scalar) : "\\\(scalar)"
    }.joined()
  }
}
