/// A place in a file, both counted from 1; a column is one Unicode scalar wide.
struct FilePosition: Equatable, Sendable {
  var line = 1
  var column = 1
}

/// A file that is no CSV as RFC 4180 defines it: nothing after it can be read reliably.
enum CSVSyntaxError: Error, Equatable {
  case notUTF8(FilePosition)
  case unterminatedQuote(opened: FilePosition)
  case quoteInsideField(FilePosition)
  case textAfterQuote(FilePosition)
  case carriageReturnAlone(FilePosition)

  var position: FilePosition {
    switch self {
    case .notUTF8(let position), .unterminatedQuote(let position),
      .quoteInsideField(let position), .textAfterQuote(let position),
      .carriageReturnAlone(let position):
      position
    }
  }
}

/// One field, and where it begins.
struct CSVField: Equatable, Sendable {
  var text: String
  var position: FilePosition
}

/// Reads CSV (RFC 4180) byte by byte: quoted fields may hold commas, line breaks and doubled
/// quotes; a line ends in CRLF or LF; lines with nothing at all on them are skipped. No I/O: bytes
/// go in, what they complete comes out.
struct CSVParser {
  enum Output: Equatable {
    case field(CSVField)
    /// The last field of a record.
    case lastField(CSVField)
  }

  private enum State {
    case fieldStart
    case unquoted
    case quoted(opened: FilePosition)
    /// After a quote inside a quoted field: the end of it, or the first of a doubled one.
    case quoteInQuoted
    /// After a carriage return outside of quotes.
    case carriageReturn(at: FilePosition)
  }

  private var state = State.fieldStart
  private var bytes: [UInt8] = []
  private var fieldPosition = FilePosition()
  private var position = FilePosition()
  private var utf8 = UTF8Check()
  private var isRecordEmpty = true

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let carriageReturn = UInt8(ascii: "\r")
  private static let lineFeed = UInt8(ascii: "\n")

  mutating func consume(_ byte: UInt8) throws(CSVSyntaxError) -> Output? {
    guard utf8.accepts(byte) else { throw .notUTF8(utf8.start ?? position) }
    utf8.began(at: position)
    let output = try advance(byte)
    move(past: byte)
    return output
  }

  /// The record that the end of the file completes, if there is one.
  mutating func finish() throws(CSVSyntaxError) -> Output? {
    if let start = utf8.start { throw .notUTF8(start) }
    switch state {
    case .quoted(let opened): throw .unterminatedQuote(opened: opened)
    case .carriageReturn(let at): throw .carriageReturnAlone(at)
    case .fieldStart, .unquoted, .quoteInQuoted: return endRecord()
    }
  }

  private mutating func advance(_ byte: UInt8) throws(CSVSyntaxError) -> Output? {
    switch (state, byte) {
    case (.fieldStart, Self.quote):
      begin(.quoted(opened: position))
    case (.unquoted, Self.quote):
      throw .quoteInsideField(position)
    case (.quoted, Self.quote):
      state = .quoteInQuoted
    case (.quoted, _):
      bytes.append(byte)
    case (.quoteInQuoted, Self.quote):
      bytes.append(byte)
      state = .quoted(opened: fieldPosition)
    case (.carriageReturn, Self.lineFeed):
      return endRecord()
    case (.carriageReturn(let at), _):
      throw .carriageReturnAlone(at)
    case (.fieldStart, Self.comma), (.unquoted, Self.comma), (.quoteInQuoted, Self.comma):
      return endField()
    case (.fieldStart, Self.lineFeed), (.unquoted, Self.lineFeed), (.quoteInQuoted, Self.lineFeed):
      return endRecord()
    case (.fieldStart, Self.carriageReturn), (.unquoted, Self.carriageReturn),
      (.quoteInQuoted, Self.carriageReturn):
      if case .fieldStart = state { fieldPosition = position }
      state = .carriageReturn(at: position)
    case (.quoteInQuoted, _):
      throw .textAfterQuote(position)
    case (.fieldStart, _):
      begin(.unquoted)
      bytes.append(byte)
    case (.unquoted, _):
      bytes.append(byte)
    }
    return nil
  }

  private mutating func begin(_ next: State) {
    fieldPosition = position
    isRecordEmpty = false
    state = next
  }

  private mutating func endField() -> Output {
    isRecordEmpty = false
    return .field(takeField())
  }

  private mutating func endRecord() -> Output? {
    defer { isRecordEmpty = true }
    let field = takeField()
    return isRecordEmpty ? nil : .lastField(field)
  }

  private mutating func takeField() -> CSVField {
    if case .fieldStart = state { fieldPosition = position }
    defer {
      bytes.removeAll(keepingCapacity: true)
      state = .fieldStart
    }
    return CSVField(text: String(decoding: bytes, as: UTF8.self), position: fieldPosition)
  }

  private mutating func move(past byte: UInt8) {
    if byte == Self.lineFeed {
      position = FilePosition(line: position.line + 1, column: 1)
    } else if byte & 0xC0 != 0x80 {
      position.column += 1
    }
  }
}

/// Well-formed UTF-8 (Unicode 16, table 3-7), a byte at a time.
private struct UTF8Check {
  private var missing = 0
  private var next: ClosedRange<UInt8> = 0x80...0xBF
  /// Where the character began that is not complete yet.
  private(set) var start: FilePosition?

  mutating func accepts(_ byte: UInt8) -> Bool {
    if missing > 0 {
      guard next.contains(byte) else { return false }
      missing -= 1
      next = 0x80...0xBF
      return true
    }
    switch byte {
    case 0x00...0x7F: return true
    case 0xC2...0xDF: missing = 1
    case 0xE0: (missing, next) = (2, 0xA0...0xBF)
    case 0xE1...0xEC, 0xEE, 0xEF: missing = 2
    case 0xED: (missing, next) = (2, 0x80...0x9F)
    case 0xF0: (missing, next) = (3, 0x90...0xBF)
    case 0xF1...0xF3: missing = 3
    case 0xF4: (missing, next) = (3, 0x80...0x8F)
    default: return false
    }
    return true
  }

  /// To be called after `accepts`, with the position of the byte.
  mutating func began(at position: FilePosition) {
    if missing == 0 { start = nil } else if start == nil { start = position }
  }
}
