/// A statement as one connection knows it.
final class PreparedStatement {
  let name: String
  let text: String
  let types: [PostgresType]
  /// Names of the result's columns, known after the first execution. They cannot change under a
  /// prepared statement: PostgreSQL then refuses it with "cached plan must not change result type".
  var columns: [String]?
  fileprivate var lastUse: UInt64 = 0
  /// The batch that is to prepare it; nil once the server has.
  fileprivate var preparing: Int?

  init(name: String, text: String, types: [PostgresType]) {
    self.name = name
    self.text = text
    self.types = types
  }
}

/// Which statements a connection has prepared, the least recently used leaving first. Pure: it says
/// what has to be sent and is told how it went.
struct StatementCache {
  struct Plan {
    let statement: PreparedStatement
    let mustPrepare: Bool
    /// Names to deallocate on the server before.
    let deallocations: [String]
  }

  let limit: Int
  private(set) var count = 0
  private var statements: [String: [PreparedStatement]] = [:]
  /// Gone from the cache but, because a transaction had failed, not yet from the server.
  private var leftovers: [String] = []
  private var clock: UInt64 = 0
  private var named: UInt64 = 0

  init(limit: Int) {
    precondition(limit > 0, "a cache holds at least one statement")
    self.limit = limit
  }

  /// What `batch` sends. Nil: the text, under no name; for another batch is about to prepare the
  /// statement and may fail before, or none of those in the cache may leave it yet.
  mutating func plan(_ text: String, _ parameters: ParameterBuffer, batch: Int) -> Plan? {
    clock += 1
    if let known = statements[text]?.first(where: { $0.fits(parameters) }) {
      known.lastUse = clock
      if let preparing = known.preparing, preparing != batch { return nil }
      return Plan(statement: known, mustPrepare: false, deallocations: [])
    }
    var oldest: PreparedStatement?
    if count >= limit {
      oldest = leastRecentlyUsed()
      guard oldest != nil else { return nil }
    }
    var deallocations = leftovers
    leftovers = []
    if let oldest {
      remove(oldest)
      deallocations.append(oldest.name)
    }
    named += 1
    let statement = PreparedStatement(
      name: "ikso_\(named)", text: text, types: parameters.entries.map(\.type))
    statement.lastUse = clock
    statement.preparing = batch
    statements[text, default: []].append(statement)
    count += 1
    return Plan(statement: statement, mustPrepare: true, deallocations: deallocations)
  }

  /// The server has prepared it, whatever comes of the rest of its batch.
  func prepared(_ statement: PreparedStatement) { statement.preparing = nil }

  /// The server did not prepare it.
  mutating func preparationFailed(_ statement: PreparedStatement) { remove(statement) }

  mutating func deallocationFailed(_ name: String) { leftovers.append(name) }

  /// Of those that the server has.
  private func leastRecentlyUsed() -> PreparedStatement? {
    statements.values.joined().filter { $0.preparing == nil }.min { $0.lastUse < $1.lastUse }
  }

  private mutating func remove(_ statement: PreparedStatement) {
    guard var variants = statements[statement.text],
      let position = variants.firstIndex(where: { $0 === statement })
    else { return }
    variants.remove(at: position)
    statements[statement.text] = variants.isEmpty ? nil : variants
    count -= 1
  }
}

extension PreparedStatement {
  fileprivate func fits(_ parameters: ParameterBuffer) -> Bool {
    types.count == parameters.entries.count
      && zip(types, parameters.entries).allSatisfy { $0 == $1.type }
  }
}
