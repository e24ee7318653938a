import FoundationEssentials
import Postgres

/// The tables that hold something about one person, in the order in which rows can be deleted.
enum SubjectTable: String, CaseIterable {
  case outbox
  case notice
  case accessEvent = "access_event"
  case signIn = "sign_in"
  case passwordReset = "password_reset"
  case recoveryCode = "recovery_code"
  case totp
  case rememberedDevice = "remembered_device"
  case session
  case invitation
  case credential
  case authorisedPerson = "authorised_person"
  case roleGrant = "role_grant"
  case parentalConsent = "parental_consent"
  case minorReport = "minor_report"
  case managerRelation = "manager_relation"
  case personCorrection = "person_correction"
  case emailChange = "email_change"
  case enrolment
  case securityEvent = "security_event"
  case person

  func delete(_ tenant: UUID, _ person: UUID) -> SQL {
    switch self {
    case .outbox:
      "DELETE FROM identity.outbox WHERE tenant_id = \(tenant) AND person_id = \(person)"
    // What waits to be told to them; `NoticeRounds` finds it gone.
    case .notice:
      "DELETE FROM identity.notice WHERE tenant_id = \(tenant) AND person_id = \(person)"
    // On its way to the log, where it is to be, without the person.
    case .accessEvent:
      """
      UPDATE identity.access_event SET subject_id = NULL
      WHERE tenant_id = \(tenant) AND subject_id = \(person)
      """
    case .signIn: SQL.signInDeleteAll(tenant, of: person)
    case .passwordReset: SQL.passwordResetDelete(tenant, of: person)
    case .recoveryCode: SQL.recoveryCodeDelete(tenant, of: person)
    case .totp: SQL.totpDelete(tenant, of: person)
    case .rememberedDevice: SQL.deviceForgetAll(tenant, of: person)
    case .session:
      "DELETE FROM identity.session WHERE tenant_id = \(tenant) AND person_id = \(person)"
    case .invitation:
      "DELETE FROM identity.invitation WHERE tenant_id = \(tenant) AND person_id = \(person)"
    case .credential:
      "DELETE FROM identity.credential WHERE tenant_id = \(tenant) AND person_id = \(person)"
    case .authorisedPerson:
      """
      DELETE FROM identity.authorised_person
      WHERE tenant_id = \(tenant) AND person_id = \(person)
      """
    case .roleGrant:
      "DELETE FROM identity.role_grant WHERE tenant_id = \(tenant) AND person_id = \(person)"
    case .parentalConsent:
      """
      DELETE FROM identity.parental_consent
      WHERE tenant_id = \(tenant) AND person_id = \(person)
      """
    case .minorReport:
      "DELETE FROM identity.minor_report WHERE tenant_id = \(tenant) AND person_id = \(person)"
    // Those whom they lead among them.
    case .managerRelation:
      """
      DELETE FROM identity.manager_relation
      WHERE tenant_id = \(tenant) AND (person_id = \(person) OR manager_id = \(person))
      """
    case .personCorrection:
      """
      DELETE FROM identity.person_correction
      WHERE tenant_id = \(tenant) AND person_id = \(person)
      """
    case .emailChange:
      "DELETE FROM identity.email_change WHERE tenant_id = \(tenant) AND person_id = \(person)"
    case .enrolment:
      "DELETE FROM identity.enrolment WHERE tenant_id = \(tenant) AND person_id = \(person)"
    // That something was done stays, without the person.
    case .securityEvent: SQL.securityEventForget(tenant, person)
    case .person:
      "DELETE FROM identity.person WHERE tenant_id = \(tenant) AND person_id = \(person)"
    }
  }

  /// What an export shows: everything but secrets.
  func fetch(_ tenant: UUID, _ person: UUID) -> SQL {
    switch self {
    case .person:
      """
      SELECT person_id, name, email, roles, source, created_at, suspended_at, under16
      FROM identity.person WHERE tenant_id = \(tenant) AND person_id = \(person)
      """
    case .credential:
      """
      SELECT changed_at
      FROM identity.credential WHERE tenant_id = \(tenant) AND person_id = \(person)
      """
    case .invitation:
      """
      SELECT invitation_id, created_at, expires_at, used_at, replaced_at
      FROM identity.invitation WHERE tenant_id = \(tenant) AND person_id = \(person)
      ORDER BY created_at, invitation_id
      """
    // What it says may hold a link.
    case .outbox:
      """
      SELECT outbox_id, kind, created_at, expires_at, dead_at
      FROM identity.outbox WHERE tenant_id = \(tenant) AND person_id = \(person)
      ORDER BY created_at, outbox_id
      """
    case .notice:
      """
      SELECT notice_id, kind, accepted_at, done_at
      FROM identity.notice WHERE tenant_id = \(tenant) AND person_id = \(person)
      ORDER BY accepted_at, notice_id
      """
    // What it says is in the log, as soon as it is there.
    case .accessEvent:
      """
      SELECT event_id, occurred_at
      FROM identity.access_event WHERE tenant_id = \(tenant) AND subject_id = \(person)
      ORDER BY occurred_at, event_id
      """
    case .signIn: .signInFetchAll(tenant, of: person)
    case .passwordReset: .passwordResetFetchAll(tenant, of: person)
    case .recoveryCode: .recoveryCodeFetchAll(tenant, of: person)
    case .totp: .totpFetchAll(tenant, of: person)
    case .rememberedDevice: .deviceExport(tenant, of: person)
    case .session:
      """
      SELECT session_id, created_at, authenticated_at, last_used_at, ended_at
      FROM identity.session WHERE tenant_id = \(tenant) AND person_id = \(person)
      ORDER BY created_at, session_id
      """
    case .authorisedPerson:
      """
      SELECT authorised_person_id, valid_from, valid_until, deputy, named_at
      FROM identity.authorised_person WHERE tenant_id = \(tenant) AND person_id = \(person)
      ORDER BY valid_from, authorised_person_id
      """
    case .roleGrant:
      """
      SELECT role_grant_id, role, valid_from, valid_until, granted_at
      FROM identity.role_grant WHERE tenant_id = \(tenant) AND person_id = \(person)
      ORDER BY valid_from, role_grant_id
      """
    case .parentalConsent:
      """
      SELECT parental_consent_id, guardian, reference, given_on, recorded_at, withdrawn_at
      FROM identity.parental_consent WHERE tenant_id = \(tenant) AND person_id = \(person)
      ORDER BY recorded_at, parental_consent_id
      """
    // Who reported it is somebody else's.
    case .minorReport:
      """
      SELECT minor_report_id, reported_at, resolved_at, resolution
      FROM identity.minor_report WHERE tenant_id = \(tenant) AND person_id = \(person)
      ORDER BY reported_at, minor_report_id
      """
    // Who leads them is somebody else.
    case .managerRelation:
      """
      SELECT set_at
      FROM identity.manager_relation WHERE tenant_id = \(tenant) AND person_id = \(person)
      """
    case .personCorrection:
      """
      SELECT person_correction_id, field, old_value, source, corrected_at
      FROM identity.person_correction WHERE tenant_id = \(tenant) AND person_id = \(person)
      ORDER BY corrected_at, person_correction_id
      """
    case .emailChange:
      """
      SELECT email, source, requested_at, effective_at, expires_at
      FROM identity.email_change WHERE tenant_id = \(tenant) AND person_id = \(person)
      """
    case .enrolment:
      """
      SELECT enrolment.programme_id, programme.name, enrolment.enrolled_on, enrolment.left_on
      FROM identity.enrolment
      JOIN identity.programme ON programme.tenant_id = enrolment.tenant_id
        AND programme.programme_id = enrolment.programme_id
      WHERE enrolment.tenant_id = \(tenant) AND enrolment.person_id = \(person)
      ORDER BY enrolment.enrolled_on, enrolment.programme_id
      """
    // The latest; `SubjectStore` asks for the others.
    case .securityEvent: .securityEventFetch(tenant, concerning: person)
    }
  }

  /// What names the person in rows about others: the rows stay, without the name.
  static func forget(_ tenant: UUID, _ person: UUID) -> [SQL] {
    [
      """
      UPDATE identity.minor_report SET reporter_id = NULL
      WHERE tenant_id = \(tenant) AND reporter_id = \(person)
      """,
      .supportAccessForget(tenant, person),
    ]
  }
}
