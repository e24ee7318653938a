import Foundation
import RPC

/// What callers are told about entries of the registers; the one place that knows status codes.
extension EntryError: PublicError {
  var status: RPCError {
    switch self {
    case .length(let field):
      .invalid(field.name, "must have \(field.minimum) to \(field.limit) characters")
    case .nul(let field): .invalid(field, "holds U+0000, which no text may")
    case .citizenNumber(let field):
      .invalid(
        field, "holds what reads as a citizen number (BSN), which is not taken: leave it out"
      ).because("CITIZEN_NUMBER")
    case .missing(let field, let choices): .invalid(field, "is missing; give \(choices)")
    case .notADay(let field): .invalid(field, "must be a day such as 2026-11-23")
    case .notACountry(let field):
      .invalid(field, "must be a two-letter country code in capitals (ISO 3166-1), such as NL")
    case .notAnAddress(let field):
      .invalid(field, "must be an e-mail address such as somebody@example.org")
    case .notATelephone(let field):
      .invalid(
        field, "must be a telephone number of 8 to 15 digits that begins with + or 0")
    case .notAName(let field):
      .invalid(field, "must be a cookie's name: letters, digits and !#$%&'*+-.^_`|~")
    case .outOfTime(let field, let expected): .invalid(field, expected)
    case .outOfRange(let field, let range):
      .invalid(field, "must be \(range.lowerBound) to \(range.upperBound)")
    case .absent(let what): .notFound("\(what) not found")
    case .tooMany(let what, let limit):
      .resourceExhausted("at most \(limit) \(what) are kept").exceeding(
        quotaOf: "register", what)
    case .closed(let what): .failedPrecondition("the \(what) is closed")
    case .transfer(let fault): fault.status
    case .storage(let country, let allowed):
      .invalid(
        "country",
        "\(country) is not allowed: data lie in \(allowed.joined(separator: ", ")), elsewhere in"
          + " the EU only where the organisation instructs it")
    case .storageInUse(let country):
      .failedPrecondition(
        "data lie in \(country): the location must end before the instruction can leave it out")
    case .objectionsOver(let end):
      .failedPrecondition("the objection period ended on \(end.formatted(.iso8601))")
    case .changedMeanwhile:
      .aborted("it was changed at the same moment; read it again and try again")
    case .incomplete(let missing):
      .failedPrecondition("before it can be closed it needs \(missing.joined(separator: ", "))")
    case .delayReasonMissing:
      .invalid(
        "delay_reason", "is missing: after 72 hours a notification gives the reason for the delay")
    case .tooManyReports(let limit, let whose, let contact):
      .resourceExhausted(
        "at most \(limit) reports of \(whose) are taken; write to \(contact), which is read at once"
      ).exceeding(quotaOf: "breach reports", whose)
    case .tooManySubmissions(let seconds):
      .resourceExhausted("too many submissions from this address; try again later")
        .retrying(after: .seconds(seconds))
    }
  }
}

extension TransferFault {
  fileprivate var status: RPCError {
    switch self {
    case .privacyShield:
      .invalid(
        "basis.mechanism",
        "must not be the Privacy Shield: it is void since 16 July 2020 (CJEU C-311/18)"
      ).because("PRIVACY_SHIELD_VOID")
    case .noMechanism(let country):
      .invalid(
        "basis.mechanism",
        "is missing: \(country) is outside of the EEA, so that one of adequacy decision, standard"
          + " contractual clauses, binding corporate rules or derogation is needed")
    case .withinEconomicArea(let country):
      .invalid("basis", "must be left out: \(country) is in the EEA, where none is needed")
    case .notAdequate(let country, nil):
      .invalid("basis.mechanism", "does not hold: there is no adequacy decision for \(country)")
    case .notAdequate(let country, let until?):
      .invalid(
        "basis.mechanism",
        "does not hold: the adequacy decision for \(country) holds until \(until)")
    case .limitedDecision(let country, let limitedTo):
      .invalid(
        "basis.reference",
        "is missing: the adequacy decision for \(country) holds for \(limitedTo); give what shows"
          + " that the recipient is one")
    case .noReference:
      .invalid("basis.reference", "is missing: name the clauses or rules and their date")
    case .noGround:
      .invalid(
        "basis.ground", "is missing: say which derogation of GDPR Art. 49(1) applies, and why")
    case .groundWithoutDerogation:
      .invalid("basis.ground", "must be left out: only a derogation has one")
    }
  }
}
