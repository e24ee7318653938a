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

  @Test func `the cache drops the statement used longest ago and names it for deallocation`()
    throws
  {
    var cache = StatementCache(limit: 2)
    let none = ParameterBuffer()
    func plan(_ text: String) throws -> StatementCache.Plan {
      let planned = cache.plan(text, none, batch: 1)
      let plan = try #require(planned)
      cache.prepared(plan.statement)
      return plan
    }
    let (first, second) = try (plan("a"), plan("b"))
    #expect(first.mustPrepare && second.mustPrepare)
    #expect(try !plan("a").mustPrepare)
    let third = try plan("c")
    #expect(third.deallocations == [second.statement.name])
    #expect(cache.count == 2)
    #expect(try !plan("a").mustPrepare)
    #expect(try plan("b").mustPrepare)
  }

  @Test func `what another batch is about to prepare is neither relied on nor deallocated`()
    throws
  {
    var cache = StatementCache(limit: 1)
    let none = ParameterBuffer()
    let planned = cache.plan("a", none, batch: 1)
    let first = try #require(planned)
    #expect(cache.plan("a", none, batch: 1)?.mustPrepare == false, "the batch itself may")
    #expect(cache.plan("a", none, batch: 2) == nil)
    #expect(cache.plan("b", none, batch: 2) == nil, "there is no place that could be made free")
    cache.prepared(first.statement)
    #expect(cache.plan("a", none, batch: 3)?.mustPrepare == false)
    #expect(cache.plan("b", none, batch: 3)?.deallocations == [first.statement.name])
  }

  @Test(arguments: ["BEGIN", "begin", " commit", "\nRollback", "SAVEPOINT a", "START TRANSACTION"])
  func `what begins or ends a transaction is known`(text: String) {
    #expect(SQL(stringLiteral: text).controlsTransactions)
    #expect(!SQL(stringLiteral: "SELECT '\(text)'").controlsTransactions)
  }

  @Test func `the same text with other parameter types is another statement`() {
    var cache = StatementCache(limit: 8)
    func mustPrepare(_ sql: SQL) -> Bool? {
      cache.plan(sql.text, sql.parameters, batch: 1)?.mustPrepare
    }
    #expect(mustPrepare("SELECT \(1)") == true)
    #expect(mustPrepare("SELECT \("1")") == true)
    #expect(mustPrepare("SELECT \(2)") == false)
  }

  @Test func `a statement that failed to prepare is not cached`() throws {
    var cache = StatementCache(limit: 8)
    let planned = cache.plan("a", ParameterBuffer(), batch: 1)
    let plan = try #require(planned)
    cache.preparationFailed(plan.statement)
    #expect(cache.count == 0)
    #expect(cache.plan("a", ParameterBuffer(), batch: 2)?.mustPrepare == true)
  }

  @Test func `a deallocation that failed is tried again with the next statement`() throws {
    var cache = StatementCache(limit: 1)
    let none = ParameterBuffer()
    func plan(_ text: String) throws -> StatementCache.Plan {
      let planned = cache.plan(text, none, batch: 1)
      let plan = try #require(planned)
      cache.prepared(plan.statement)
      return plan
    }
    let first = try plan("a").statement
    let name = try plan("b").deallocations[0]
    #expect(name == first.name)
    cache.deallocationFailed(name)
    #expect(try plan("c").deallocations.contains(name))
  }

  private static let id = "6F9619FF-8B86-D011-B42D-00CF4FC964FF"
}
