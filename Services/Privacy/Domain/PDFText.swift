import Compression

/// The text layer of a PDF (ISO 32000-1), as far as it can be read without its fonts: the strings
/// of its streams, as they are or behind FlateDecode, and those outside of streams. A font with an
/// encoding of its own hides its text from this; a stream that cannot be read is a fault.
enum PDFText {
  /// All that the streams may stand for.
  static let maximumBytes = 16 * 1_048_576
  static let maximumStreams = 2_000
  /// The texts, each twice: its strings joined as they are, for those that stand glyph by glyph,
  /// and line by line.
  static func texts(of file: [UInt8]) throws(ProofFault) -> [String] {
    guard file.firstRange(of: Array("/Encrypt".utf8)) == nil else { throw .unreadable }
    var texts: [String] = []
    var (place, left, streams) = (0, maximumBytes, 0)
    while let start = file[place...].firstRange(of: Array("stream".utf8)) {
      add(strings(in: file[place..<start.lowerBound]), to: &texts)
      streams += 1
      guard streams <= maximumStreams else { throw .unreadable }
      var body = start.upperBound
      if body < file.count, file[body] == UInt8(ascii: "\r") { body += 1 }
      if body < file.count, file[body] == UInt8(ascii: "\n") { body += 1 }
      let end = file[body...].firstRange(of: Array("endstream".utf8))
      let content = Array(file[body..<(end?.lowerBound ?? file.count)])
      let plain = try plain(content, PDFStream(header: file[place..<start.lowerBound]), limit: left)
      left -= plain.count
      add(strings(in: plain[...]), to: &texts)
      place = end?.upperBound ?? file.count
    }
    add(strings(in: file[place...]), to: &texts)
    return texts
  }

  private static func plain(
    _ content: [UInt8], _ stream: PDFStream, limit: Int
  ) throws(ProofFault) -> [UInt8] {
    switch stream.content {
    case .pixels: return []
    case .plain:
      guard content.count <= limit else { throw .unreadable }
      return content
    case .flate:
      do {
        return try Zlib.inflate(content, limit: limit)
      } catch {
        // Damaged, or a bomb.
        throw .unreadable
      }
    }
  }

  private static func add(_ strings: [[UInt8]], to texts: inout [String]) {
    guard !strings.isEmpty else { return }
    let decoded = strings.map(text)
    texts.append(decoded.joined())
    texts.append(decoded.joined(separator: "\n"))
  }

  /// UTF-16 behind its mark (7.9.2.2), else a byte a letter.
  private static func text(_ string: [UInt8]) -> String {
    guard string.starts(with: [0xFE, 0xFF]) else {
      return String(String.UnicodeScalarView(string.map { Unicode.Scalar($0) }))
    }
    let units = stride(from: 2, to: string.count - 1, by: 2).map {
      UInt16(string[$0]) << 8 | UInt16(string[$0 + 1])
    }
    return String(decoding: units, as: UTF16.self)
  }

  /// 7.3.4: `(…)` with escapes and `<…>` with hexadecimal digits.
  private static func strings(in bytes: ArraySlice<UInt8>) -> [[UInt8]] {
    var reader = StringReader(bytes: bytes)
    var strings: [[UInt8]] = []
    while let string = reader.next() { if !string.isEmpty { strings.append(string) } }
    return strings
  }
}

/// Finds one string after the other.
private struct StringReader {
  let bytes: ArraySlice<UInt8>
  var place: Int

  init(bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  mutating func next() -> [UInt8]? {
    while place < bytes.endIndex {
      let byte = bytes[place]
      place += 1
      if byte == UInt8(ascii: "(") { return literal() }
      if byte == UInt8(ascii: "<") {
        guard place < bytes.endIndex, bytes[place] != UInt8(ascii: "<") else {
          place += 1
          continue
        }
        return hexadecimal()
      }
    }
    return nil
  }

  private mutating func literal() -> [UInt8] {
    var string: [UInt8] = []
    var depth = 1
    while place < bytes.endIndex {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\\"): if let escaped = escaped() { string.append(escaped) }
      case UInt8(ascii: "("):
        depth += 1
        string.append(byte)
      case UInt8(ascii: ")"):
        depth -= 1
        if depth == 0 { return string }
        string.append(byte)
      default: string.append(byte)
      }
    }
    return string
  }

  /// Nil for a line end that does not count.
  private mutating func escaped() -> UInt8? {
    guard place < bytes.endIndex else { return nil }
    let byte = bytes[place]
    place += 1
    switch byte {
    case UInt8(ascii: "n"): return UInt8(ascii: "\n")
    case UInt8(ascii: "r"): return UInt8(ascii: "\r")
    case UInt8(ascii: "t"): return UInt8(ascii: "\t")
    case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return nil
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      var code = Int(byte - UInt8(ascii: "0"))
      for _ in 0..<2 {
        guard place < bytes.endIndex,
          (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(bytes[place])
        else { break }
        code = code * 8 + Int(bytes[place] - UInt8(ascii: "0"))
        place += 1
      }
      return UInt8(truncatingIfNeeded: code)
    default: return byte
    }
  }

  private mutating func hexadecimal() -> [UInt8] {
    var digits: [UInt8] = []
    while place < bytes.endIndex, bytes[place] != UInt8(ascii: ">") {
      if let digit = Character(Unicode.Scalar(bytes[place])).hexDigitValue {
        digits.append(UInt8(digit))
      }
      place += 1
    }
    if digits.count % 2 == 1 { digits.append(0) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
