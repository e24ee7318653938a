import FoundationEssentials
import Postgres

struct OrganisationRow: Equatable, Sendable {
  let id: UUID
  let name: String
  let contract: Contract

  init(id: UUID, name: String, contract: Contract) {
    (self.id, self.name, self.contract) = (id, name, contract)
  }

  init(_ row: Row) throws {
    id = try row.get("tenant_id")
    name = try row.get("name")
    let begin: CalendarDate = try row.get("contract_begin")
    let end: CalendarDate? = try row.get("contract_end")
    let signedOn: CalendarDate = try row.get("agreement_signed_on")
    guard let period = Period(begin: Day(begin), end: end.map { Day($0) }) else {
      throw PostgresError.decoding(
        column: "contract_end", expected: "day after the begin", statement: "organisationFetch")
    }
    contract = Contract(
      period: period, agreementReference: try row.get("agreement_reference"),
      agreementSignedOn: Day(signedOn))
  }
}

extension SQL {
  static func organisationInsert(_ organisation: OrganisationRow, at time: Date) -> SQL {
    let contract = organisation.contract
    return """
      INSERT INTO identity.organisation (
        tenant_id, name, contract_begin, contract_end, agreement_reference, agreement_signed_on,
        registered_at)
      VALUES (
        \(organisation.id), \(organisation.name), \(contract.period.begin.calendarDate),
        \(contract.period.end?.calendarDate), \(contract.agreementReference),
        \(contract.agreementSignedOn.calendarDate), \(time))
      """
  }

  static func organisationFetch(_ tenant: UUID) -> SQL {
    """
    SELECT tenant_id, name, contract_begin, contract_end, agreement_reference, agreement_signed_on
    FROM identity.organisation WHERE tenant_id = \(tenant)
    """
  }
}

extension Day {
  /// A day that the database holds exists.
  init(_ date: CalendarDate) {
    guard let day = Day(year: date.year, month: date.month, day: date.day) else {
      preconditionFailure("a calendar date is a day")
    }
    self = day
  }

  var calendarDate: CalendarDate {
    guard let date = CalendarDate(year: year, month: month, day: day) else {
      preconditionFailure("a day is a calendar date")
    }
    return date
  }
}
