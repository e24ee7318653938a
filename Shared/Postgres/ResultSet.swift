import CLibpq
import FoundationEssentials

/// The owner of one `PGresult`.
@safe final class ResultHandle: @unchecked Sendable {
  // Invariant: a PGresult is not changed after libpq has handed it out, so that any thread may
  // read it; it is freed in deinit.

  enum Kind { case rows, skipped, synced, failed, other }

  private let result: OpaquePointer

  init(_ result: OpaquePointer) { unsafe self.result = result }

  deinit { unsafe PQclear(result) }

  var kind: Kind {
    switch unsafe PQresultStatus(result) {
    case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: .rows
    case PGRES_PIPELINE_ABORTED: .skipped
    case PGRES_PIPELINE_SYNC: .synced
    case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE: .failed
    default: .other
    }
  }

  var rowCount: Int { Int(unsafe PQntuples(result)) }

  /// What libpq has taken for it.
  var byteCount: Int { unsafe PQresultMemorySize(result) }

  /// How many rows INSERT, UPDATE, DELETE, MERGE or SELECT counted.
  var affected: Int { Int(unsafe String(cString: PQcmdTuples(result))) ?? 0 }

  func columnNames() -> [String] {
    unsafe (0..<PQnfields(result)).map { unsafe String(cString: PQfname(result, $0)) }
  }

  /// `Value.null` for NULL.
  func read<Value: PostgresValue>(_ row: Int, _ column: Int, as: Value.Type) -> Value? {
    let (row, column) = (Int32(row), Int32(column))
    if unsafe PQgetisnull(result, row, column) == 1 { return Value.null }
    let length = Int(unsafe PQgetlength(result, row, column))
    let bytes = unsafe UnsafeRawBufferPointer(
      start: PQgetvalue(result, row, column), count: length)
    let type = PostgresType(rawValue: UInt32(unsafe PQftype(result, column)))
    // The bytes belong to the result, which outlives this call.
    return unsafe bytes.withMemoryRebound(to: UInt8.self) { unsafe Value.read($0.span, type) }
  }

  /// What the server, or libpq in its place, reports as an error.
  var error: ServerError {
    ServerError(
      sqlstate: field("C") ?? "", message: field("M") ?? libpqMessage, constraint: field("n"),
      schema: field("s"), table: field("t"), column: field("c"),
      endsSession: ["FATAL", "PANIC"].contains(field("V") ?? ""))
  }

  private var libpqMessage: String {
    unsafe ConnectionHandle.trimmed(PQresultErrorMessage(result)) ?? "no reason given"
  }

  /// `code`: the protocol's letters for the fields of an error, PG_DIAG_… in postgres_ext.h.
  private func field(_ code: Unicode.Scalar) -> String? {
    unsafe ConnectionHandle.trimmed(PQresultErrorField(result, Int32(code.value)))
  }
}

/// What one statement gave back: a collection of rows that share libpq's memory, which is freed
/// with the last of them.
package struct ResultSet: Sendable, RandomAccessCollection {
  private let handle: ResultHandle
  private let columns: [String]
  /// The text that gave these rows, for errors.
  let statement: String
  /// Rows that an INSERT, UPDATE or DELETE changed, or a SELECT returned.
  package let affected: Int
  package let endIndex: Int

  /// Bytes of memory, rows that nobody reads included.
  var byteCount: Int { handle.byteCount }

  init(_ handle: ResultHandle, columns: [String], statement: String) {
    self.handle = handle
    self.columns = columns
    self.statement = statement
    affected = handle.affected
    endIndex = handle.rowCount
  }

  package var startIndex: Int { 0 }
  package subscript(position: Int) -> Row {
    precondition(indices.contains(position), "no row \(position)")
    return Row(handle: handle, columns: columns, statement: statement, position: position)
  }
  package var rows: [Row] { Array(self) }
}

package struct Row: Sendable {
  fileprivate let handle: ResultHandle
  fileprivate let columns: [String]
  fileprivate let statement: String
  fileprivate let position: Int

  // Callers are of other modules, where each value would cost look-ups of its type: of what a page
  // of goals takes, 13 % instead of 6. Only types without parameters of their own are listed, as
  // telling others apart costs such a look-up itself.

  /// The value of a column by its name: `let title: String = try row.get("title")`.
  /// Throws `PostgresError.decoding` for an unknown column, another type, or a NULL where the
  /// type is not optional.
  @specialized(where Value == String)
  @specialized(where Value == UUID)
  @specialized(where Value == Int64)
  @specialized(where Value == Int)
  @specialized(where Value == Int32)
  @specialized(where Value == Date)
  @specialized(where Value == Bool)
  package func get<Value: PostgresValue>(
    _ column: String, as type: Value.Type = Value.self
  ) throws(PostgresError) -> Value { try find(column, as: type) }

  /// The same, nil for NULL.
  @specialized(where Value == String)
  @specialized(where Value == UUID)
  @specialized(where Value == Int64)
  @specialized(where Value == Int)
  @specialized(where Value == Int32)
  @specialized(where Value == Date)
  @specialized(where Value == Bool)
  package func get<Value: PostgresValue>(
    _ column: String, as type: Value?.Type = Value?.self
  ) throws(PostgresError) -> Value? { try find(column, as: type) }

  /// The value of a column of bytes. Throws as `get`.
  package func bytes(_ column: String) throws(PostgresError) -> [UInt8] {
    try get(column)
  }

  /// The value of the column at `index`, counted from 0.
  package func get<Value: PostgresValue>(
    at index: Int, as type: Value.Type = Value.self
  ) throws(PostgresError) -> Value {
    guard columns.indices.contains(index), let value = handle.read(position, index, as: type)
    else { throw unfit("\(index)", type) }
    return value
  }

  // Apart from `get`, which would otherwise begin with the look-ups of the case that is left over.
  @inline(never)
  private func find<Value: PostgresValue>(
    _ column: String, as type: Value.Type
  ) throws(PostgresError) -> Value {
    guard let index = columns.firstIndex(of: column),
      let value = handle.read(position, index, as: type)
    else { throw unfit(column, type) }
    return value
  }

  private func unfit<Value>(_ column: String, _ type: Value.Type) -> PostgresError {
    .decoding(column: column, expected: "\(type)", statement: statement)
  }
}
