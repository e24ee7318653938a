/// What a caller is told of a file that was refused: places and rules, no value of the file but
/// the name of a column.
extension ParticipantFileError: CustomStringConvertible {
  var description: String {
    switch self {
    case .tooLarge(let limit):
      return "csv: larger than \(limit / 1024 / 1024) MiB; split the file"
    case .tooManyLines(let limit):
      return "csv: more than \(limit) participants; split the file"
    case .noHeader:
      return "csv: empty; the first line must be \(ParticipantColumn.header)"
    case .noParticipants:
      return "csv: a header and no participants"
    case .problems(let problems, let total):
      let lines = problems.map(\.description)
      let rest = total - problems.count
      let more = rest > 0 ? ["and \(rest) more"] : []
      return "csv: nothing was imported: " + (lines + more).joined(separator: "; ")
    }
  }
}

extension ParticipantProblem: CustomStringConvertible {
  var description: String { "line \(position.line), column \(position.column): \(kind)" }
}

extension ParticipantProblem.Kind: CustomStringConvertible {
  var description: String {
    switch self {
    case .syntax(let error): error.description
    case .unknownColumn(let name):
      "unknown column \(name.debugDescription); the columns are \(ParticipantColumn.header)"
    case .repeatedColumn(let column): "the column \(column.rawValue) is there twice"
    case .missingColumns(let columns):
      "the header lacks \(columns.map(\.rawValue).joined(separator: ", ")); the first line must"
        + " be \(ParticipantColumn.header), separated by commas"
    case .fieldCount(let found, let expected):
      "\(found) \(found == 1 ? "field" : "fields") instead of \(expected)"
    case .field(let column, let problem): "\(column.rawValue): \(problem)"
    case .unknownRole:
      "role: must be one of "
        + EnrolmentRole.allCases.map(\.rawValue).joined(separator: ", ")
    case .repeatedEmail(let firstLine): "email: the same address as on line \(firstLine)"
    }
  }
}

extension ParticipantColumn {
  fileprivate static let header = allCases.map(\.rawValue).joined(separator: ",")
}

extension CSVSyntaxError: CustomStringConvertible {
  var description: String {
    switch self {
    case .notUTF8: "a byte that is not UTF-8; save the file as UTF-8"
    case .unterminatedQuote: "a quoted field that begins here never ends"
    case .quoteInsideField: "a quote inside an unquoted field; quote the whole field"
    case .textAfterQuote: "text after a closing quote; a quote inside a field is doubled"
    case .carriageReturnAlone: "a carriage return without a line feed; lines end in CRLF or LF"
    }
  }
}

extension FieldProblem: CustomStringConvertible {
  var description: String {
    switch self {
    case .empty: "must not be empty"
    case .tooLong(let limit): "longer than \(limit) characters"
    case .forbiddenCharacter: "holds a control character or a line break"
    case .notADate: "must be a date such as 2026-11-23"
    case .notAnEmailAddress: "is no e-mail address"
    case .notATimeZone: "must be a time zone such as Europe/Amsterdam"
    case .domainNotAllowed: "must be of a domain that the organisation allows"
    case .notADomain: "must be a domain such as example.com"
    case .past: "must not be before today"
    case .future: "must not be after today"
    case .notBetween(let low, let high): "must be from \(low) to \(high)"
    case .unknownValue: "is none of the values that are known"
    case .tooMany(let limit): "holds more than \(limit)"
    }
  }
}
