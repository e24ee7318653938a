import ArgumentParser
import Cryptography
import Foundation
import Postgres
import Reactor
import Storage

/// What a person's key costs for a field, with the key from a real key store.
struct Sealing: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Seals and opens a field again and again and prints µs of processor time for each.")

  @Option(name: .long, help: "A database with a service's key store.") var dsn: String
  @Option(name: .long, help: "The key store's schema.") var schema: String
  @Option(name: .long, help: "The master key, a file of hexadecimal digits.") var masterKey: String
  @Option(name: .long, help: "Bytes of the field.") var bytes = 100
  @Option(name: .long, help: "Fields in a round, of which the median of five counts.")
  var fields = 20_000

  private static let rounds = 5

  private enum Why: SealedColumn {
    static let table = "goal"
    static let column = "why"
  }

  func run() async throws {
    let reactors = try ReactorGroup(count: 1)
    reactors.start()
    let pool = PostgresPool(configuration: PostgresConfiguration(dsn: dsn), reactors: reactors)
    let digits = try String(contentsOfFile: masterKey, encoding: .utf8)
    let master = try SymmetricKey(
      bytes: try Hex.decode(digits.trimmingCharacters(in: .whitespacesAndNewlines)))
    let vault = try Vault(pool: pool, schema: schema, masterKey: master)
    let key = try await vault.person(UUID(), UUID(), create: true)
    let (text, row) = (String(repeating: "a", count: bytes), UUID())
    let sealed = try Sealed<Why>(text, row: row, key)
    let sealing = try measure { _ = try Sealed<Why>(text, row: row, key) }
    let opening = try measure {
      guard try sealed.open(row: row, key) == text else {
        throw ValidationError("a field did not open as it was sealed")
      }
    }
    print(String(format: "%.3f %.3f", sealing, opening))
    await pool.shutdown()
    reactors.shutdown()
  }

  private func measure(_ body: () throws -> Void) throws -> Double {
    let rounds = try (0..<Self.rounds).map { _ in
      let before = try processorTime(getpid())
      for _ in 0..<fields { try body() }
      return Double(try processorTime(getpid()) - before) / Double(fields) / 1e3
    }
    return rounds.sorted()[Self.rounds / 2]
  }
}
