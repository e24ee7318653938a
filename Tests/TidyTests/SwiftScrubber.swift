/// Blanks comments, string literals and regular expressions of Swift source, so that a rule about
/// code does not trip over a text. What stands in an interpolation is code and stays.
struct SwiftScrubber {
  private enum Mode {
    case code
    /// Inside `\( … )`; counts the parentheses that are open.
    case interpolation(open: Int)
    case string(hashes: Int, isMultiline: Bool)
    case regex
    case lineComment
    case blockComment(depth: Int)
  }

  private let source: [UInt8]
  private var position = 0
  private var modes: [Mode] = [.code]
  private var output: [UInt8] = []
  /// The last byte of code that is no space.
  private var last = UInt8(ascii: "\n")

  private static let lineFeed = UInt8(ascii: "\n")
  private static let space = UInt8(ascii: " ")
  private static let quote = UInt8(ascii: "\"")
  /// What a regular expression can follow; after anything else a slash divides.
  private static let beforeRegex = Set("(,=:[{".utf8)

  static func code(of text: String) -> String {
    var scrubber = SwiftScrubber(source: Array(text.utf8))
    scrubber.output.reserveCapacity(scrubber.source.count)
    while scrubber.position < scrubber.source.count { scrubber.step() }
    return String(decoding: scrubber.output, as: UTF8.self)
  }

  private init(source: [UInt8]) { self.source = source }

  private mutating func step() {
    switch modes[modes.count - 1] {
    case .code, .interpolation: code()
    case .string(let hashes, let isMultiline): string(hashes, isMultiline)
    case .regex:
      if source[position] == UInt8(ascii: "\\") { return blank(2) }
      if sees("/") || source[position] == Self.lineFeed { modes.removeLast() }
      blank(1)
    case .lineComment:
      if source[position] == Self.lineFeed { modes.removeLast() }
      blank(1)
    case .blockComment(let depth): blockComment(depth)
    }
  }

  private mutating func code() {
    if sees("//") {
      modes.append(.lineComment)
      return blank(2)
    }
    if sees("/*") {
      modes.append(.blockComment(depth: 1))
      return blank(2)
    }
    if sees("/"), !sees("/ "), Self.beforeRegex.contains(last) {
      modes.append(.regex)
      return blank(1)
    }
    if let (hashes, isMultiline) = stringStart() {
      modes.append(.string(hashes: hashes, isMultiline: isMultiline))
      return keep(hashes + (isMultiline ? 3 : 1))
    }
    if case .interpolation(let open) = modes[modes.count - 1] {
      switch source[position] {
      case UInt8(ascii: "("): modes[modes.count - 1] = .interpolation(open: open + 1)
      case UInt8(ascii: ")") where open == 1: modes.removeLast()
      case UInt8(ascii: ")"): modes[modes.count - 1] = .interpolation(open: open - 1)
      default: break
      }
    }
    keep(1)
  }

  private mutating func string(_ hashes: Int, _ isMultiline: Bool) {
    let marks = String(repeating: "#", count: hashes)
    let quotes = isMultiline ? "\"\"\"" : "\""
    if sees("\\" + marks + "(") {
      modes.append(.interpolation(open: 1))
      return keep(2 + hashes)
    }
    if sees("\\" + marks) { return blank(2 + hashes) }
    if sees(quotes + marks) || (!isMultiline && source[position] == Self.lineFeed) {
      modes.removeLast()
      return keep(source[position] == Self.lineFeed ? 1 : quotes.utf8.count + hashes)
    }
    blank(1)
  }

  private mutating func blockComment(_ depth: Int) {
    if sees("/*") {
      modes[modes.count - 1] = .blockComment(depth: depth + 1)
      return blank(2)
    }
    if sees("*/") {
      if depth == 1 { modes.removeLast() } else {
        modes[modes.count - 1] = .blockComment(depth: depth - 1)
      }
      return blank(2)
    }
    blank(1)
  }

  private func stringStart() -> (hashes: Int, isMultiline: Bool)? {
    var end = position
    while end < source.count, source[end] == UInt8(ascii: "#") { end += 1 }
    guard end < source.count, source[end] == Self.quote else { return nil }
    let isMultiline =
      end + 2 < source.count && source[end + 1] == Self.quote && source[end + 2] == Self.quote
    return (end - position, isMultiline)
  }

  private func sees(_ text: String) -> Bool {
    source[position...].starts(with: text.utf8)
  }

  private mutating func keep(_ count: Int) {
    let kept = source[position..<min(position + count, source.count)]
    output += kept
    if let code = kept.last(where: { $0 != Self.space && $0 != Self.lineFeed }) { last = code }
    position += count
  }

  private mutating func blank(_ count: Int) {
    output += source[position..<min(position + count, source.count)].map {
      $0 == Self.lineFeed ? $0 : Self.space
    }
    position += count
  }
}

/// The functions of a scrubbed source with the lines that they take.
struct FunctionLengths {
  struct Function {
    /// Counted from 1.
    let line: Int
    let lines: Int
  }

  private struct Block {
    /// The line of `func`, `init` or the like; nil for any other block.
    let function: Int?
    /// Parentheses and brackets that were open around it.
    let depth: Int
  }

  /// Declarations have a body in braces at their own depth; closures in default arguments are none.
  static func of(_ code: String) -> [Function] {
    var functions: [Function] = []
    var blocks: [Block] = []
    var depth = 0
    var line = 1
    var header: (line: Int, depth: Int)?
    for word in words(code) {
      switch word {
      case "\n": line += 1
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "func", "init", "deinit", "subscript": if header == nil { header = (line, depth) }
      case "{":
        let function = header.flatMap { $0.depth == depth ? $0.line : nil }
        if function != nil { header = nil }
        blocks.append(Block(function: function, depth: depth))
      case "}":
        guard let block = blocks.popLast() else { continue }
        if let start = block.function {
          functions.append(Function(line: start, lines: line - start + 1))
        }
        if header.map({ $0.depth >= block.depth }) == true { header = nil }
      default: break
      }
    }
    return functions
  }

  private static func words(_ code: String) -> [Substring] {
    var words: [Substring] = []
    var start: String.Index?
    for index in code.indices {
      let character = code[index]
      if character.isLetter || character.isNumber || character == "_" || character == "." {
        if start == nil { start = index }
        continue
      }
      if let begun = start { words.append(code[begun..<index]) }
      start = nil
      if !character.isWhitespace || character == "\n" { words.append(code[index...index]) }
    }
    return words
  }
}
