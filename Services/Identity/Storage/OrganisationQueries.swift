import FoundationEssentials
import Mail
import Postgres

struct OrganisationRow: Equatable, Sendable {
  let id: UUID
  let name: String
  var contract: Contract
  let zone: DayZone
  let policy: OrganisationPolicy

  init(
    id: UUID, name: String, contract: Contract, zone: DayZone = .amsterdam,
    policy: OrganisationPolicy = OrganisationPolicy()
  ) {
    (self.id, self.name, self.contract, self.zone, self.policy) =
      (id, name, contract, zone, policy)
  }

  /// Of `SQL.organisationColumns`.
  init(_ row: Row) throws {
    id = try row.get("tenant_id")
    name = try row.get("name")
    contract = try Contract(row)
    zone = try DayZone(try row.get("time_zone"))
    policy = try OrganisationPolicy(row)
  }

  /// The day that it is there.
  func today(_ now: Date) -> Day { Day(now, in: zone) }
}

extension Contract {
  fileprivate init(_ row: Row) throws {
    let begin: CalendarDate? = try row.get("contract_begin")
    let end: CalendarDate? = try row.get("contract_end")
    let signedOn: CalendarDate? = try row.get("agreement_signed_on")
    let reference: String? = try row.get("agreement_reference")
    if let begin {
      period = Period(begin: Day(begin), end: end.map { Day($0) })
      guard period != nil else {
        throw PostgresError.decoding(
          column: "contract_end", expected: "day after the begin", statement: "organisationFetch")
      }
    }
    if let signedOn, let reference {
      agreement = ProcessingAgreement(
        reference: try AgreementReference(reference), signedOn: Day(signedOn))
    }
    erasedAt = try row.get("erased_at")
    erasureOrderedAt = try row.get("erasure_ordered_at")
  }
}

extension OrganisationPolicy {
  fileprivate init(_ row: Row) throws {
    func duration(_ column: String) throws -> Duration? {
      try row.get(column, as: Int32?.self).map { .seconds($0) }
    }
    guard let factor = SecondFactor(rawValue: try row.get("second_factor")) else {
      throw PostgresError.decoding(
        column: "second_factor", expected: "a rule that is known", statement: "organisationFetch")
    }
    secondFactor = factor
    minimumPasswordCharacters = try row.get("minimum_password_characters", as: Int32?.self)
      .map { Int($0) }
    passwordCheck = try duration("password_check_seconds")
    sessionIdle = try duration("session_idle_seconds")
    sessionAbsolute = try duration("session_absolute_seconds")
    remembersDevices = try row.get("remembers_devices")
    rememberedDeviceDays = try row.get("remembered_device_days", as: Int32?.self).map { Int($0) }
    emailDomains = try (row.get("email_domains") as [String]).map { try EmailDomain($0) }
    selfRegistration = try row.get("self_registration")
    guard let language = Letter.Language(rawValue: try row.get("language")) else {
      throw PostgresError.decoding(
        column: "language", expected: "one that is known", statement: "organisationFetch")
    }
    self.language = language
  }
}

extension SQL {
  private static let organisationColumns: SQL = """
    tenant_id, name, contract_begin, contract_end, agreement_reference, agreement_signed_on,
    erased_at, erasure_ordered_at, time_zone, second_factor, minimum_password_characters,
    password_check_seconds, session_idle_seconds, session_absolute_seconds, remembers_devices,
    email_domains, self_registration, language, remembered_device_days
    """

  static func organisationInsert(_ organisation: OrganisationRow, at time: Date) -> SQL {
    let contract = organisation.contract
    return """
      INSERT INTO identity.organisation (
        tenant_id, name, contract_begin, contract_end, agreement_reference, agreement_signed_on,
        time_zone, registered_at)
      VALUES (
        \(organisation.id), \(organisation.name), \(contract.period?.begin.calendarDate),
        \(contract.period?.end?.calendarDate), \(contract.agreement?.reference.text),
        \(contract.agreement?.signedOn.calendarDate), \(organisation.zone.name), \(time))
      """
  }

  static func organisationFetch(_ tenant: UUID) -> SQL {
    """
    SELECT \(organisationColumns) FROM identity.organisation WHERE tenant_id = \(tenant)
    """
  }

  /// The same; others who ask so wait until the transaction ends. What is decided over all people
  /// of an organisation is decided under this lock.
  static func organisationLock(_ tenant: UUID) -> SQL {
    """
    SELECT \(organisationColumns) FROM identity.organisation WHERE tenant_id = \(tenant) FOR UPDATE
    """
  }

  /// Before any other lock: until the end of the transaction no session gets a token, as each token
  /// is issued under `policyHold`.
  static func policyLock(_ tenant: UUID) -> SQL {
    "SELECT pg_advisory_xact_lock(hashtextextended(\(policyKey(tenant)), 0))"
  }

  /// Before any other lock: until the end of the transaction the policy stays as it is read after
  /// this. Holds up nobody else who asks so.
  static func policyHold(_ tenant: UUID) -> SQL {
    "SELECT pg_advisory_xact_lock_shared(hashtextextended(\(policyKey(tenant)), 0))"
  }

  private static func policyKey(_ tenant: UUID) -> SQL { "'identity.policy ' || \(tenant)::text" }

  static func organisationSetContract(_ tenant: UUID, _ contract: Contract) -> SQL {
    """
    UPDATE identity.organisation SET contract_begin = \(contract.period?.begin.calendarDate),
      contract_end = \(contract.period?.end?.calendarDate),
      agreement_reference = \(contract.agreement?.reference.text),
      agreement_signed_on = \(contract.agreement?.signedOn.calendarDate)
    WHERE tenant_id = \(tenant) AND erased_at IS NULL
    """
  }

  /// The first order counts; again: nothing.
  static func organisationOrderErasure(_ tenant: UUID, at time: Date) -> SQL {
    """
    UPDATE identity.organisation SET erasure_ordered_at = \(time)
    WHERE tenant_id = \(tenant) AND erasure_ordered_at IS NULL
    """
  }

  /// Of the organisation's own record what IKSO must keep stays: its name and its contract.
  static func organisationErase(_ tenant: UUID, at time: Date) -> SQL {
    """
    UPDATE identity.organisation SET erased_at = \(time), email_domains = '{}',
      self_registration = false
    WHERE tenant_id = \(tenant) AND erased_at IS NULL
    """
  }

  static func organisationSetPolicy(_ tenant: UUID, _ policy: OrganisationPolicy) -> SQL {
    func seconds(_ duration: Duration?) -> Int32? { duration.map { Int32($0.components.seconds) } }
    return """
      UPDATE identity.organisation SET second_factor = \(policy.secondFactor.rawValue),
        minimum_password_characters = \(policy.minimumPasswordCharacters.map { Int32($0) }),
        password_check_seconds = \(seconds(policy.passwordCheck)),
        session_idle_seconds = \(seconds(policy.sessionIdle)),
        session_absolute_seconds = \(seconds(policy.sessionAbsolute)),
        remembers_devices = \(policy.remembersDevices),
        remembered_device_days = \(policy.rememberedDeviceDays.map { Int32($0) }),
        email_domains = \(policy.emailDomains.map(\.text)),
        self_registration = \(policy.selfRegistration),
        language = \(policy.language.rawValue)
      WHERE tenant_id = \(tenant)
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
