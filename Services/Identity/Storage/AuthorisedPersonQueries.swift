import FoundationEssentials
import Postgres

extension SQL {
  static func authorisedPersonInsert(
    _ tenant: UUID, _ id: UUID, _ person: UUID, _ period: Period, deputy: Bool, at time: Date
  ) -> SQL {
    """
    INSERT INTO identity.authorised_person (
      tenant_id, authorised_person_id, person_id, valid_from, valid_until, deputy,
      named_at)
    VALUES (
      \(tenant), \(id), \(person), \(period.begin.calendarDate), \(period.end?.calendarDate),
      \(deputy), \(time))
    """
  }

  /// Ends whoever was named, as deputy or not, until somebody else would be, on the day before
  /// `day`; who would not have begun by then never was one. Both statements give who it was.
  static func authorisedPersonSucceed(
    _ tenant: UUID, deputy: Bool, from day: Day
  ) -> [SQL] {
    [
      """
      DELETE FROM identity.authorised_person
      WHERE tenant_id = \(tenant) AND deputy = \(deputy) AND valid_until IS NULL
        AND valid_from >= \(day.calendarDate)
      RETURNING person_id
      """,
      """
      UPDATE identity.authorised_person SET valid_until = \(day.calendarDate) - 1
      WHERE tenant_id = \(tenant) AND deputy = \(deputy) AND valid_until IS NULL
      RETURNING person_id
      """,
    ]
  }
}
