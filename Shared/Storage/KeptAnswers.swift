import Cryptography
import FoundationEssentials
package import Postgres

/// The key under which a caller may make a write again, and the request that came with it.
package struct WriteKey: Sendable, Hashable {
  /// Of caller, method and key.
  let id: UUID
  /// SHA-256 of the request.
  let request: [UInt8]

  /// `scope`: who calls which method; the same key of somebody else is another one.
  package init(_ key: String, scope: [String], request: [UInt8]) {
    var data = AssociatedData("ikso write key 1")
    for part in scope { data.append(part) }
    data.append(key)
    let d = Digest.sha256(data.bytes)
    id = UUID(
      uuid: (
        d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7],
        d[8], d[9], d[10], d[11], d[12], d[13], d[14], d[15]
      ))
    self.request = Digest.sha256(request)
  }
}

package enum WriteKeyError: Error, Sendable, Equatable {
  /// The key came before, with another request.
  case idempotencyKeyReused
  /// The write took place, and its answer was erased since, with what a person asked to be erased.
  case answerErased
}

/// Answers to writes that were made under a key: stored in the transaction of the write, sealed
/// under the tenant's key, and given again to whoever asks again with the same key and request.
///
/// They stand in the table `kept_answer` of the service's schema. A write that failed is not kept:
/// it had no effect, and is made again.
package struct KeptAnswers: Sendable {
  /// How long a key counts; enforced by the row's `expires_at`.
  package static let lifetime: Duration = .seconds(24 * 60 * 60)
  /// How often a write is made again after its outcome was unknown or a twin was faster.
  static let attemptLimit = 4
  /// Expired rows that a write takes along.
  static let sweepLimit = 100

  private let database: Database
  private let vault: Vault
  private let schema: SQLIdentifier

  package init(database: Database, vault: Vault, schema: String) throws(PostgresError) {
    self.database = database
    self.vault = vault
    self.schema = try SQLIdentifier(schema)
  }

  /// What a write adds to its transaction, of what it made; nil: nothing, as there is no key.
  package typealias Keep<Made> = @Sendable (Made) throws -> [SQL]

  /// Makes a write once under `key`: `write` gets what makes, of an answer, the statements that
  /// keep it. Without a key it is made, and that is all.
  ///
  /// Throws `WriteKeyError`, and what `write` throws.
  package func once(
    _ key: WriteKey?, _ mandate: Mandate,
    _ write: (Keep<[UInt8]>?) async throws -> [UInt8]
  ) async throws -> [UInt8] {
    guard let key else { return try await write(nil) }
    let seal = try await vault.keys(mandate.tenant, create: true).sealing
    var attempts = 0
    while true {
      attempts += 1
      do {
        if let answer = try await find(key, seal, mandate) { return answer }
        return try await write { try keep($0, key, seal) }
      } catch let error as PostgresError {
        // If it took place its answer is found; a twin that is still at work holds the row's place,
        // so that the next attempt waits for its end.
        guard error.mayHaveTakenPlace, attempts < Self.attemptLimit else { throw error }
      } catch let error as WriteKeyError {
        throw error
      } catch {
        // What a twin has done meanwhile can be what a rule refused to do again.
        if let answer = try? await find(key, seal, mandate) { return answer }
        throw error
      }
    }
  }

  /// Drops the answers of a tenant, but not that there were any: a person was erased, and who of
  /// them stands in which is sealed.
  package func erase(_ mandate: Mandate) async throws(PostgresError) {
    try await database.once(
      mandate,
      """
      UPDATE \(schema).kept_answer SET sealed_answer = NULL
      WHERE tenant_id = \(mandate.tenant) AND sealed_answer IS NOT NULL
      """)
  }

  // MARK: Rows

  private func find(
    _ key: WriteKey, _ seal: SealingKey, _ mandate: Mandate
  ) async throws -> [UInt8]? {
    let rows = try await database.once(
      mandate,
      """
      SELECT sealed_answer FROM \(schema).kept_answer
      WHERE tenant_id = \(mandate.tenant) AND answer_id = \(key.id) AND expires_at > now()
      """)[0]
    guard let row = rows.first else { return nil }
    let sealed: [UInt8]? = try row.get("sealed_answer")
    guard let sealed else { throw WriteKeyError.answerErased }
    let bytes = try seal.open(
      bytes: sealed, table: "kept_answer", column: "sealed_answer", row: key.id)
    guard bytes.starts(with: key.request) else { throw WriteKeyError.idempotencyKeyReused }
    return Array(bytes.dropFirst(key.request.count))
  }

  private func keep(_ answer: [UInt8], _ key: WriteKey, _ seal: SealingKey) throws -> [SQL] {
    let sealed = try seal.seal(
      bytes: key.request + answer, table: "kept_answer", column: "sealed_answer", row: key.id)
    let tenant = seal.tenant
    return [
      """
      DELETE FROM \(schema).kept_answer
      WHERE tenant_id = \(tenant) AND expires_at <= now() AND answer_id IN (
        SELECT answer_id FROM \(schema).kept_answer
        WHERE tenant_id = \(tenant) AND expires_at <= now()
        ORDER BY answer_id = \(key.id) DESC, expires_at LIMIT \(Self.sweepLimit)
        FOR UPDATE SKIP LOCKED)
      """,
      """
      INSERT INTO \(schema).kept_answer (tenant_id, answer_id, sealed_answer, expires_at)
      VALUES (\(tenant), \(key.id), \(sealed),
        now() + make_interval(secs => \(Double(Self.lifetime.components.seconds))))
      """,
    ]
  }
}

extension PostgresError {
  /// The outcome is unknown, or another write under the same key was faster.
  fileprivate var mayHaveTakenPlace: Bool {
    if case .outcomeUnknown = self { return true }
    return violatedConstraint == "kept_answer_pkey"
  }
}
