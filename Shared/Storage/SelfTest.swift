import Cryptography
import Foundation
package import Postgres

/// Two canary tenants try to read, write, move, guess and infer each other's rows, in every table
/// of a schema, as the runtime role that serves (clause 23).
///
/// All rows are made and attacked in transactions that are rolled back: nothing of it is ever seen.
/// What is tried is what a handler of ours could do at its worst: any statement, under any tenant.
package struct SelfTest: Sendable {
  package struct Trial: Sendable, Equatable {
    /// The table, or the schema for what concerns all of it.
    package var subject: String
    package var attempt: String
    /// Nil if the wall held; else what was seen.
    package var breach: String?
  }

  let pool: PostgresPool
  let schema: SQLIdentifier
  let deadline: ContinuousClock.Instant?
  /// Who tries, and whose rows they are: new identifiers each time.
  let stranger = UUID()
  let victim = UUID()

  package init(
    pool: PostgresPool, schema: String, deadline: ContinuousClock.Instant? = nil
  ) throws(PostgresError) {
    self.pool = pool
    self.schema = try SQLIdentifier(schema)
    self.deadline = deadline
  }

  /// Every attempt and how it ended. Throws if the database cannot be asked.
  package func run() async throws -> [Trial] {
    let tables = try await CanaryTables(schema, pool)
    var recipes = CanaryRecipes(tables, pool)
    var trials = [try await ownerTrial()]
    for name in tables.names {
      guard let table = tables.tables[name] else { continue }
      let subject = "\(schema).\(name)"
      guard table.takesRows else {
        for attempt in CanaryAttack.onTables {
          trials.append(await trial(attempt, subject, table, [], stranger: [], tables))
        }
        continue
      }
      do {
        let rows = try await recipes.rows(of: name, tenant: victim)
        let own = try await recipes.rows(of: name, tenant: stranger)
        for attempt in CanaryAttack.all {
          trials.append(await trial(attempt, subject, table, rows, stranger: own, tables))
        }
      } catch let error as CanaryRecipes.Unmade {
        trials.append(
          Trial(subject: subject, attempt: "make a row to attack", breach: error.reason))
      }
    }
    return trials
  }

  static func become(_ tenant: UUID?) -> SQL {
    let text = tenant?.canonical ?? ""
    return "SELECT set_config('ikso.tenant', \(text), true)"
  }

  private struct Undone: Error {
    let count: Int64
  }

  private func trial(
    _ attack: CanaryAttack, _ subject: String, _ table: CanaryTables.Table, _ rows: [CanaryRow],
    stranger own: [CanaryRow], _ tables: CanaryTables
  ) async -> Trial {
    let scene = CanaryAttack.Scene(
      schema: schema, table: table, rows: rows, own: own, stranger: stranger, victim: victim)
    guard let statements = attack.statements(scene) else {
      return Trial(subject: subject, attempt: attack.name, breach: nil)
    }
    let before = [Self.become(victim)] + rows.map { $0.insert(into: schema) }
    let outcome = await outcome(of: before + statements)
    return Trial(subject: subject, attempt: attack.name, breach: attack.breach(outcome))
  }

  /// What the last statement counted, or how the database refused it.
  private func outcome(of statements: [SQL]) async -> Result<Int64, PostgresError> {
    do {
      return try await pool.transaction(deadline: deadline) { transaction in
        let results = try await transaction.query(all: statements)
        let last = results[results.count - 1]
        let counted: Int64? = try? last.first?.get("n")
        throw Undone(count: counted ?? Int64(last.affected))
      }
    } catch let undone as Undone {
      return .success(undone.count)
    } catch let error as PostgresError {
      return .failure(error)
    } catch {
      preconditionFailure("a trial throws its own errors only: \(error)")
    }
  }

  private func ownerTrial() async throws -> Trial {
    let owner: String = try await pool.run([
      """
      SELECT pg_get_userbyid(nspowner)::text AS name FROM pg_catalog.pg_namespace
      WHERE nspname = \(schema.name)
      """
    ])[0].first?.get("name") ?? "postgres"
    let outcome = await outcome(of: ["SELECT set_config('role', \(owner), true), 1::int8 AS n"])
    return Trial(
      subject: "\(schema)", attempt: "become the owner by SET ROLE",
      breach: CanaryAttack.refusal(outcome, "42501"))
  }
}
