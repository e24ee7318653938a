import Cryptography
import Foundation
import Postgres

/// How to make a row of each table that all constraints let through. Found by trying, each time in
/// a transaction that is rolled back: a table that comes with a later migration needs no line here.
struct CanaryRecipes: Sendable {
  /// Attempts at a table before it is given up, which fails the self-test.
  static let maximumAttempts = 400

  private struct Recipe: Sendable {
    /// Columns that hold a value.
    let filled: Set<String>
    let constants: [String: String]
  }

  /// No row could be made; the text is PostgreSQL's last refusal, without values.
  struct Unmade: Error {
    let reason: String
  }

  private struct Undone: Error {}

  let tables: CanaryTables
  private let pool: PostgresPool
  private var recipes: [String: Recipe] = [:]

  init(_ tables: CanaryTables, _ pool: PostgresPool) {
    self.tables = tables
    self.pool = pool
  }

  /// A new row of `name` for `tenant`, after the rows that it refers to.
  mutating func rows(of name: String, tenant: UUID) async throws -> [CanaryRow] {
    guard let table = tables.tables[name] else { throw Unmade(reason: "there is no \(name)") }
    guard table.takesRows else { throw Unmade(reason: "no service makes rows of \(name)") }
    if let recipe = recipes[name] { return try await rows(table, recipe, tenant) }
    var reason = "no combination of values was tried"
    for recipe in Self.candidates(table).prefix(Self.maximumAttempts) {
      let rows: [CanaryRow]
      do {
        rows = try await self.rows(table, recipe, tenant)
      } catch let unmade as Unmade {
        // What it refers to cannot be made: without the reference, it may do.
        reason = unmade.reason
        continue
      }
      do {
        try await pool.transaction { transaction in
          try await transaction.query(
            all: [SelfTest.become(tenant)] + rows.map { $0.insert(into: tables.schema) })
          throw Undone()
        }
      } catch is Undone {
        recipes[name] = recipe
        return rows
      } catch let error as PostgresError {
        guard let state = error.sqlstate else { throw error }
        // 23xxx: a constraint, for which another combination may do.
        guard state.hasPrefix("23") else { throw Unmade(reason: "\(error)") }
        reason = "\(error)"
      }
    }
    throw Unmade(reason: reason)
  }

  private mutating func rows(
    _ table: CanaryTables.Table, _ recipe: Recipe, _ tenant: UUID
  ) async throws -> [CanaryRow] {
    var before: [CanaryRow] = []
    var values: [String: String] = [:]
    for column in table.columns where recipe.filled.contains(column.name.name) {
      let constant = recipe.constants[column.name.name]
      values[column.name.name] = CanaryValues.fresh(column.type, constant: constant)
    }
    for reference in table.references where reference.table != table.name.name {
      guard reference.columns.allSatisfy({ recipe.filled.contains($0.here) }) else { continue }
      let others = try await rows(of: reference.table, tenant: tenant)
      guard let other = others.last else { continue }
      // Several references to one table of the tenant's own, as to its only row, are one row.
      if reference.columns.isEmpty, before.contains(where: { $0.table.name == other.table.name }) {
        continue
      }
      before += others
      for pair in reference.columns { values[pair.here] = other.values[pair.there] }
    }
    values["tenant_id"] = tenant.canonical
    return Self.once(before) + [CanaryRow(table: table, values: values)]
  }

  /// Of rows whose whole key is the tenant, one.
  private static func once(_ rows: [CanaryRow]) -> [CanaryRow] {
    var seen: Set<String> = []
    return rows.filter { row in
      guard row.table.keys.map(\.name) == ["tenant_id"] else { return true }
      return seen.insert(row.table.name.name).inserted
    }
  }

  /// With no column that may be NULL, with all, with each alone, with all but each; and with every
  /// combination of the texts that checks name.
  private static func candidates(_ table: CanaryTables.Table) -> [Recipe] {
    let columns = table.columns.filter(\.isInserted)
    let required = Set(columns.filter(\.isRequired).map(\.name.name))
    let optional = columns.filter { !$0.isRequired }.map(\.name.name)
    var fillings = [required, required.union(optional)]
    fillings += optional.map { required.union([$0]) }
    fillings += optional.map { required.union(optional).subtracting([$0]) }
    var choices: [[String: String]] = [[:]]
    for column in columns where !column.constants.isEmpty && column.type == "text" {
      choices = choices.flatMap { choice in
        column.constants.map { choice.merging([column.name.name: $0]) { $1 } }
      }
      if choices.count > maximumAttempts { break }
    }
    return fillings.flatMap { filled in
      choices.map { Recipe(filled: filled, constants: $0) }
    }
  }
}
