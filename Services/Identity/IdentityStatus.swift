import RPC

/// What a domain error means on the wire: the one place where identity chooses a status.
extension IdentityError: PublicError {
  var status: RPCError {
    switch self {
    case .field(let field, let problem):
      .invalidArgument("\(field.rawValue): \(problem)").violating(field.rawValue, "\(problem)")
    case .endsBeforeItBegins(let field):
      .invalidArgument("\(field.rawValue): is before the begin")
        .violating(field.rawValue, "is before the begin")
    case .contractNotBegun(let begin):
      .failedPrecondition(
        "the contract with the organisation begins on \(begin); until then no data of people is"
          + " taken and nobody signs in")
    case .contractEnded(let end):
      .failedPrecondition(
        "the contract with the organisation ended on \(end); since then no data of people is"
          + " taken and nobody signs in")
    case .contractMissing:
      .failedPrecondition(
        "there is no contract with the organisation yet; until it begins no data of people is"
          + " taken and nobody signs in")
    case .agreementMissing:
      .failedPrecondition(
        "there is no processing agreement with the organisation yet; until it is signed no data"
          + " of people is taken and nobody signs in")
    case .organisationErased:
      .failedPrecondition("the organisation's data were erased after the end of its contract")
    case .erasureBegun:
      .failedPrecondition("the erasure of the organisation has begun; its contract is over")
    case .erasureOfLivingContract:
      .failedPrecondition(
        "the organisation's contract has not ended; end it with EndContract, and one calendar"
          + " month later its data can be erased")
    case .erasureNotDue(let day):
      .failedPrecondition(
        "the organisation's data are kept one calendar month after its contract, to the end of"
          + " \(day)")
    case .accountSuspended:
      .failedPrecondition("the account is suspended; an administrator of your organisation can"
        + " reinstate it")
    case .accountFrozen:
      .failedPrecondition("the account is frozen until your organisation's privacy officer has"
        + " decided on a report about age")
    case .parentalConsentMissing:
      .failedPrecondition("the account of somebody under 16 needs the recorded consent of a parent"
        + " or guardian")
    case .organisationNotFound: .notFound("organisation not found")
    case .participantFile(let error):
      .invalidArgument(error.description).violating("csv", error.description)
    case .alreadyRegistered(let lines): .alreadyExists(Self.registered(lines))
    case .enrolledMeanwhile:
      .aborted("somebody was enrolled under one of these addresses just now; try again")
    case .invitationUnknown: .notFound("the link is not known")
    case .invitationExpired:
      .failedPrecondition("the invitation has expired; ask for a new one")
    case .invitationUsed:
      .failedPrecondition("the invitation has been used: a password is set; sign in with it")
    case .invitationReplaced:
      .failedPrecondition("a newer invitation was sent; use the link in that mail")
    case .linkExpired: .failedPrecondition("the link has expired; ask for a new one")
    case .credentialMissing:
      .invalidArgument("credential: needs invitation_code, password or challenge")
        .violating("credential", "needs invitation_code, password or challenge")
    case .passwordRefused(let problem):
      .invalidArgument("password: \(problem)").violating("password", "\(problem)")
    case .signInFailed:
      .unauthenticated("organisation, e-mail address or password is wrong")
    case .passwordWrong: .permissionDenied("the password is not the account's")
    case .refreshRefused:
      .unauthenticated("the refresh token does not count: its session has ended; log in again")
    case .refreshTokenReused:
      .unauthenticated(
        "the refresh token has been used before, so that somebody else may have it: the session was"
          + " ended; log in again")
    case .sessionOver: .unauthenticated("the session has ended; log in again")
    case .deviceNotFound: .notFound("device not found")
    case .sessionNotFound: .notFound("session not found")
    case .personNotFound: .notFound("person not found")
    case .changedMeanwhile:
      .aborted("the account or what it may do was changed just now; try again")
    case .challengeUnknown:
      .unauthenticated("the sign-in is not known, or is over; begin again with Login")
    case .factorMissing: .invalid("factor", "needs code or recovery_code")
    case .factorRefused: .unauthenticated("the code is wrong, or has been used already")
    case .factorNeeded:
      .failedPrecondition("the second factor has not been given; give it with VerifyFactor")
        .missing(
          precondition: "SECOND_FACTOR", of: "sign-in", "give it with VerifyFactor")
    case .factorSetupNeeded:
      .failedPrecondition(
        "a second factor is compulsory for this account; set one up with BeginFactor and"
          + " ConfirmFactor"
      ).missing(
        precondition: "SECOND_FACTOR", of: "account",
        "set one up with BeginFactor and ConfirmFactor")
    case .factorAbsent: .failedPrecondition("the account has no second factor")
    case .factorCompulsory:
      .failedPrecondition(
        "a second factor is compulsory for this account; set up another app instead")
    case .factorCompulsoryNow:
      .failedPrecondition(
        "by now a second factor is compulsory for this account, and the session began without it;"
          + " log in again, which asks for it or has it set up"
      ).missing(precondition: "SECOND_FACTOR", of: "session", "log in again")
    case .setupNotBegun: .failedPrecondition("no app is being set up; begin with a new secret")
    case .codeWrong:
      .failedPrecondition("the code is not the one that the app shows now; is the clock right?")
    case .passwordTooShortAlone:
      .failedPrecondition(
        "without a second factor the password must have at least"
          + " \(PasswordLength.alone) characters; change it first")
    case .currentPasswordWrong: .invalid("current_password", "is not the account's password")
    case .accountNotFound: .notFound("the account is not there any more")
    case .newPasswordRefused(let problem):
      .invalidArgument("new_password: \(problem)").violating("new_password", "\(problem)")
    case .resetUnknown:
      .notFound("the link is not known, or no longer counts; ask for another one")
    case .tooManyAttempts(let seconds):
      .resourceExhausted("too many attempts to sign in; try again in \(seconds) s")
        .retrying(after: .seconds(seconds))
    case .busy:
      .resourceExhausted("too many people sign in at this moment; try again")
        .retrying(after: .seconds(1))
    case .statementNotPublished:
      .failedPrecondition("the organisation has published no privacy statement yet")
    case .statementNotAccepted(let version):
      .failedPrecondition(
        "version \(version) of the privacy statement has not been accepted; read it with"
          + " ShowStatement and accept it with AcceptStatement"
      ).missing(
        precondition: "STATEMENT_ACCEPTED", of: "statement version \(version)",
        "read it with ShowStatement and accept it with AcceptStatement")
    case .noRoleToday:
      .failedPrecondition("the account has no role in the organisation today")
    case .colleagueNotFound: .notFound("person not found")
    case .roleNotGiven, .notAdministrator, .beyondOwnRight, .auditorHoldsNothingElse,
      .auditTooLong, .lastAdministrator, .authorisedPersonProtected, .authorisedPersonAddress,
      .addressChangeWaits, .notAManager,
      .managerCircle, .managerChainTooLong, .programmeNotFound, .programmeEnded,
      .programmeNotProlonged, .reportNotFound, .reportResolved, .tooManyOpenReports:
      peopleStatus
    case .tooManyColleagues(let limit):
      .invalidArgument("person_ids: more than \(limit)")
        .violating("person_ids", "more than \(limit)")
    case .tooManySigningKeys(let limit):
      .failedPrecondition(
        "\(limit) signing keys are published; wait until the tokens of the oldest have expired")
    }
  }

  /// Lines that one answer names.
  private static let lineLimit = 20

  private static func registered(_ lines: [Int]) -> String {
    guard !lines.isEmpty else { return "email: already belongs to somebody in the organisation" }
    let named = lines.prefix(lineLimit).map { "line \($0)" }
    let rest = lines.count - named.count
    let all = named + (rest > 0 ? ["\(rest) more"] : [])
    return "csv: nothing was imported: the e-mail address already belongs to somebody in the"
      + " organisation: " + all.joined(separator: ", ")
  }
}

extension PasswordProblem: CustomStringConvertible {
  var description: String {
    switch self {
    case .tooShort(let minimum): "must have at least \(minimum) characters; any characters will do"
    case .tooLong(let maximum): "must have at most \(maximum) characters"
    case .controlCharacter: "must hold no control character"
    case .contextWord:
      "is little more than your name, your address or your organisation's name; choose other words"
    case .breached:
      "is known from a breach, so that it is among the first that are tried; choose another one"
    case .common: "is among the first that anybody would try; choose other words"
    }
  }
}
