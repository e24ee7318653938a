import FoundationEssentials

/// Every way in which a request to identity can fail by the rules of the domain. What each one
/// means on the wire stands in one switch, in IdentityStatus.swift.
enum IdentityError: Error, Equatable {
  case field(RequestField, FieldProblem)
  case endsBeforeItBegins(RequestField)
  case contractMissing
  case agreementMissing
  case contractNotBegun(Day)
  case contractEnded(Day)
  case organisationErased
  case erasureBegun
  case organisationNotFound
  case erasureOfLivingContract
  /// The data are kept to the end of this day.
  case erasureNotDue(after: Day)
  case participantFile(ParticipantFileError)
  /// Lines of the file whose e-mail address already belongs to somebody in the organisation;
  /// none where the address came in a field.
  case alreadyRegistered(lines: [Int])
  /// Somebody was enrolled under one of the addresses while the file was being read.
  case enrolledMeanwhile
  case invitationUnknown
  case invitationExpired
  case invitationUsed
  case invitationReplaced
  case linkExpired
  case credentialMissing
  case passwordRefused(PasswordProblem)
  /// One error, whatever of organisation, address and password was wrong.
  case signInFailed
  /// Of an account that is signed in, whose password is asked again.
  case passwordWrong
  /// A refresh token that is none, or whose session has ended.
  case refreshRefused
  case refreshTokenReused
  case sessionOver
  case sessionNotFound
  case deviceNotFound
  case personNotFound
  case changedMeanwhile
  /// Of a sign-in on its way: unknown, expired, used up, or tried too often.
  case challengeUnknown
  case factorMissing
  case factorRefused
  /// To be given, or set up, first.
  case factorNeeded
  case factorSetupNeeded
  case factorAbsent
  case factorCompulsory
  /// Of a session that did not begin with one.
  case factorCompulsoryNow
  case setupNotBegun
  /// The first code of an app that is being set up.
  case codeWrong
  case passwordTooShortAlone
  case currentPasswordWrong
  case accountNotFound
  case newPasswordRefused(PasswordProblem)
  case resetUnknown
  case tooManyAttempts(retryAfterSeconds: Int)
  case busy
  case statementNotPublished
  case statementNotAccepted(version: UInt32)
  case noRoleToday
  case accountSuspended
  case accountFrozen
  case parentalConsentMissing
  case colleagueNotFound
  case roleNotGiven
  case notAdministrator
  case beyondOwnRight
  case auditorHoldsNothingElse
  case auditTooLong
  case lastAdministrator
  case authorisedPersonProtected
  case authorisedPersonAddress
  /// The link counts from then on.
  case addressChangeWaits(until: Date)
  case notAManager
  case managerCircle
  case managerChainTooLong(limit: Int)
  case programmeNotFound
  case programmeEnded(Day)
  case programmeNotProlonged(Day)
  case reportNotFound
  case reportResolved
  case tooManyOpenReports(limit: Int)
  case tooManyColleagues(limit: Int)
  case tooManySigningKeys(limit: Int)
}

/// The fields of requests that are checked here, by their names in the schema.
enum RequestField: String, Equatable {
  case name
  case email
  case contractBegin = "contract_begin"
  case contractEnd = "contract_end"
  case agreementReference = "agreement.reference"
  case agreementSignedOn = "agreement.signed_on"
  case validFrom = "valid_from"
  case validUntil = "valid_until"
  case timeZone = "time_zone"
  case lastDay = "last_day"
  case emailDomains = "email_domains"
  case secondFactor = "second_factor"
  case language
  case role
  case kind
  case kinds
  case beginsOn = "begins_on"
  case endsOn = "ends_on"
  case learningPaths = "learning_paths"
  case personIDs = "person_ids"
  case guardian
  case reference
  case givenOn = "given_on"
  case resolution
  case minimumPasswordCharacters = "minimum_password_characters"
  case passwordCheckSeconds = "password_check_seconds"
  case rememberedDeviceDays = "remembered_device_days"
  case sessionIdleSeconds = "session_idle_seconds"
  case sessionAbsoluteSeconds = "session_absolute_seconds"
  case field
  case newValue = "new_value"

  /// Names the field in the problem that `body` throws.
  func check<Value>(
    _ body: () throws(FieldProblem) -> Value
  ) throws(IdentityError) -> Value {
    do {
      return try body()
    } catch {
      throw .field(self, error)
    }
  }
}
