import Foundation
import Postgres
import Storage

/// Requests and what the services did for them.
enum RequestStore {
  /// One of the same kind, for the same person and purpose, is open.
  struct OpenAlready: Error {}

  private static let columns: SQL = """
    SELECT request_id, kind, state, subject_id, requested_by, asked_by_subject, purpose, recipient,
      received_at, due_at, extended_at, begun_at, next_attempt_at, decided_by, decided_at,
      refusal_ground, completed_at, archive_bytes
    FROM privacy.request
    """

  /// Stores a request; one that runs is worked at from then on.
  /// - Throws: `OpenAlready`.
  static func insert(
    _ request: PrivacyRequest, in transaction: TenantTransaction
  ) async throws {
    do {
      _ = try await transaction.query(
        """
        INSERT INTO privacy.request
          (tenant_id, request_id, kind, state, subject_id, requested_by, asked_by_subject, purpose,
           received_at, due_at, archive_bytes)
        VALUES (\(transaction.tenant), \(request.id), \(request.kind.rawValue),
          \(request.state.rawValue), \(request.subject), \(request.requestedBy),
          \(request.askedBySubject), \(request.purpose), \(request.receivedAt),
          \(request.dueAt), 0)
        """)
    } catch {
      guard error.violatedConstraint == "request_open_key" else { throw error }
      throw OpenAlready()
    }
    if request.state.isRunning {
      try RequestQueue.enqueue(request.id, at: request.receivedAt, in: transaction)
    }
  }

  /// The one that a further request of the kind joins.
  static func open(
    _ kind: RequestKind, _ purpose: String, of subject: UUID, in transaction: TenantTransaction
  ) async throws -> PrivacyRequest? {
    try await transaction.query(
      """
      \(columns)
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject)
        AND kind = \(kind.rawValue) AND purpose = \(purpose)
        AND state NOT IN ('completed', 'refused', 'withdrawn')
      ORDER BY received_at LIMIT 1
      """
    ).first.map(request)
  }

  static func countOpen(
    _ kind: RequestKind, of subject: UUID, in transaction: TenantTransaction
  ) async throws -> Int {
    let row = try await transaction.query(
      """
      SELECT count(*) AS open FROM privacy.request
      WHERE tenant_id = \(transaction.tenant) AND subject_id = \(subject)
        AND kind = \(kind.rawValue) AND state NOT IN ('completed', 'refused', 'withdrawn')
      """)[0]
    return Int(try row.get("open", as: Int64.self))
  }

  /// `locking`: nobody else changes it until the transaction ends.
  static func fetch(
    _ id: UUID, locking: Bool = false, in transaction: TenantTransaction
  ) async throws -> (request: PrivacyRequest, steps: [RequestStep])? {
    let lock: SQL = locking ? "FOR UPDATE" : ""
    let results = try await transaction.query(all: [
      "\(columns) WHERE tenant_id = \(transaction.tenant) AND request_id = \(id) \(lock)",
      """
      SELECT service, done, tables, row_counts, found_tables, found_counts, problem, erase_receipt,
        scan_receipt, receipt_key, updated_at
      FROM privacy.request_step
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(id)
      ORDER BY service
      """,
    ])
    guard let row = results[0].first else { return nil }
    return (try request(row), try results[1].map(step))
  }

  /// A page of requests without their steps, the newest first, and where the next one begins, nil
  /// after the last. `overdueAt`: only those that are open and were due before that; `subject`:
  /// only those about that person.
  static func list(
    _ page: Page, overdueAt time: Date? = nil, about subject: UUID? = nil,
    in transaction: TenantTransaction
  ) async throws -> (requests: [PrivacyRequest], next: PagePosition?) {
    let (date, id) = (page.after?.date, page.after?.id)
    let found = try await transaction.query(
      """
      \(columns)
      WHERE tenant_id = \(transaction.tenant)
        AND (\(subject)::uuid IS NULL OR subject_id = \(subject)::uuid)
        AND (\(time)::timestamptz IS NULL OR (due_at < \(time)::timestamptz
          AND state NOT IN ('completed', 'refused', 'withdrawn')))
        AND (\(date)::timestamptz IS NULL
          OR (received_at, request_id) < (\(date)::timestamptz, \(id)::uuid))
      ORDER BY received_at DESC, request_id DESC LIMIT \(page.size + 1)
      """
    ).map(request)
    let shown = Array(found.prefix(page.size))
    guard found.count > page.size, let last = shown.last else { return (shown, nil) }
    return (shown, PagePosition(at: last.receivedAt, id: last.id))
  }

  /// Writes down what was decided; one that runs from now on is worked at. One that stops purposes
  /// stays in the queue until every service has confirmed that, however far officers are with it.
  static func update(
    _ request: PrivacyRequest, at time: Date, in transaction: TenantTransaction
  ) async throws {
    _ = try await transaction.query(
      """
      UPDATE privacy.request SET state = \(request.state.rawValue), due_at = \(request.dueAt),
        extended_at = \(request.extendedAt), begun_at = \(request.begunAt),
        next_attempt_at = \(request.nextAttemptAt), decided_by = \(request.decidedBy),
        decided_at = \(request.decidedAt), refusal_ground = \(request.refusalGround?.rawValue),
        completed_at = \(request.completedAt)
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(request.id)
      """)
    if request.state.isClosed {
      try await ProofStore.forgetCopy(of: request.id, in: transaction)
    }
    if request.state.isRunning || request.state == .onHold {
      try RequestQueue.enqueue(request.id, at: request.nextAttemptAt ?? time, in: transaction)
    } else if !request.kind.stopsPurposes || !request.isInForce {
      try RequestQueue.remove(request.id, in: transaction)
    }
  }

  /// Marks a request as begun, by who holds its claim.
  static func begin(_ request: PrivacyRequest, in transaction: TenantTransaction) async throws {
    _ = try await transaction.query(
      """
      UPDATE privacy.request SET state = 'running', begun_at = \(request.begunAt),
        next_attempt_at = NULL
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(request.id)
      """)
  }

  /// Says that a step has failed, and when it is tried again.
  static func putOff(
    _ id: UUID, until next: Date, in transaction: TenantTransaction
  ) async throws {
    _ = try await transaction.query(
      """
      UPDATE privacy.request SET state = 'incomplete', next_attempt_at = \(next)
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(id)
        AND state IN ('running', 'incomplete')
      """)
  }

  static func put(
    _ step: RequestStep, of request: UUID, at date: Date, in transaction: TenantTransaction
  ) async throws {
    _ = try await transaction.query(
      """
      INSERT INTO privacy.request_step
        (tenant_id, request_id, service, done, tables, row_counts, found_tables, found_counts,
         problem, updated_at, erase_receipt, scan_receipt, receipt_key)
      VALUES (\(transaction.tenant), \(request), \(step.service), \(step.done),
        \(step.rows.map(\.table)), \(step.rows.map(\.rows)), \(step.found.map(\.table)),
        \(step.found.map(\.rows)), \(step.problem), \(date), \(step.receipts.erasure),
        \(step.receipts.scan), \(step.receipts.publicKey))
      ON CONFLICT (tenant_id, request_id, service) DO UPDATE SET
        done = excluded.done, tables = excluded.tables, row_counts = excluded.row_counts,
        found_tables = excluded.found_tables, found_counts = excluded.found_counts,
        problem = excluded.problem, updated_at = excluded.updated_at,
        erase_receipt = excluded.erase_receipt, scan_receipt = excluded.scan_receipt,
        receipt_key = excluded.receipt_key
      """)
  }

  /// Ends a request that was carried out. With a certificate, of an erasure, it stays in the queue:
  /// what it looked for is still to be forgotten (`RequestRun.leave`).
  static func complete(
    _ id: UUID, at date: Date, archiveBytes: Int = 0, certificate: String? = nil,
    in transaction: TenantTransaction
  ) async throws {
    _ = try await transaction.query(
      """
      UPDATE privacy.request SET state = 'completed', completed_at = \(date),
        next_attempt_at = NULL, archive_bytes = \(archiveBytes), certificate = \(certificate)
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(id)
      """)
    try await ProofStore.forgetCopy(of: id, in: transaction)
    if certificate == nil { try RequestQueue.remove(id, in: transaction) }
  }

  static func certificate(
    of id: UUID, in transaction: TenantTransaction
  ) async throws -> String? {
    try await transaction.query(
      """
      SELECT certificate FROM privacy.request
      WHERE tenant_id = \(transaction.tenant) AND request_id = \(id)
      """
    ).first?.get("certificate")
  }

  // MARK: Rows

  private static func request(_ row: Row) throws -> PrivacyRequest {
    let (kind, state): (String, String) = (try row.get("kind"), try row.get("state"))
    var request = PrivacyRequest(
      stored: try row.get("request_id"), try known(RequestKind(rawValue: kind), "kind"),
      try known(RequestState(rawValue: state), "state"), receivedAt: try row.get("received_at"),
      dueAt: try row.get("due_at"))
    request.subject = try row.get("subject_id")
    request.requestedBy = try row.get("requested_by")
    request.askedBySubject = try row.get("asked_by_subject")
    request.purpose = try row.get("purpose")
    request.recipient = try row.get("recipient")
    request.extendedAt = try row.get("extended_at")
    request.begunAt = try row.get("begun_at")
    request.nextAttemptAt = try row.get("next_attempt_at")
    request.decidedBy = try row.get("decided_by")
    request.decidedAt = try row.get("decided_at")
    request.completedAt = try row.get("completed_at")
    request.archiveBytes = Int(try row.get("archive_bytes") as Int64)
    if let ground: String = try row.get("refusal_ground") {
      request.refusalGround = try known(RefusalGround(rawValue: ground), "refusal_ground")
    }
    return request
  }

  private static func step(_ row: Row) throws -> RequestStep {
    RequestStep(
      service: try row.get("service"), done: try row.get("done"),
      rows: zip(try row.get("tables") as [String], try row.get("row_counts") as [Int])
        .map(TableCount.init(table:rows:)),
      found: zip(try row.get("found_tables") as [String], try row.get("found_counts") as [Int])
        .map(TableCount.init(table:rows:)),
      problem: try row.get("problem"),
      receipts: StepReceipts(
        erasure: try row.get("erase_receipt"), scan: try row.get("scan_receipt"),
        publicKey: try row.get("receipt_key")),
      updatedAt: try row.get("updated_at"))
  }

  /// A value that the schema's CHECK admits and this binary does not know: it is older than the
  /// database.
  static func known<Value>(_ value: Value?, _ column: String) throws -> Value {
    guard let value else { throw UnknownStoredValue(column: column) }
    return value
  }
}

struct UnknownStoredValue: Error {
  let column: String
}
