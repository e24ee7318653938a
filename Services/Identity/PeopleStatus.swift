import FoundationEssentials
import RPC

/// What the errors about rights, managers, programmes and reports mean on the wire.
extension IdentityError {
  var peopleStatus: RPCError {
    switch self {
    case .roleNotGiven:
      .invalidArgument(
        "role: is not given by this method; the Authorised Person is named with"
          + " NameAuthorisedPerson"
      ).violating("role", "is not given by this method")
    case .notAdministrator:
      .permissionDenied("you are no administrator of the organisation any more")
    case .beyondOwnRight:
      .permissionDenied("the right would last longer than your own as administrator")
    case .auditorHoldsNothingElse:
      .failedPrecondition("an auditor only reads: they hold no other right at the same time")
    case .auditTooLong:
      .failedPrecondition("an auditor's right lasts one year at most")
    case .lastAdministrator:
      .failedPrecondition(
        "this is the last administrator who can sign in: make somebody else one first")
    case .authorisedPersonProtected:
      .failedPrecondition(
        "this is the organisation's Authorised Person or deputy: another one has to be named"
          + " first")
    case .authorisedPersonAddress:
      .failedPrecondition(
        "only the Authorised Person changes their own address; whoever has lost theirs is named"
          + " anew by IKSO")
    case .addressChangeWaits(let moment):
      .failedPrecondition(
        "somebody else has asked for this address, and the one that counts was told: open the link"
          + " again after \(moment.formatted(.iso8601))")
    case .notAManager: .failedPrecondition("the person does not hold the role manager today")
    case .managerCircle:
      .failedPrecondition("the person leads their own manager: people cannot lead in a circle")
    case .managerChainTooLong(let limit):
      .failedPrecondition("more than \(limit) people would lead one another")
    case .programmeNotFound: .notFound("programme not found")
    case .programmeEnded(let end): .failedPrecondition("the programme ended on \(end)")
    case .programmeNotProlonged(let end):
      .failedPrecondition("the programme ends on \(end): it can end earlier, not later")
    case .reportNotFound: .notFound("report not found")
    case .reportResolved: .failedPrecondition("the report has been decided on otherwise")
    case .tooManyOpenReports(let limit):
      .resourceExhausted(
        "\(limit) reports of yours are open; the privacy officer decides on them first")
    default: preconditionFailure("\(self) is no error about people")
    }
  }
}
