import Foundation
import Postgres
import Storage

/// What every service is told of one purpose.
struct PurposeMarkRow: Sendable, Equatable {
  var organisation: UUID
  /// Nil: the organisation, and with it everybody in it.
  var person: UUID?
  var purpose: String
  var mark: PurposeMark
  var sequence: Int64

  init(_ row: Row) throws {
    let (person, name): (UUID, String) = (try row.get("person_id"), try row.get("mark"))
    guard let mark = PurposeMark(rawValue: name) else { throw UnknownStoredValue(column: "mark") }
    self.organisation = try row.get("organisation_id")
    self.person = person == .platform ? nil : person
    self.purpose = try row.get("purpose")
    self.mark = mark
    self.sequence = try row.get("sequence")
  }
}

/// Rows of the platform. Their sequence rises with the commits: whoever puts one holds a lock until
/// it is visible, so that nobody who reads after a sequence misses an earlier one. It goes on from
/// the clock, as rows are deleted in time.
extension SQL {
  /// To be run as the platform. `person` is `.platform` for the organisation itself.
  static func purposeMarkPut(
    _ marks: [(Purpose, PurposeMark)], organisation: UUID, person: UUID
  ) -> [SQL] {
    let platform = UUID.platform
    let (purposes, names) = (marks.map(\.0.rawValue), marks.map(\.1.rawValue))
    return [
      "SELECT pg_advisory_xact_lock(hashtextextended('privacy.purpose_mark', 0))",
      """
      INSERT INTO privacy.purpose_mark AS known
        (tenant_id, organisation_id, person_id, purpose, mark, sequence)
      SELECT \(platform), \(organisation), \(person), new.purpose, new.mark,
        last.sequence + new.number
      FROM unnest(\(purposes)::text[], \(names)::text[]) WITH ORDINALITY
        AS new (purpose, mark, number)
      CROSS JOIN (
        SELECT GREATEST(
          max(sequence), floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint
        ) AS sequence
        FROM privacy.purpose_mark WHERE tenant_id = \(platform)
      ) AS last
      WHERE new.mark <> 'none' OR EXISTS (
        SELECT FROM privacy.purpose_mark m
        WHERE m.tenant_id = \(platform) AND m.organisation_id = \(organisation)
          AND m.person_id = \(person) AND m.purpose = new.purpose)
      ON CONFLICT (tenant_id, organisation_id, person_id, purpose)
        DO UPDATE SET mark = excluded.mark, sequence = excluded.sequence
        WHERE known.mark <> excluded.mark
      """,
    ]
  }

  static func purposeMarkFetch(after sequence: Int64, limit: Int) -> SQL {
    """
    SELECT organisation_id, person_id, purpose, mark, sequence FROM privacy.purpose_mark
    WHERE tenant_id = \(UUID.platform) AND sequence > \(sequence)
    ORDER BY sequence LIMIT \(limit)
    """
  }

  /// What was lifted before `sequence` is forgotten.
  static func purposeMarkSweep(before sequence: Int64) -> SQL {
    """
    DELETE FROM privacy.purpose_mark
    WHERE tenant_id = \(UUID.platform) AND mark = 'none' AND sequence < \(sequence)
    """
  }

  /// All of a person, who is erased.
  static func purposeMarkErase(_ person: UUID, of organisation: UUID) -> SQL {
    """
    DELETE FROM privacy.purpose_mark
    WHERE tenant_id = \(UUID.platform) AND organisation_id = \(organisation)
      AND person_id = \(person)
    """
  }
}
