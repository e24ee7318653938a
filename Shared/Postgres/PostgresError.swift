/// Everything that a call on the database can end with besides its result.
package enum PostgresError: Error, Sendable, Equatable {
  /// The server refused a statement; nothing of its transaction took effect.
  case server(ServerError)
  /// No connection could be opened within the acquire timeout; the text is libpq's, for logs.
  case connectFailed(String)
  /// A server let the connect timeout pass without a word.
  case connectTimedOut(Duration)
  /// The connection was lost before the end of the transaction: nothing took effect.
  case connectionLost(String)
  /// The connection was lost, or time ran out, after the end of the transaction was sent and
  /// before the server confirmed it: it may have taken effect or not.
  case outcomeUnknown(String)
  /// All connections were busy for the whole acquire timeout.
  case poolTimeout
  /// More calls wait for a connection than the queue limit allows.
  case poolQueueFull
  /// More calls of the same share wait for a connection than its part of the queue allows.
  case poolShareFull
  /// The pool has been shut down.
  case poolClosed
  /// The calling task was cancelled. A call outside of a transaction may have taken effect.
  case cancelled
  /// The deadline passed. A call outside of a transaction may have taken effect.
  case deadlineExceeded
  /// A column is absent, NULL for a type that is not optional, or of another type. `statement` is
  /// its text, without values.
  case decoding(column: String, expected: String, statement: String)
  /// A statement gave more rows or bytes than a result may have: bound it with LIMIT. Outside of a
  /// transaction what it changed has been changed.
  case resultTooLarge(rows: Int, bytes: Int, statement: String)
  /// A statement carries more than `SQL.parameterLimit` parameters.
  case tooManyParameters(Int)
  case invalidIdentifier(String)
  /// A task that is inside `transaction` asked the same pool for a second connection, which can
  /// starve the pool: use the transaction that it already has.
  case nestedTransaction
  /// The transaction was used after its body had ended, or by two callers at once.
  case transactionMisused(String)

  /// The violated constraint, if a constraint was violated (SQLSTATE class 23).
  package var violatedConstraint: String? {
    guard case .server(let error) = self, error.sqlstate.hasPrefix("23") else { return nil }
    return error.constraint
  }

  /// libpq's words, if no connection could be opened.
  var connectFailure: String? {
    switch self {
    case .connectFailed(let text): text
    case .connectTimedOut(let limit): "no connection within \(limit)"
    default: nil
    }
  }

  /// Most of a statement's text that a description repeats.
  private static let quotedCharacters = 400

  package var sqlstate: String? {
    guard case .server(let error) = self else { return nil }
    return error.sqlstate
  }
}

/// What PostgreSQL said. `message` is for logs alone: it never reaches a caller.
package struct ServerError: Error, Sendable, Equatable {
  /// Five characters, see PostgreSQL's documentation, appendix A.
  package var sqlstate: String
  package var message: String
  package var constraint: String?
  package var schema: String?
  package var table: String?
  package var column: String?
  /// FATAL or PANIC: the server's process has ended, and done nothing of what was sent after.
  package var endsSession: Bool

  package init(
    sqlstate: String, message: String, constraint: String? = nil, schema: String? = nil,
    table: String? = nil, column: String? = nil, endsSession: Bool = false
  ) {
    self.sqlstate = sqlstate
    self.message = message
    self.constraint = constraint
    self.schema = schema
    self.table = table
    self.column = column
    self.endsSession = endsSession
  }
}

extension ServerError: CustomStringConvertible {
  /// Leaves out the message of a data exception (class 22), which quotes the offending value.
  /// DETAIL and HINT are never read from the server: they quote rows.
  package var description: String {
    var parts = ["SQLSTATE \(sqlstate)"]
    if let constraint { parts.append("constraint \(constraint)") }
    if let table { parts.append("table \(table)") }
    if let column { parts.append("column \(column)") }
    if !sqlstate.hasPrefix("22") { parts.append(message) }
    return parts.joined(separator: ", ")
  }
}

extension PostgresError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .server(let error): "the database refused: \(error)"
    case .connectFailed(let text): "no connection to the database: \(text)"
    case .connectTimedOut(let limit): "no connection to the database within \(limit)"
    case .connectionLost(let text): "connection to the database lost: \(text)"
    case .outcomeUnknown(let text): "it is unknown whether the transaction took effect: \(text)"
    case .poolTimeout: "no database connection became free in time"
    case .poolQueueFull: "too many calls wait for a database connection"
    case .poolShareFull: "too many calls of one share wait for a database connection"
    case .poolClosed: "the database pool has been shut down"
    case .cancelled: "the database call was cancelled"
    case .deadlineExceeded: "the database call passed its deadline"
    case .decoding(let column, let expected, let statement):
      "column \(column) is no \(expected) in: \(statement.prefix(Self.quotedCharacters))"
    case .resultTooLarge(let rows, let bytes, let statement):
      "\(rows) rows in \(bytes) bytes are too many: \(statement.prefix(Self.quotedCharacters))"
    case .tooManyParameters(let count):
      "a statement has \(count) parameters, the limit is \(SQL.parameterLimit)"
    case .invalidIdentifier(let name):
      "\(name.debugDescription) is no plain identifier (a-z, 0-9, _; at most 63 bytes)"
    case .nestedTransaction: "a transaction asked its own pool for another connection"
    case .transactionMisused(let text): "transaction misused: \(text)"
    }
  }
}
