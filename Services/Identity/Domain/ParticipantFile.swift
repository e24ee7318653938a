/// The right that a participant file gives somebody; everybody in it is a participant besides.
enum EnrolmentRole: String, CaseIterable, Sendable {
  case participant
  case coach
  case manager
  case administrator

  /// As they are stored and carried by a token, sorted.
  var roles: [String] {
    self == .participant ? [rawValue] : [rawValue, Self.participant.rawValue].sorted()
  }
}

/// One line of a participant file.
struct Participant: Equatable, Sendable {
  let name: PersonName
  let email: EmailAddress
  let role: EnrolmentRole
  /// The line on which it begins.
  let line: Int
}

/// What is wrong with a participant file as a whole.
enum ParticipantFileError: Error, Equatable {
  case tooLarge(limitBytes: Int)
  case tooManyLines(limit: Int)
  case noHeader
  case noParticipants
  /// In the order of the file; at most `ParticipantFile.problemLimit` of them, then only counted.
  case problems([ParticipantProblem], total: Int)
}

/// What is wrong at one place of a participant file; never what stands there.
struct ParticipantProblem: Error, Equatable {
  enum Kind: Equatable {
    case syntax(CSVSyntaxError)
    /// A column of the header that is none of the three.
    case unknownColumn(String)
    case repeatedColumn(ParticipantColumn)
    case missingColumns([ParticipantColumn])
    case fieldCount(found: Int, expected: Int)
    case field(ParticipantColumn, FieldProblem)
    case unknownRole
    case repeatedEmail(firstLine: Int)
  }

  let position: FilePosition
  let kind: Kind
}

enum ParticipantColumn: String, CaseIterable, Sendable {
  case name
  case email
  case role
}

/// Reads the file that a client organisation enrols its people with: CSV in UTF-8, with or
/// without a byte order mark, whose first line names the columns name, email and role in any
/// order. All or nothing: either every line is right, or the error tells what is wrong where.
enum ParticipantFile {
  /// Below the size of the largest message that a server takes.
  static let limitBytes = 3 * 1024 * 1024
  static let participantLimit = 20_000
  /// Problems that one answer names.
  static let problemLimit = 20

  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  static func read(_ bytes: some Collection<UInt8>) throws(ParticipantFileError) -> [Participant] {
    guard bytes.count <= limitBytes else { throw .tooLarge(limitBytes: limitBytes) }
    var reader = ParticipantReader()
    do throws(CSVSyntaxError) {
      var parser = CSVParser()
      let marked = bytes.starts(with: byteOrderMark)
      for byte in bytes.dropFirst(marked ? byteOrderMark.count : 0) {
        if let output = try parser.consume(byte) { reader.take(output) }
        if reader.isDone { break }
      }
      if !reader.isDone, let output = try parser.finish() { reader.take(output) }
    } catch {
      reader.report(.syntax(error), at: error.position)
    }
    guard reader.participants.count <= participantLimit else {
      throw .tooManyLines(limit: participantLimit)
    }
    guard reader.total == 0 else { throw .problems(reader.problems, total: reader.total) }
    guard reader.header != .awaited else { throw .noHeader }
    guard !reader.participants.isEmpty else { throw .noParticipants }
    return reader.participants
  }
}

/// Turns records into participants and collects what is wrong with them.
private struct ParticipantReader {
  enum Header: Equatable {
    case awaited
    case columns([ParticipantColumn])
    /// Without it no line can be read.
    case refused
  }

  private(set) var header = Header.awaited
  private(set) var participants: [Participant] = []
  private(set) var problems: [ParticipantProblem] = []
  private(set) var total = 0
  private var record: [CSVField] = []
  private var lineOfEmail: [String: Int] = [:]

  /// Fields that are kept of one record; more are only counted as too many.
  private static let fieldLimit = 64

  /// Nothing that follows can change the answer.
  var isDone: Bool {
    header == .refused || participants.count > ParticipantFile.participantLimit
  }

  mutating func take(_ output: CSVParser.Output) {
    switch output {
    case .field(let field):
      if record.count < Self.fieldLimit { record.append(field) }
    case .lastField(let field):
      record.append(field)
      endRecord()
      record.removeAll(keepingCapacity: true)
    }
  }

  mutating func report(_ kind: ParticipantProblem.Kind, at position: FilePosition) {
    total += 1
    guard problems.count < ParticipantFile.problemLimit else { return }
    problems.append(ParticipantProblem(position: position, kind: kind))
  }

  private mutating func endRecord() {
    switch header {
    case .awaited: readHeader()
    case .columns(let columns): readParticipant(columns)
    case .refused: return
    }
  }

  private mutating func readHeader() {
    let known = record.map { ParticipantColumn(rawValue: $0.text) }
    let found = Set(known.compactMap(\.self))
    // A file without a header begins with a person: nothing of that line may be repeated.
    let isHeader = !found.isEmpty
    for (index, field) in record.enumerated() {
      guard let column = known[index] else {
        if isHeader { report(.unknownColumn(String(field.text.prefix(40))), at: field.position) }
        continue
      }
      if known[..<index].contains(column) { report(.repeatedColumn(column), at: field.position) }
    }
    let missing = ParticipantColumn.allCases.filter { !found.contains($0) }
    if !missing.isEmpty { report(.missingColumns(missing), at: record[0].position) }
    header = total == 0 ? .columns(known.compactMap(\.self)) : .refused
  }

  private mutating func readParticipant(_ columns: [ParticipantColumn]) {
    let start = record[0].position
    guard record.count == columns.count else {
      report(.fieldCount(found: record.count, expected: columns.count), at: start)
      return
    }
    var name: PersonName?
    var email: EmailAddress?
    var role: EnrolmentRole?
    for (column, field) in zip(columns, record) {
      do throws(FieldProblem) {
        switch column {
        case .name: name = try PersonName(field.text)
        case .email: email = try EmailAddress(field.text)
        case .role:
          role = EnrolmentRole(rawValue: field.text)
          if role == nil { report(.unknownRole, at: field.position) }
        }
      } catch {
        report(.field(column, error), at: field.position)
      }
    }
    if let email, let position = zip(columns, record).first(where: { $0.0 == .email })?.1.position {
      if let first = lineOfEmail[email.normalised] {
        report(.repeatedEmail(firstLine: first), at: position)
      } else {
        lineOfEmail[email.normalised] = position.line
      }
    }
    guard let name, let email, let role else { return }
    participants.append(Participant(name: name, email: email, role: role, line: start.line))
  }
}
