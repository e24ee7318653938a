import Testing

@testable import Identity

/// What a file yields, written as a transcript: fields with their places, `⏎` for the last one.
private func transcript(_ file: String) throws -> [String] {
  try transcript(Array(file.utf8))
}

private func transcript(_ bytes: [UInt8]) throws -> [String] {
  var parser = CSVParser()
  var lines: [String] = []
  func write(_ output: CSVParser.Output?) {
    switch output {
    case .field(let field):
      lines.append("\(field.position.line):\(field.position.column) \(field.text)")
    case .lastField(let field):
      lines.append("\(field.position.line):\(field.position.column) \(field.text)⏎")
    case nil: break
    }
  }
  for byte in bytes { write(try parser.consume(byte)) }
  write(try parser.finish())
  return lines
}

private func position(_ line: Int, _ column: Int) -> FilePosition {
  FilePosition(line: line, column: column)
}

@Suite("CSV")
struct CSVTests {
  @Test func `lines end in CRLF, LF or the end of the file`() throws {
    #expect(
      try transcript("a,b\r\nc,d\ne,f") == [
        "1:1 a", "1:3 b⏎", "2:1 c", "2:3 d⏎", "3:1 e", "3:3 f⏎",
      ])
    #expect(try transcript("a,b\r\n") == ["1:1 a", "1:3 b⏎"])
  }

  @Test func `empty fields count, empty lines do not`() throws {
    #expect(try transcript(",\n\n\r\n,,\n") == ["1:1 ", "1:2 ⏎", "4:1 ", "4:2 ", "4:3 ⏎"])
    #expect(try transcript("") == [])
    #expect(try transcript("\"\"\n") == ["1:1 ⏎"])
  }

  @Test func `a quoted field holds commas, quotes and line breaks`() throws {
    #expect(
      try transcript("\"a,b\",\"c \"\"d\"\"\",\"e\r\nf\"\ng,h,i\n") == [
        "1:1 a,b", "1:7 c \"d\"", "1:17 e\r\nf⏎", "3:1 g", "3:3 h", "3:5 i⏎",
      ])
  }

  @Test func `a column is a character, not a byte`() throws {
    #expect(try transcript("Zoë,ij\n") == ["1:1 Zoë", "1:5 ij⏎"])
  }

  @Test(arguments: [
    ("a,\"b\nc", CSVSyntaxError.unterminatedQuote(opened: position(1, 3))),
    ("a\"b,c", .quoteInsideField(position(1, 2))),
    ("x,y\n\"a\" ,b", .textAfterQuote(position(2, 4))),
    ("a\rb", .carriageReturnAlone(position(1, 2))),
    ("a\r", .carriageReturnAlone(position(1, 2))),
  ])
  func `what RFC 4180 has no reading for is refused`(file: String, error: CSVSyntaxError) {
    #expect(throws: error) { try transcript(file) }
  }

  @Test(arguments: [
    ([0x61, 0x0A, 0x62, 0xE9, 0x2C], position(2, 2)),  // é in Latin-1
    ([0xC3, 0xAB, 0xC3], position(1, 2)),  // cut off in mid-character
    ([0xC0, 0x80], position(1, 1)),  // overlong
    ([0x61, 0xED, 0xA0, 0x80], position(1, 2)),  // a surrogate
    ([0xF4, 0x90, 0x80, 0x80], position(1, 1)),  // beyond U+10FFFF
    ([0x22, 0x80, 0x22], position(1, 2)),  // inside quotes too
  ])
  func `a byte that is not UTF-8 is named by line and column`(bytes: [UInt8], at: FilePosition) {
    #expect(throws: CSVSyntaxError.notUTF8(at)) { try transcript(bytes) }
  }
}

@Suite("Participant file")
struct ParticipantFileTests {
  private func read(_ file: String) throws -> [Participant] {
    try ParticipantFile.read(Array(file.utf8))
  }

  /// The lines of the refusal, or what was thrown instead of one.
  private func refusal(_ file: String) -> String {
    do {
      _ = try read(file)
      return "accepted"
    } catch {
      return "\(error)".replacing("csv: nothing was imported: ", with: "")
    }
  }

  @Test func `columns come in any order, with or without a byte order mark`() throws {
    let people = try read("\u{FEFF}role,email,name\r\ncoach,Ada@Example.org,\" Ada  L. \"\r\n")
    #expect(people.count == 1)
    #expect(people[0].name.text == "Ada  L.")
    #expect(people[0].email.text == "Ada@Example.org")
    #expect(people[0].email.normalised == "ada@example.org")
    #expect(people[0].role == .coach)
    #expect(people[0].line == 2)
  }

  @Test func `everybody is a participant besides`() {
    #expect(EnrolmentRole.participant.roles == ["participant"])
    #expect(EnrolmentRole.manager.roles == ["manager", "participant"])
  }

  @Test(arguments: [
    ("", "csv: empty; the first line must be name,email,role"),
    ("name,email,role\n", "csv: a header and no participants"),
    (
      "name,e-mail,role\nA,a@b.nl,coach\n",
      "line 1, column 6: unknown column \"e-mail\"; the columns are name,email,role; "
        + "line 1, column 1: the header lacks email; the first line must be name,email,role, "
        + "separated by commas"
    ),
    (
      "name,email,role,phone\nA,a@b.nl,coach,1\n",
      "line 1, column 17: unknown column \"phone\"; the columns are name,email,role"
    ),
    (
      "name,email,role,name\n", "line 1, column 17: the column name is there twice"
    ),
  ])
  func `a header must name the three columns`(file: String, message: String) {
    #expect(refusal(file) == message)
  }

  @Test func `a first line that is no header is not repeated`() {
    let message = refusal("Ada Lovelace,ada@example.org,coach\n")
    #expect(message.hasPrefix("line 1, column 1: the header lacks name, email, role"))
    #expect(!message.contains("Ada"))
  }

  @Test func `each wrong line is named, and no value of it`() {
    let message = refusal(
      """
      name,email,role
      ,a@example.org,participant
      Ben,ben.example.org,participant
      Cem,cem@example.org,boss
      Dia,dia@example.org
      Eva,EVA@example.org,coach
      Fay,eva@example.org,coach
      """)
    #expect(
      message == """
        line 2, column 1: name: must not be empty; \
        line 3, column 5: email: is no e-mail address; \
        line 4, column 21: role: must be one of participant, coach, manager, administrator; \
        line 5, column 1: 2 fields instead of 3; \
        line 7, column 5: email: the same address as on line 6
        """)
  }

  @Test func `a broken quote ends the reading, after what was wrong before it`() {
    let message = refusal("name,email,role\nA,b,coach\n\"C,c@d.nl,coach\n")
    #expect(
      message == "line 2, column 3: email: is no e-mail address; "
        + "line 3, column 1: a quoted field that begins here never ends")
  }

  @Test func `more than twenty problems are counted`() {
    let lines = (1...30).map { "P\($0),none,coach" }
    let message = refusal((["name,email,role"] + lines).joined(separator: "\n"))
    #expect(message.contains("line 21, column"))
    #expect(!message.contains("line 22, column"))
    #expect(message.hasSuffix("; and 10 more"))
  }

  @Test func `size and number of lines are bounded`() {
    let header = Array("name,email,role\n".utf8)
    let large = header + [UInt8](repeating: 0x61, count: ParticipantFile.limitBytes)
    #expect(throws: ParticipantFileError.tooLarge(limitBytes: ParticipantFile.limitBytes)) {
      try ParticipantFile.read(large)
    }
    let lines = (0...ParticipantFile.participantLimit).map { "P,p\($0)@example.org,coach" }
    #expect(throws: ParticipantFileError.tooManyLines(limit: ParticipantFile.participantLimit)) {
      try read((["name,email,role"] + lines).joined(separator: "\n"))
    }
  }
}
