/// What the dictionary of a stream in a PDF says of how to read it (ISO 32000-1, 7.3.8 and 7.4).
///
/// What it says in a way that is not read here, or by a filter that is not, is `unreadable`: a copy
/// whose text might stand behind it is not taken.
struct PDFStream {
  enum Content {
    case plain
    case flate
    /// Pixels, which the attestation is for.
    case pixels
  }

  private static let pixelFilters: Set = [
    "DCTDecode", "JPXDecode", "CCITTFaxDecode", "JBIG2Decode",
  ]

  let content: Content

  /// `header`: all that stands before the word `stream`, from the object's beginning or earlier.
  init(header: ArraySlice<UInt8>) throws(ProofFault) {
    let all = Self.words(header)
    let words = all[(all.lastIndex(of: "obj").map { $0 + 1 } ?? all.startIndex)...]
    let places = words.indices.filter { words[$0] == "/Filter" }
    guard let place = places.first else {
      content = .plain
      return
    }
    guard places.count == 1 else { throw .unreadable }
    content = try Self.content(Self.names(words[(place + 1)...]))
    // Bytes that tell how they differ from those before stand for no text as they are. Tables of
    // references are written so, and pictures.
    let isDifferences = zip(words, words.dropFirst()).contains { word, next in
      word == "/Predictor" && next != "1"
    }
    guard !isDifferences || words.contains("/XRef") || words.contains("/Image") else {
      throw .unreadable
    }
  }

  private static func content(_ filters: [String]) throws(ProofFault) -> Content {
    switch filters {
    case []: return .plain
    case ["/FlateDecode"]: return .flate
    default:
      guard let last = filters.last, pixelFilters.contains(String(last.dropFirst())),
        filters.dropLast().allSatisfy({ $0 == "/FlateDecode" })
      else { throw .unreadable }
      return .pixels
    }
  }

  /// A name, or names in brackets; a reference to another object is not followed.
  private static func names(_ words: ArraySlice<String>) throws(ProofFault) -> [String] {
    guard let first = words.first else { throw .unreadable }
    if first == "null" { return [] }
    if first.hasPrefix("/") { return [first] }
    guard first == "[", let end = words.firstIndex(of: "]") else { throw .unreadable }
    let names = words[(words.startIndex + 1)..<end]
    guard names.allSatisfy({ $0.hasPrefix("/") }) else { throw .unreadable }
    return Array(names)
  }

  // MARK: Words

  /// Names with their `#` escapes undone (7.3.5), brackets, and what else stands between white
  /// space and delimiters (7.2.2); without comments and strings.
  private static func words(_ bytes: ArraySlice<UInt8>) -> [String] {
    var words: [String] = []
    var place = bytes.startIndex
    while place < bytes.endIndex {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "%"):
        place = bytes[place...].firstIndex { $0 == 10 || $0 == 13 } ?? bytes.endIndex
      case UInt8(ascii: "("): place = endOfString(bytes[place...])
      case UInt8(ascii: "["), UInt8(ascii: "]"):
        words.append(String(Unicode.Scalar(byte)))
      case _ where isRegular(byte) || byte == UInt8(ascii: "/"):
        let end = bytes[place...].firstIndex { !isRegular($0) } ?? bytes.endIndex
        words.append(unescaped(bytes[(place - 1)..<end]))
        place = end
      default: break
      }
    }
    return words
  }

  /// 7.3.4.2: parentheses within a string come in pairs, or behind a backslash.
  private static func endOfString(_ bytes: ArraySlice<UInt8>) -> Int {
    var place = bytes.startIndex
    var depth = 1
    while place < bytes.endIndex, depth > 0 {
      switch bytes[place] {
      case UInt8(ascii: "\\"): place += 1
      case UInt8(ascii: "("): depth += 1
      case UInt8(ascii: ")"): depth -= 1
      default: break
      }
      place += 1
    }
    return min(place, bytes.endIndex)
  }

  private static func isRegular(_ byte: UInt8) -> Bool {
    byte > 32 && !"()<>[]{}/%".utf8.contains(byte)
  }

  private static func unescaped(_ name: ArraySlice<UInt8>) -> String {
    var letters: [UInt8] = []
    var place = name.startIndex
    while place < name.endIndex {
      if name[place] == UInt8(ascii: "#"), place + 2 < name.endIndex,
        let code = UInt8(
          String(decoding: name[(place + 1)...(place + 2)], as: UTF8.self), radix: 16)
      {
        letters.append(code)
        place += 3
      } else {
        letters.append(name[place])
        place += 1
      }
    }
    return String(decoding: letters, as: UTF8.self)
  }
}
