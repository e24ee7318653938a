import Foundation
import Testing

@testable import Postgres

@Suite struct PostgresSQLTests {
  @Test func `interpolation binds values in their order`() {
    let sql: SQL = "SELECT \(1), \("two") WHERE x = \(UUID.init(uuidString: Self.id)!)"
    #expect(sql.text == "SELECT $1, $2 WHERE x = $3")
    #expect(sql.parameters.entries.map(\.type) == [.int8, .text, .uuid])
    #expect(sql.parameters.entries.map(\.length) == [8, 3, 16])
    #expect(sql.description == sql.text)
  }

  @Test func `NULL and an empty value differ`() {
    let sql: SQL = "SELECT \(String?.none), \("")"
    #expect(sql.parameters.entries.map(\.length) == [-1, 0])
  }

  @Test func `a fragment's parameters are renumbered and its own dollars stay`() {
    let filter: SQL = "price > '$1' AND a = \(1) AND b = \("x")"
    let sql: SQL = "SELECT \(true) WHERE \(filter) OR (\(filter)) LIMIT \(5)"
    #expect(
      sql.text == """
        SELECT $1 WHERE price > '$1' AND a = $2 AND b = $3 \
        OR (price > '$1' AND a = $4 AND b = $5) LIMIT $6
        """)
    #expect(sql.parameters.entries.map(\.length) == [1, 8, 1, 8, 1, 8])
    let outer: SQL = "(\(sql))"
    #expect(outer.text == "(\(sql.text))")
  }

  @Test(arguments: ["goal", "goals_keys", "_x9"])
  func `a plain identifier is quoted`(name: String) throws {
    let sql: SQL = "TABLE \(try SQLIdentifier(name))"
    #expect(sql.text == "TABLE \"\(name)\"")
  }

  @Test(arguments: [
    "", "9a", "a-b", "a\"b", "A", "a b", "é", "x;drop", String(repeating: "a", count: 64),
  ])
  func `anything else is no identifier`(name: String) {
    #expect(throws: PostgresError.invalidIdentifier(name)) { try SQLIdentifier(name) }
  }

  @Test func `the text of an error leaves out what can quote a value`() {
    let plain = ServerError(
      sqlstate: "23505", message: "duplicate key", constraint: "goal_pkey", table: "goal")
    #expect(
      plain.description == "SQLSTATE 23505, constraint goal_pkey, table goal, duplicate key")
    let quoting = ServerError(sqlstate: "22P02", message: "invalid input: \"jan@example.org\"")
    #expect(quoting.description == "SQLSTATE 22P02")
  }

  @Test func `the cache drops the statement used longest ago and names it for deallocation`() {
    var cache = StatementCache(limit: 2)
    let none = ParameterBuffer()
    let first = cache.plan("a", none)
    let second = cache.plan("b", none)
    #expect(first.mustPrepare && second.mustPrepare)
    #expect(!cache.plan("a", none).mustPrepare)
    let third = cache.plan("c", none)
    #expect(third.deallocations == [second.statement.name])
    #expect(cache.count == 2)
    #expect(!cache.plan("a", none).mustPrepare)
    #expect(cache.plan("b", none).mustPrepare)
  }

  @Test func `the same text with other parameter types is another statement`() {
    var cache = StatementCache(limit: 8)
    func plan(_ sql: SQL) -> StatementCache.Plan { cache.plan(sql.text, sql.parameters) }
    #expect(plan("SELECT \(1)").mustPrepare)
    #expect(plan("SELECT \("1")").mustPrepare)
    #expect(!plan("SELECT \(2)").mustPrepare)
  }

  @Test func `a statement that failed to prepare is not cached`() {
    var cache = StatementCache(limit: 8)
    let plan = cache.plan("a", ParameterBuffer())
    cache.preparationFailed(plan.statement)
    #expect(cache.count == 0)
    #expect(cache.plan("a", ParameterBuffer()).mustPrepare)
  }

  @Test func `a deallocation that failed is tried again with the next statement`() {
    var cache = StatementCache(limit: 1)
    let first = cache.plan("a", ParameterBuffer()).statement
    let name = cache.plan("b", ParameterBuffer()).deallocations[0]
    #expect(name == first.name)
    cache.deallocationFailed(name)
    #expect(cache.plan("c", ParameterBuffer()).deallocations.contains(name))
  }

  private static let id = "6F9619FF-8B86-D011-B42D-00CF4FC964FF"
}
