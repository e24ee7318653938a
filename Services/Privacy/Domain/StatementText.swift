import Foundation

/// An organisation's privacy statement as it was handed in: Markdown, UTF-8, 1 byte to 1 MiB.
struct StatementText: Equatable, Sendable {
  static let maximumBytes = 1_048_576

  let text: String

  init(_ bytes: [UInt8]) throws(StatementError) {
    guard !bytes.isEmpty else { throw .empty }
    guard bytes.count <= Self.maximumBytes else { throw .tooLarge(bytes: bytes.count) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .notUTF8(offset: Self.firstInvalid(bytes))
    }
    if let offset = bytes.firstIndex(of: 0) { throw .nulByte(offset: offset) }
    guard text.contains(where: { !$0.isWhitespace }) else { throw .empty }
    self.text = text
  }

  /// The offset of the first byte that no valid UTF-8 text has there.
  private static func firstInvalid(_ bytes: [UInt8]) -> Int {
    var low = 0
    var offset = 0
    while offset < bytes.count {
      let lead = bytes[offset]
      let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
      let end = min(offset + length, bytes.count)
      if String(validating: bytes[offset..<end], as: UTF8.self) == nil { return offset }
      low = end
      offset = low
    }
    return low
  }
}

/// Whom people turn to: an e-mail address or a web address, on one line.
struct StatementContact: Equatable, Sendable {
  static let maximumCharacters = 200

  let text: String

  init(_ raw: String) throws(StatementError) {
    let text = raw.trimmingWhitespace()
    let looksRight = text.contains("@") || text.hasPrefix("https://")
    guard looksRight, text.count <= Self.maximumCharacters,
      !text.contains(where: { $0.isNewline || $0 == "\0" || $0 == " " })
    else { throw .badContact }
    self.text = text
  }
}

/// What can be wrong with a statement or its acceptance.
enum StatementError: Error, Equatable {
  case empty
  case tooLarge(bytes: Int)
  case notUTF8(offset: Int)
  case nulByte(offset: Int)
  case badContact
  case nonePublished
  case versionAbsent
  /// It is to count from an earlier moment than the version before it.
  case beforeAnother(version: UInt32)
  case tooFarAhead
  /// Somebody else published at the same moment.
  case publishedMeanwhile
  /// What was to be accepted is not the current version, or its hash is another.
  case notCurrent(version: UInt32)
}

/// From when a version counts.
enum StatementValidity {
  /// A notice of a year is enough, and a mistyped year is not announced for ever.
  static let furthest: TimeInterval = 366 * 86_400

  /// Not before now: nobody accepted it earlier.
  static func checked(_ wish: Date?, now: Date) throws(StatementError) -> Date {
    guard let wish else { return now }
    guard wish <= now + furthest else { throw .tooFarAhead }
    return max(wish, now)
  }
}

extension StringProtocol {
  func trimmingWhitespace() -> String {
    let start = self.drop { $0.isWhitespace }
    let end = start.lastIndex { !$0.isWhitespace }
    return end.map { String(start[...$0]) } ?? ""
  }
}
