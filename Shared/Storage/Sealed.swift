import Cryptography
package import FoundationEssentials
package import Postgres

/// A column that holds personal data, sealed. The schema's fields that are `sealed_in` one make
/// these types, in the service's `SealedColumns.swift`; a test compares them with the classes of
/// the columns in the database.
package protocol SealedColumn: Sendable {
  /// Without its schema.
  static var table: String { get }
  static var column: String { get }
}

/// A value of one column, sealed: the one form in which it gets into a statement and out of a row.
///
/// There are two ways to make one: by sealing, and by reading a row. A statement that takes
/// `Sealed<GoalColumns.Title>` can be given neither a text nor what was sealed for another column.
package struct Sealed<Column: SealedColumn>: Sendable, Equatable {
  private let bytes: [UInt8]

  /// Seals the `text` of `row`.
  package init(_ text: String, row: UUID, _ key: SealingKey) throws(SealingError) {
    bytes = try key.seal(text, table: Column.table, column: Column.column, row: row)
  }

  /// Seals a piece of a value that is stored in pieces, each bound to its `position`.
  package init(
    piece: [UInt8], at position: Int, row: UUID, _ key: SealingKey
  ) throws(SealingError) {
    bytes = try key.seal(
      bytes: piece, table: Column.table, column: Self.place(position), row: row)
  }

  package func open(row: UUID, _ key: SealingKey) throws(SealingError) -> String {
    try key.open(bytes, table: Column.table, column: Column.column, row: row)
  }

  package func openPiece(
    at position: Int, row: UUID, _ key: SealingKey
  ) throws(SealingError) -> [UInt8] {
    try key.open(bytes: bytes, table: Column.table, column: Self.place(position), row: row)
  }

  /// SHA-256 of the sealed form: tells that it is as it was to whoever cannot open it.
  package var digest: [UInt8] { Digest.sha256(bytes) }

  private static func place(_ position: Int) -> String { "\(Column.column)/\(position)" }

  private init(stored bytes: [UInt8]) { self.bytes = bytes }
}

extension Sealed: PostgresValue, PostgresArrayElement {
  package static var parameterType: PostgresType { .bytea }
  package static var arrayType: PostgresType { [UInt8].arrayType }

  package func write(to bytes: inout [UInt8]) { self.bytes.write(to: &bytes) }

  package static func read(_ bytes: Span<UInt8>, _ type: PostgresType) -> Self? {
    [UInt8].read(bytes, type).map(Self.init(stored:))
  }
}

extension Row {
  /// Opens the value of a column in the `row` of that id.
  package func open<Column: SealedColumn>(
    _ column: Column.Type, row: UUID, _ key: SealingKey
  ) throws -> String {
    try key.open(
      bytes(Column.column), table: Column.table, column: Column.column, row: row)
  }
}
