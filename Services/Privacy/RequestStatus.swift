import Foundation
import RPC

/// What callers are told about requests; the one place that knows status codes.
extension RequestError: PublicError {
  var status: RPCError {
    switch self {
    case .requestAbsent: .notFound("request not found")
    case .personAbsent: .notFound("person not found")
    case .holdAbsent: .notFound("legal hold not found")
    case .archiveGone: .notFound("the archive was deleted with the person's data")
    case .certificateAbsent: .notFound("the request has no certificate: it is no completed erasure")
    case .codeUnknown: .notFound("the code is not known, is over, or was used")
    case .proofAbsent: .notFound("no proof of identity is attached to the request")
    case .kindMissing, .groundMissing, .groundForbidden, .textMissing, .textTooLong, .textForeign,
      .citizenNumber, .purposeUnknown, .holdDayOutside, .hoursOutside, .proof:
      invalid
    case .tooManyOpen(let limit):
      .resourceExhausted("\(limit) requests of this kind are open for the person: close one first")
    case .notCollected, .notCompleted, .handedOver, .completedAlready, .stateForbids, .sameOfficer,
      .secondOfficerMissing, .overdue, .askedByAnother, .onHold, .erasureBegun, .notPortability,
      .proofChecked, .newValueRefused:
      forbidden
    }
  }

  private var forbidden: RPCError {
    switch self {
    case .sameOfficer:
      .failedPrecondition("an erasure is approved by another privacy officer than who asked for it")
        .missing(
          precondition: "OTHER_OFFICER", of: "request",
          "have another privacy officer, or the deputy, approve it")
    case .secondOfficerMissing:
      .failedPrecondition(
        "an erasure needs two privacy officers, and the organisation has one: have a deputy named "
          + "(NameAuthorisedPerson with deputy), who then approves it"
      ).missing(
        precondition: "SECOND_OFFICER", of: "organisation",
        "name a deputy of the Authorised Person")
    case .onHold(let ground, let end):
      .failedPrecondition(
        "the person's data are on a legal hold (\(ground.rawValue)) until "
          + "\(end.formatted(.iso8601)): release it, or refuse the erasure with its ground"
      ).missing(
        precondition: "NO_LEGAL_HOLD", of: "person", "wait for its end, or ReleaseHold")
    case .stateForbids(let state):
      .failedPrecondition("the request is \(state.rawValue.replacing("_", with: " ")): not now")
    case .notCollected:
      .failedPrecondition("only requests for access or portability have an archive")
    case .notCompleted: .failedPrecondition("the request is not completed: see WatchRequest")
    case .handedOver:
      .failedPrecondition(
        "there is no archive: an officer handed the data over, as the outcome says")
    case .completedAlready: .failedPrecondition("the request is completed")
    case .overdue:
      .failedPrecondition("the request is overdue: it can be extended before it is due only")
    case .askedByAnother:
      .failedPrecondition(
        "only who asked can withdraw a request: refuse the person's own with a ground")
    case .erasureBegun: .failedPrecondition("an erasure of the person has begun: it is too late")
    case .notPortability: .failedPrecondition("only a portability request has a download")
    case .newValueRefused:
      .failedPrecondition(
        "the new value is nothing that a name or an e-mail address can be: refuse the request, or "
          + "have another one made")
    case .proofChecked:
      .failedPrecondition("the proof was checked before, with the other outcome: attach a new one")
    default: .internalError("internal error", cause: self)
    }
  }

  private var invalid: RPCError {
    switch self {
    case .kindMissing: .invalid("kind", "is missing; give one of RequestKind")
    case .groundMissing: .invalid("ground", "is missing; give one that the schema names")
    case .groundForbidden(let ground, let kind):
      .invalid(
        "ground",
        "\(ground.rawValue.uppercased()) does not hold for a request of \(kind.rawValue): see the "
          + "schema for those that do")
    case .textMissing(let field): .invalid(field, "is missing")
    case .textTooLong(let field, let limit): .invalid(field, "must have 1 to \(limit) bytes")
    case .textForeign(let field, let kind):
      .invalid(field, "has no place in a request of \(kind.rawValue): leave it out")
    case .citizenNumber(let field): EntryError.citizenNumber(field: field).status
    case .purposeUnknown:
      .invalid(
        "purpose",
        "must be one that can be stopped, such as \(Purpose.feedback.rawValue): see ListActivities")
    case .holdDayOutside:
      .invalid(
        "expires_on",
        "must be a day such as 2027-01-31, today or later, within \(LegalHold.longestYears) years")
    case .hoursOutside(let limit): .invalid("hours", "must be at most \(limit)")
    case .proof(let fault): fault.status
    default: .internalError("internal error", cause: self)
    }
  }
}

extension ProofFault {
  fileprivate var status: RPCError {
    switch self {
    case .empty: .invalid("content", "is empty")
    case .tooLarge(let limit): .invalid("content", "must have at most \(limit) bytes")
    case .otherForm(let form): .invalid("content", "is no \(form.rawValue)")
    case .unreadable:
      .invalid(
        "content",
        "cannot be read, as it is encrypted, damaged or too long: give an image or another file")
    case .citizenNumber:
      .invalid("content", "holds what looks like a citizen number: black it out; nothing is kept")
    case .machineReadableZone:
      .invalid("content", "holds a machine-readable zone: black it out; nothing is kept")
    case .notAttested(let part):
      .invalid("attestation.\(part)", "must be attested to be blacked out")
    }
  }
}
