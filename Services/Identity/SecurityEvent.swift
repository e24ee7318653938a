import Access
import FoundationEssentials

/// What an organisation's security log says of one act: who did what to whom, when, and how it
/// went; identifiers and closed vocabularies, never a value of a person and never a free text.
struct SecurityEvent: Sendable {
  /// As it is stored.
  enum Kind: String, CaseIterable, Sendable {
    // Signing in. A step that succeeds asks for a further one, or is followed by the session.
    case signIn = "sign_in"
    case password
    /// An attempt that was not looked at, after too many.
    case throttled
    case factor
    case recoveryCode = "recovery_code"
    case statement
    case passwordCheck = "password_check"

    // Sessions.
    case sessionEnded = "session_ended"
    case refreshTokenReused = "refresh_token_reused"

    // What somebody proves to be themselves with.
    case passwordSet = "password_set"
    case passwordChanged = "password_changed"
    case passwordResetAsked = "password_reset_asked"
    case passwordReset = "password_reset"
    case factorAdded = "factor_added"
    case factorRemoved = "factor_removed"
    case recoveryCodesRenewed = "recovery_codes_renewed"
    case deviceRemembered = "device_remembered"
    /// In place of the second factor.
    case deviceUsed = "device_used"
    case deviceTokenReused = "device_token_reused"
    case devicesForgotten = "devices_forgotten"

    // People and what they may.
    case peopleImported = "people_imported"
    case registered
    case invitationSent = "invitation_sent"
    case roleGranted = "role_granted"
    case roleRevoked = "role_revoked"
    case authorisedPersonNamed = "authorised_person_named"
    case managerSet = "manager_set"
    case suspended
    case reinstated
    case nameCorrected = "name_corrected"
    case addressChangeAsked = "address_change_asked"
    case addressChangeStopped = "address_change_stopped"
    case addressChanged = "address_changed"
    /// Their mail that had been given up.
    case mailRetried = "mail_retried"
    case under16Set = "under16_set"
    case under16Reported = "under16_reported"
    case under16Resolved = "under16_resolved"
    case parentalConsentRecorded = "parental_consent_recorded"
    case parentalConsentWithdrawn = "parental_consent_withdrawn"
    case dataExported = "data_exported"
    case dataErased = "data_erased"

    // The organisation.
    case organisationRegistered = "organisation_registered"
    case contractChanged = "contract_changed"
    case policyChanged = "policy_changed"
    /// In the platform's log: the organisation's own is gone with it.
    case organisationErased = "organisation_erased"
    /// In the platform's log: by an operator who did not wait for the sweep; and begun.
    case organisationErasureAsked = "organisation_erasure_asked"
    case organisationErasureOrdered = "organisation_erasure_ordered"
    /// In the platform's log.
    case signingKeyRotated = "signing_key_rotated"

    // Access of IKSO's staff; the session is the access.
    case supportAsked = "support_asked"
    case supportApproved = "support_approved"
    case supportRefused = "support_refused"
    case supportBegun = "support_begun"
    case supportEnded = "support_ended"

    // Programs, in the platform's log; the session is the credential.
    case serviceAccountCreated = "service_account_created"
    case serviceAccountDisabled = "service_account_disabled"
    case credentialAdded = "credential_added"
    case credentialRevoked = "credential_revoked"
    /// Failed: an account that is there got no token; the session is the account.
    case serviceToken = "service_token"
  }

  enum Outcome: String, Sendable {
    case succeeded
    case failed
  }

  let kind: Kind
  var outcome = Outcome.succeeded
  /// Whom it concerns.
  var person: UUID?
  /// That began or ended; else the one it was done in.
  var session: UUID?
  /// That was granted or revoked.
  var role: Role?
  /// Whom an event of the platform's log concerns.
  var organisation: UUID?
  /// How often, or how many.
  var occurrences = 1

  init(
    _ kind: Kind, _ outcome: Outcome = .succeeded, about person: UUID? = nil,
    session: UUID? = nil, role: Role? = nil, organisation: UUID? = nil, occurrences: Int = 1
  ) {
    (self.kind, self.outcome, self.person, self.session) = (kind, outcome, person, session)
    (self.role, self.organisation, self.occurrences) = (role, organisation, occurrences)
  }

  /// When the time began over which failures of this kind and person are one row with a count, so
  /// that who guesses for a day fills no table; nil for what is a row of its own.
  func countedFrom(_ time: Date) -> Date? {
    outcome == .failed && person != nil ? kind.countedFrom(time) : nil
  }
}

extension SecurityEvent.Kind {
  /// Seconds over which failures are counted together: a minute, and an hour for attempts that
  /// cost whoever makes them nothing.
  private var window: TimeInterval? {
    switch self {
    case .signIn, .password, .factor, .recoveryCode, .passwordCheck: 60
    case .throttled: 3_600
    default: nil
    }
  }

  func countedFrom(_ time: Date) -> Date? {
    guard let window else { return nil }
    let since = time.timeIntervalSince1970
    return Date(timeIntervalSince1970: (since / window).rounded(.down) * window)
  }
}

/// Who did something, and where from.
struct EventOrigin: Sendable {
  enum Actor: Equatable, Sendable {
    /// Of the organisation.
    case person(UUID)
    /// IKSO's staff; which of them is the platform's to know.
    case staff
    /// A process, of itself or on a schedule.
    case service
    /// Nobody who has proved who they are.
    case anonymous
  }

  var actor: Actor
  /// The session that it was done in.
  var session: UUID?
  /// A digest of the network address under a key of the organisation, never the address: what came
  /// from one place can be told, and where that is cannot. Nil for staff and processes.
  var source: [UInt8]?

  static let service = EventOrigin(actor: .service)

  /// The same, of somebody who has proved in this call who they are.
  func proved(by person: UUID) -> EventOrigin {
    EventOrigin(actor: .person(person), session: session, source: source)
  }
}
