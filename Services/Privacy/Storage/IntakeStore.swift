import Foundation
import Postgres
import Storage

/// What strangers send: rows of the platform, each sealed under a key of its own.
enum IntakeStore {
  /// A case or application as it is stored, and whose key opens it: its own.
  struct Stored: Sendable {
    let id: UUID
    let receivedAt: Date
    fileprivate let row: Row
  }

  // MARK: Forms

  static func insert(
    _ form: IntakeForm, _ key: SealingKey, in transaction: TenantTransaction
  ) async throws {
    let name = try Sealed<IntakeCaseColumns.Name>(form.name, row: form.id, key)
    let email = try Sealed<IntakeCaseColumns.Email>(form.email, row: form.id, key)
    let phone = try form.phone.map { text throws(SealingError) in
      try Sealed<IntakeCaseColumns.Phone>(text, row: form.id, key)
    }
    let function = try form.function.map { text throws(SealingError) in
      try Sealed<IntakeCaseColumns.Function>(text, row: form.id, key)
    }
    let message = try form.message.map { text throws(SealingError) in
      try Sealed<IntakeCaseColumns.Message>(text, row: form.id, key)
    }
    let count = try await transaction.query(all: [
      """
      INSERT INTO privacy.intake_case
        (tenant_id, case_id, kind, name, email, phone, function, message, received_at)
      VALUES (\(transaction.tenant), \(form.id), \(form.kind.rawValue), \(name), \(email),
        \(phone), \(function), \(message), \(form.receivedAt))
      """,
      """
      SELECT count(*) AS n FROM (
        SELECT FROM privacy.intake_case WHERE tenant_id = \(transaction.tenant)
        LIMIT \(IntakeForm.openLimit + 1)) AS open
      """,
    ])[1]
    guard try count.first?.get("n", as: Int.self) ?? 0 <= IntakeForm.openLimit else {
      throw EntryError.tooMany("open cases", limit: IntakeForm.openLimit)
    }
  }

  static func cases(
    _ page: Page, in transaction: TenantTransaction
  ) async throws -> (found: [Stored], next: PagePosition?) {
    let (date, id) = (page.after?.date, page.after?.id)
    let rows = try await transaction.query(
      """
      SELECT case_id AS id, kind, name, email, phone, function, message, received_at
      FROM privacy.intake_case
      WHERE tenant_id = \(transaction.tenant)
        AND (\(date)::timestamptz IS NULL
          OR (received_at, case_id) < (\(date)::timestamptz, \(id)::uuid))
      ORDER BY received_at DESC, case_id DESC LIMIT \(page.size + 1)
      """)
    return try shown(rows, page)
  }

  /// False if there is none.
  static func deleteCase(_ id: UUID, in transaction: TenantTransaction) async throws -> Bool {
    try await transaction.query(all: [
      "DELETE FROM privacy.intake_case WHERE tenant_id = \(transaction.tenant) AND case_id = \(id)",
      forget(id, transaction.tenant),
    ])[0].affected == 1
  }

  /// Who has read what is deleted stays in the log, and not whose it was.
  static func forget(_ id: UUID, _ tenant: UUID) -> SQL {
    """
    UPDATE privacy.access_entry SET subject_id = NULL
    WHERE tenant_id = \(tenant) AND subject_id = \(id)
    """
  }

  // MARK: Applications

  /// `withdrawal`: SHA-256 of the code that withdraws the consent; nil without one.
  static func insert(
    _ application: Application, withdrawal: [UInt8]?, _ key: SealingKey,
    in transaction: TenantTransaction
  ) async throws {
    let id = application.id
    let name = try Sealed<ApplicationColumns.Name>(application.name, row: id, key)
    let address = try Sealed<ApplicationColumns.Address>(application.address, row: id, key)
    let email = try Sealed<ApplicationColumns.Email>(application.email, row: id, key)
    let phone = try Sealed<ApplicationColumns.Phone>(application.phone, row: id, key)
    let birth = try Sealed<ApplicationColumns.BirthDate>(application.birthDate, row: id, key)
    let count = try await transaction.query(all: [
      """
      INSERT INTO privacy.application
        (tenant_id, application_id, name, address, email, phone, birth_date, vacancy,
         keep_one_year, withdrawal_hash, received_at)
      VALUES (\(transaction.tenant), \(id), \(name), \(address), \(email), \(phone), \(birth),
        \(application.vacancy), \(application.keepsOneYear), \(withdrawal),
        \(application.receivedAt))
      """,
      """
      SELECT count(*) AS n FROM (
        SELECT FROM privacy.application WHERE tenant_id = \(transaction.tenant)
        LIMIT \(Application.limit + 1)) AS kept
      """,
    ])[1]
    guard try count.first?.get("n", as: Int.self) ?? 0 <= Application.limit else {
      throw EntryError.tooMany("applications", limit: Application.limit)
    }
  }

  private static let columns: SQL = """
    application_id AS id, name, address, email, phone, birth_date, vacancy, keep_one_year,
    received_at, ended_at, erase_at
    """

  static func applications(
    _ page: Page, in transaction: TenantTransaction
  ) async throws -> (found: [Stored], next: PagePosition?) {
    let (date, id) = (page.after?.date, page.after?.id)
    let rows = try await transaction.query(
      """
      SELECT \(columns) FROM privacy.application
      WHERE tenant_id = \(transaction.tenant)
        AND (\(date)::timestamptz IS NULL
          OR (received_at, application_id) < (\(date)::timestamptz, \(id)::uuid))
      ORDER BY received_at DESC, application_id DESC LIMIT \(page.size + 1)
      """)
    return try shown(rows, page)
  }

  static func application(
    _ id: UUID, in transaction: TenantTransaction
  ) async throws -> Stored? {
    try await transaction.query(
      """
      SELECT \(columns) FROM privacy.application
      WHERE tenant_id = \(transaction.tenant) AND application_id = \(id)
      """
    ).first.map(stored)
  }

  /// What decides when an application goes, held until the transaction ends.
  struct Term: Sendable {
    let id: UUID
    let keepsOneYear: Bool
    let endedAt: Date?
  }

  static func lockTerm(_ id: UUID, in transaction: TenantTransaction) async throws -> Term? {
    try await transaction.query(
      """
      SELECT application_id, keep_one_year, ended_at FROM privacy.application
      WHERE tenant_id = \(transaction.tenant) AND application_id = \(id) FOR UPDATE
      """
    ).first.map(term)
  }

  static func lockTerm(
    withdrawal hash: [UInt8], in transaction: TenantTransaction
  ) async throws -> Term? {
    try await transaction.query(
      """
      SELECT application_id, keep_one_year, ended_at FROM privacy.application
      WHERE tenant_id = \(transaction.tenant) AND withdrawal_hash = \(hash) FOR UPDATE
      """
    ).first.map(term)
  }

  static func setTerm(
    _ id: UUID, keepsOneYear: Bool, endedAt: Date?, eraseAt: Date?,
    in transaction: TenantTransaction
  ) async throws {
    try await transaction.query(
      """
      UPDATE privacy.application SET keep_one_year = \(keepsOneYear), ended_at = \(endedAt),
        erase_at = \(eraseAt)
      WHERE tenant_id = \(transaction.tenant) AND application_id = \(id)
      """)
  }

  private static func term(_ row: Row) throws -> Term {
    Term(
      id: try row.get("application_id"), keepsOneYear: try row.get("keep_one_year"),
      endedAt: try row.get("ended_at"))
  }

  private static func stored(_ row: Row) throws -> Stored {
    Stored(id: try row.get("id"), receivedAt: try row.get("received_at"), row: row)
  }

  private static func shown(
    _ rows: ResultSet, _ page: Page
  ) throws -> (found: [Stored], next: PagePosition?) {
    let shown = try rows.prefix(page.size).map(stored)
    guard rows.count > page.size, let last = shown.last else { return (shown, nil) }
    return (shown, PagePosition(at: last.receivedAt, id: last.id))
  }
}

extension IntakeForm {
  init(_ stored: IntakeStore.Stored, _ key: SealingKey) throws {
    let (row, id) = (stored.row, stored.id)
    guard let kind = Kind(rawValue: try row.get("kind")) else {
      throw UnknownStoredValue(column: "kind")
    }
    self.init(
      id: id, kind: kind, name: try row.open(IntakeCaseColumns.Name.self, row: id, key),
      email: try row.open(IntakeCaseColumns.Email.self, row: id, key),
      phone: try row.openOptional(IntakeCaseColumns.Phone.self, row: id, key),
      function: try row.openOptional(IntakeCaseColumns.Function.self, row: id, key),
      message: try row.openOptional(IntakeCaseColumns.Message.self, row: id, key),
      receivedAt: stored.receivedAt)
  }
}

extension Application {
  init(_ stored: IntakeStore.Stored, _ key: SealingKey) throws {
    let (row, id) = (stored.row, stored.id)
    self.init(
      id: id, name: try row.open(ApplicationColumns.Name.self, row: id, key),
      address: try row.open(ApplicationColumns.Address.self, row: id, key),
      email: try row.open(ApplicationColumns.Email.self, row: id, key),
      phone: try row.open(ApplicationColumns.Phone.self, row: id, key),
      birthDate: try row.open(ApplicationColumns.BirthDate.self, row: id, key),
      vacancy: try row.get("vacancy"), keepsOneYear: try row.get("keep_one_year"),
      receivedAt: stored.receivedAt, endedAt: try row.get("ended_at"),
      eraseAt: try row.get("erase_at"))
  }
}
