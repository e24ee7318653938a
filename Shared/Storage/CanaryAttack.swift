import Foundation
import Postgres

/// One way in which a tenant tries to get at another's row.
struct CanaryAttack: Sendable {
  struct Scene: Sendable {
    let schema: SQLIdentifier
    let table: CanaryTables.Table
    /// The victim's; the last one is of the table, those before are what it refers to.
    let rows: [CanaryRow]
    /// Rows that the stranger could store.
    let own: [CanaryRow]
    let stranger: UUID
    let victim: UUID

    var source: SQL { "\(schema).\(table.name)" }
    var row: CanaryRow { rows[rows.count - 1] }
  }

  let name: String
  /// After the victim's rows were stored, under the victim's tenant; nil where it makes no sense.
  let statements: @Sendable (Scene) -> [SQL]?
  /// Nil if the wall held; else what was seen.
  let breach: @Sendable (Result<Int64, PostgresError>) -> String?

  // MARK: How it must end

  /// Nothing was counted.
  static func nothing(_ outcome: Result<Int64, PostgresError>) -> String? {
    switch outcome {
    case .success(0): nil
    case .success(let count): "\(count) rows"
    case .failure(let error): "\(error)"
    }
  }

  static func one(_ outcome: Result<Int64, PostgresError>) -> String? {
    switch outcome {
    case .success(1): nil
    case .success(let count): "\(count) rows instead of the one that is there"
    case .failure(let error): "\(error)"
    }
  }

  /// Refused with one of these SQLSTATEs.
  static func refusal(_ outcome: Result<Int64, PostgresError>, _ states: String...) -> String? {
    switch outcome {
    case .success: return "it was not refused"
    case .failure(let error):
      guard let state = error.sqlstate, states.contains(state) else { return "\(error)" }
      return nil
    }
  }

  /// No right to it at all, or no row met.
  static func nothingOrForbidden(_ outcome: Result<Int64, PostgresError>) -> String? {
    refusal(outcome, "42501") == nil ? nil : nothing(outcome)
  }

  // MARK: On every table

  /// Those that need no row.
  static let onTables: [CanaryAttack] = [
    CanaryAttack(
      name: "infer from the planner's statistics",
      statements: { scene in
        [
          SelfTest.become(scene.stranger),
          """
          SELECT count(*) AS n FROM pg_catalog.pg_stats
          WHERE schemaname = \(scene.schema.name) AND tablename = \(scene.table.name.name)
          """,
        ]
      }, breach: nothing),
    CanaryAttack(
      name: "switch row security off",
      statements: { scene in
        [
          SelfTest.become(scene.stranger), "SELECT set_config('row_security', 'off', true)",
          "SELECT count(*) AS n FROM \(scene.source)",
        ]
      }, breach: { refusal($0, "42501") }),
    CanaryAttack(
      name: "empty the table",
      statements: { scene in [SelfTest.become(scene.stranger), "TRUNCATE \(scene.source)"] },
      breach: { refusal($0, "42501", "0A000") }),
  ]

  static let all = controls + reads + writes + inferences + onTables

  /// Else all the others would show nothing.
  private static let controls: [CanaryAttack] = [
    CanaryAttack(
      name: "see one's own row",
      statements: { scene in
        ["SELECT count(*) AS n FROM \(scene.source) WHERE \(scene.row.isThisRow)"]
      }, breach: one)
  ]

  private static func read(
    _ name: String, as tenant: @escaping @Sendable (Scene) -> UUID?,
    _ condition: @escaping @Sendable (Scene) -> SQL
  ) -> CanaryAttack {
    CanaryAttack(
      name: name,
      statements: { scene in
        [
          SelfTest.become(tenant(scene)),
          "SELECT count(*) AS n FROM \(scene.source) WHERE \(condition(scene))",
        ]
      }, breach: nothing)
  }

  private static let reads: [CanaryAttack] = [
    read("read by the other tenant", as: { $0.stranger }) { "tenant_id = \($0.victim)" },
    read("read all there is", as: { $0.stranger }) { "tenant_id <> \($0.stranger)" },
    read("guess by the exact key", as: { $0.stranger }) { $0.row.isThisRow },
    read("read without a tenant", as: { _ in nil }) { _ in "true" },
    CanaryAttack(
      name: "read as a tenant that is no uuid",
      statements: { scene in
        [
          "SELECT set_config('ikso.tenant', '%', true)",
          "SELECT count(*) AS n FROM \(scene.source)",
        ]
      }, breach: { refusal($0, "22P02") == nil ? nil : nothing($0) }),
  ]

  private static let writes: [CanaryAttack] = [
    CanaryAttack(
      name: "change the other's row",
      statements: { scene in
        let column = scene.table.columns.first { $0.isUpdated } ?? scene.table.columns[0]
        return [
          SelfTest.become(scene.stranger),
          """
          UPDATE \(scene.source) SET \(column.name) = \(column.name)
          WHERE tenant_id = \(scene.victim)
          """,
        ]
      }, breach: nothingOrForbidden),
    CanaryAttack(
      name: "delete the other's row",
      statements: { scene in
        [
          SelfTest.become(scene.stranger),
          "DELETE FROM \(scene.source) WHERE tenant_id = \(scene.victim)",
        ]
      }, breach: nothingOrForbidden),
    CanaryAttack(
      name: "write a row for the other",
      statements: { scene in
        var row = scene.own[scene.own.count - 1]
        row.tenant = scene.row.tenant
        return [SelfTest.become(scene.stranger), row.insert(into: scene.schema)]
      }, breach: { refusal($0, "42501") }),
    CanaryAttack(
      name: "write over the other's row",
      statements: { scene in
        [
          SelfTest.become(scene.stranger),
          scene.row.insert(into: scene.schema, suffix: "ON CONFLICT DO NOTHING"),
        ]
      }, breach: { refusal($0, "42501") }),
    CanaryAttack(
      name: "move one's row to the other",
      statements: { scene in
        [
          """
          UPDATE \(scene.source) SET tenant_id = \(scene.stranger)
          WHERE tenant_id = \(scene.victim)
          """
        ]
      }, breach: { refusal($0, "42501") }),
  ]

  private static let inferences: [CanaryAttack] = [
    CanaryAttack(
      name: "infer from a unique value",
      statements: { scene in
        var row = scene.row
        let own = scene.own[scene.own.count - 1]
        row.tenant = own.tenant
        for reference in scene.table.references {
          for pair in reference.columns { row.values[pair.here] = own.values[pair.here] }
        }
        return [SelfTest.become(scene.stranger)]
          + scene.own.dropLast().map { $0.insert(into: scene.schema) }
          + [row.insert(into: scene.schema)]
      }, breach: one),
    CanaryAttack(
      name: "infer from a foreign key",
      statements: { scene in
        var row = scene.own[scene.own.count - 1]
        var refers = false
        for reference in scene.table.references {
          for pair in reference.columns {
            guard let value = scene.row.values[pair.here], row.values[pair.here] != nil else {
              continue
            }
            row.values[pair.here] = value
            refers = true
          }
        }
        guard refers else { return nil }
        return [
          SelfTest.become(scene.stranger), row.insert(into: scene.schema),
          "SET CONSTRAINTS ALL IMMEDIATE",
        ]
      }, breach: { refusal($0, "23503") }),
    CanaryAttack(
      name: "infer from an error that a row would raise",
      statements: { scene in
        [
          SelfTest.become(scene.stranger),
          """
          SELECT count(*) AS n FROM \(scene.source)
          WHERE 1 / (CASE WHEN tenant_id = \(scene.victim) THEN 0 ELSE 1 END) = 0
          """,
        ]
      }, breach: nothing),
  ]
}
