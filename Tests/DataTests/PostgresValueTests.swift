import Foundation
import Testing

@testable import Postgres

private enum Colour: String, PostgresValue, PostgresArrayElement {
  case red, green
  static var arrayType: PostgresType { .textArray }
}

@Suite(.timeLimit(.minutes(2))) struct PostgresValueTests {
  @Test func `values come back as they were sent`() async throws {
    try await TestDatabase.cluster { pool, _ in
      func same<Value: PostgresValue & Equatable>(_ values: Value...) async throws {
        for value in values {
          let result = try await pool.run(["SELECT \(value) AS value"])
          let read: Value = try result[0][0].get("value")
          #expect(read == value)
        }
      }
      try await same("", "Ärger, 🦉 and 'quotes'", String(repeating: "x", count: 100_000))
      try await same(true, false)
      try await same(Int.min, -1, 0, Int.max)
      try await same(Int16.min, Int16.max)
      try await same(Int32.min, Int32.max)
      try await same(Int64.min, Int64.max)
      try await same(0.0, -1.5, .infinity, .pi, .leastNonzeroMagnitude)
      try await same(UUID(), UUID())
      try await same([], [0, 255, 39, 92] as [UInt8])
      try await same(Date(timeIntervalSinceReferenceDate: 0), Date(timeIntervalSince1970: 1.5))
      try await same(
        CalendarDate(year: 2024, month: 2, day: 29)!, CalendarDate(year: 1, month: 1, day: 1)!,
        CalendarDate(year: 9999, month: 12, day: 31)!)
      try await same(Colour.green)
      try await same(String?.none, "one")
      try await same(Int?.none, 1)
    }
  }

  @Test func `arrays come back as they were sent`() async throws {
    try await TestDatabase.cluster { pool, _ in
      func same<Value: PostgresValue & Equatable>(_ values: Value...) async throws {
        for value in values {
          let result = try await pool.run(["SELECT \(value) AS value"])
          let read: Value = try result[0][0].get("value")
          #expect(read == value)
        }
      }
      try await same([], ["", "a", "NULL", "{}"])
      try await same([], [1, -1, Int.max])
      try await same([UUID(), UUID()])
      try await same([[1, 2], [], [255]] as [[UInt8]])
      try await same([Date(timeIntervalSinceReferenceDate: 12_345.25)])
      try await same([CalendarDate(year: 2000, month: 1, day: 1)!])
      try await same([true, false])
      try await same([1.5, -2])
      try await same([Int32(7)], [Int32]())
      try await same(["a", nil, "c"] as [String?], [nil, nil])
      try await same([1, nil] as [Int?])
      try await same([Colour.red, .green])
      try await same([String]?.none)
    }
  }

  @Test func `unnest and ANY take arrays`() async throws {
    try await TestDatabase.cluster { pool, _ in
      let ids = (0..<1000).map { _ in UUID() }
      let notes = ids.indices.map { $0.isMultiple(of: 2) ? "note \($0)" : nil }
      let results = try await pool.run([
        "SELECT id, note FROM unnest(\(ids), \(notes)) AS given (id, note)",
        "SELECT count(*) AS n FROM unnest(\(ids)) AS id WHERE id = ANY(\(Array(ids[..<10])))",
      ])
      #expect(try results[0].map { try $0.get("id") as UUID } == ids)
      #expect(try results[0].map { try $0.get("note") as String? } == notes)
      #expect(try results[1][0].get("n") == 10)
    }
  }

  @Test func `columns of other types read where the value fits`() async throws {
    try await TestDatabase.cluster { pool, _ in
      let row = try await pool.run([
        """
        SELECT 7::int2 AS small, 8::int4 AS medium, 9::int8 AS large, 300::int8 AS wide,
          'n'::name AS name, '{"a": 1}'::jsonb AS json, 'v'::varchar AS varchar,
          1.5::float4 AS float, now() AS now
        """
      ])[0][0]
      #expect(try row.get("small") == 7)
      #expect(try row.get("medium") == Int16(8))
      #expect(try row.get("large") == Int32(9))
      #expect(try row.get("wide") == Int16(300))
      #expect(try row.get("name") == "n")
      #expect(try row.get("json") == "{\"a\": 1}")
      #expect(try row.get("varchar") == "v")
      #expect(try row.get("float") == 1.5)
      #expect(try row.get(at: 0) == 7)
      let now: Date = try row.get("now")
      #expect(now.timeIntervalSince1970 > 1_700_000_000)
    }
  }

  @Test func `a column that does not fit says which and what was expected`() async throws {
    try await TestDatabase.cluster { pool, _ in
      let query: SQL = """
        SELECT NULL::text AS absent, 70000 AS number, 'infinity'::timestamptz AS never,
          '{1,NULL}'::int8[] AS holes, 1.5::numeric AS decimal
        """
      let row = try await pool.run([query])[0][0]
      func refused<Value: PostgresValue>(_ column: String, _ type: Value.Type) {
        let error = PostgresError.decoding(
          column: column, expected: "\(type)", statement: query.text)
        #expect(throws: error) { _ = try row.get(column, as: type) }
      }
      refused("absent", String.self)
      refused("number", Int16.self)
      refused("number", String.self)
      refused("never", Date.self)
      refused("holes", [Int].self)
      refused("decimal", Double.self)
      refused("missing", Int.self)
      #expect(try row.get("absent", as: String?.self) == nil)
      #expect(try row.get("holes", as: [Int?].self) == [1, nil])
    }
  }

  @Test func `every day of the calendar has its number`() {
    var date = CalendarDate(year: 1, month: 1, day: 1)!
    for number in date.daysSince1970...CalendarDate(year: 9999, month: 12, day: 31)!.daysSince1970
    {
      let made = CalendarDate(daysSince1970: number)
      guard let made, made.daysSince1970 == number, made >= date else {
        Issue.record("day \(number) became \(String(describing: made))")
        return
      }
      date = made
    }
    #expect(date.description == "9999-12-31")
    #expect(CalendarDate(year: 1970, month: 1, day: 1)?.daysSince1970 == 0)
    #expect(CalendarDate(year: 2023, month: 2, day: 29) == nil)
    #expect(CalendarDate(year: 1900, month: 2, day: 29) == nil)
    #expect(CalendarDate(year: 2024, month: 13, day: 1) == nil)
    #expect(CalendarDate(year: 0, month: 1, day: 1) == nil)
    #expect(CalendarDate(year: 7, month: 3, day: 9)?.description == "0007-03-09")
  }

  @Test func `truncated binary forms are refused, not read past their end`() {
    func read<Value: PostgresValue>(_ bytes: [UInt8], _ type: PostgresType, as: Value.Type)
      -> Value?
    {
      Value.read(bytes.span, type)
    }
    #expect(read([0, 0, 0], .int8, as: Int.self) == nil)
    #expect(read([0, 0, 0], .uuid, as: UUID.self) == nil)
    #expect(read([], .jsonb, as: String.self) == nil)
    #expect(read([], .timestamptz, as: Date.self) == nil)
    var array: [UInt8] = []
    [1, 2, 3].write(to: &array)
    for count in 0..<array.count {
      #expect(read(Array(array[..<count]), .int8Array, as: [Int].self) == nil)
    }
    array.put(bigEndian: Int32.max, at: 12)
    #expect(read(array, .int8Array, as: [Int].self) == nil)
    array.put(bigEndian: 2, at: 0)
    #expect(read(array, .int8Array, as: [Int].self) == nil)
  }
}
