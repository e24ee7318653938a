import FoundationEssentials
import Postgres
import Storage

enum CorrectedField: String, Sendable, PostgresValue {
  case name
  case email
}

struct NewCorrection: Sendable {
  let id: UUID
  let person: UUID
  let field: CorrectedField
  /// Sealed for the correction's own row.
  let oldValue: Sealed<PersonCorrectionColumns.OldValue>
  let source: PersonSource
}

struct CorrectionRow: Sendable {
  let id: UUID
  let field: CorrectedField
  let oldValue: Sealed<PersonCorrectionColumns.OldValue>
  let source: PersonSource
  let correctedAt: Date

  init(_ row: Row) throws(PostgresError) {
    id = try row.get("person_correction_id")
    field = try row.get("field")
    oldValue = try row.get("old_value")
    source = try row.get("source")
    correctedAt = try row.get("corrected_at")
  }
}

extension SQL {
  static func personSetName(
    _ tenant: UUID, _ person: UUID, _ name: Sealed<PersonColumns.Name>
  ) -> SQL {
    """
    UPDATE identity.person SET name = \(name)
    WHERE tenant_id = \(tenant) AND person_id = \(person)
    """
  }

  static func correctionInsert(
    _ tenant: UUID, _ correction: NewCorrection, at time: Date
  ) -> SQL {
    """
    INSERT INTO identity.person_correction (
      tenant_id, person_correction_id, person_id, field, old_value, source, corrected_at)
    VALUES (
      \(tenant), \(correction.id), \(correction.person), \(correction.field),
      \(correction.oldValue), \(correction.source), \(time))
    """
  }

  /// The last one first.
  static func correctionFetch(_ tenant: UUID, _ person: UUID, limit: Int) -> SQL {
    """
    SELECT person_correction_id, field, old_value, source, corrected_at
    FROM identity.person_correction WHERE tenant_id = \(tenant) AND person_id = \(person)
    ORDER BY corrected_at DESC, person_correction_id LIMIT \(limit)
    """
  }
}
