import FoundationEssentials

/// One SQL statement with its parameters. Interpolation binds values as `$1…` and never pastes
/// text: `"SELECT title FROM goal WHERE tenant_id = \(tenant) AND goal_id = \(id)"`.
///
/// Besides values an interpolation takes a `SQLIdentifier` (checked and quoted) and another `SQL`
/// (its parameters are renumbered). The text is the key of the prepared-statement cache: build it
/// from literals so that the number of different texts stays small.
package struct SQL: Sendable {
  package private(set) var text: String
  private(set) var parameters: ParameterBuffer

  /// Most parameters that one statement of PostgreSQL's protocol can carry.
  package static let parameterLimit = 65_535

  package var parameterCount: Int { parameters.entries.count }

  /// Whether it begins or ends a transaction or a savepoint.
  var controlsTransactions: Bool {
    let word = text.utf8.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
      .prefix { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
    return SQL.transactionControl.contains { word.elementsEqual($0.utf8) { $0 | 0x20 == $1 } }
  }

  private static let transactionControl = [
    "abort", "begin", "commit", "end", "prepare", "release", "rollback", "savepoint", "start",
  ]
}

extension SQL: ExpressibleByStringInterpolation {
  package init(stringLiteral text: String) {
    self.text = text
    parameters = ParameterBuffer()
  }

  package init(stringInterpolation: StringInterpolation) {
    text = stringInterpolation.text
    parameters = stringInterpolation.parameters
  }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text: String
    fileprivate var parameters: ParameterBuffer

    package init(literalCapacity: Int, interpolationCount: Int) {
      text = ""
      text.reserveCapacity(literalCapacity + interpolationCount * 4)
      parameters = ParameterBuffer()
      parameters.entries.reserveCapacity(interpolationCount)
    }

    package mutating func appendLiteral(_ literal: String) { text += literal }

    @specialized(where Value == String)
    @specialized(where Value == UUID)
    @specialized(where Value == Int)
    @specialized(where Value == Int64)
    @specialized(where Value == Int32)
    @specialized(where Value == Date)
    @specialized(where Value == Bool)
    package mutating func appendInterpolation<Value: PostgresValue>(_ value: Value) {
      parameters.append(value, textOffset: text.utf8.count)
      text += "$\(parameters.entries.count)"
    }

    /// NULL for nil. With an overload of its own the compiler does not take it for a mistake.
    @specialized(where Value == String)
    @specialized(where Value == UUID)
    @specialized(where Value == Int)
    @specialized(where Value == Int64)
    @specialized(where Value == Int32)
    @specialized(where Value == Date)
    @specialized(where Value == Bool)
    package mutating func appendInterpolation<Value: PostgresValue>(_ value: Value?) {
      parameters.append(value, textOffset: text.utf8.count)
      text += "$\(parameters.entries.count)"
    }

    package mutating func appendInterpolation(_ identifier: SQLIdentifier) {
      text += identifier.quoted
    }

    package mutating func appendInterpolation(_ fragment: SQL) {
      var copied = 0
      let source = fragment.text.utf8
      var index = source.startIndex
      for (number, entry) in fragment.parameters.entries.enumerated() {
        let start = source.index(index, offsetBy: entry.textOffset - copied)
        text += fragment.text[index..<start]
        parameters.append(entry, of: fragment.parameters, textOffset: text.utf8.count)
        text += "$\(parameters.entries.count)"
        let placeholder = "$\(number + 1)".utf8.count
        index = source.index(start, offsetBy: placeholder)
        copied = entry.textOffset + placeholder
      }
      text += fragment.text[index...]
    }
  }
}

extension SQL: CustomStringConvertible {
  /// The text alone; parameters can hold personal data and are never printed.
  package var description: String { text }
}

/// A name of a schema, table, role or column that was checked before it became SQL text.
package struct SQLIdentifier: Sendable, Hashable, CustomStringConvertible {
  package let name: String

  /// Takes lower-case letters, digits and underscores, at most 63 bytes (PostgreSQL's NAMEDATALEN),
  /// not starting with a digit; anything else throws `PostgresError.invalidIdentifier`.
  package init(_ name: String) throws(PostgresError) {
    let bytes = name.utf8
    let plain = bytes.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let first = bytes.first, plain, bytes.count <= 63, !digits.contains(first) else {
      throw .invalidIdentifier(name)
    }
    self.name = name
  }

  package var quoted: String { "\"\(name)\"" }
  package var description: String { name }
}

/// The binary forms of a statement's parameters, one after another in one buffer.
struct ParameterBuffer: Sendable {
  struct Entry: Sendable {
    let type: PostgresType
    /// First byte in `bytes`.
    let start: Int
    /// Length in bytes; -1 stands for NULL.
    let length: Int32
    /// Where the placeholder begins in the statement's UTF-8 text.
    let textOffset: Int
  }

  var entries: [Entry] = []
  private(set) var bytes: [UInt8] = []

  mutating func append<Value: PostgresValue>(_ value: Value, textOffset: Int) {
    let start = bytes.count
    if !value.isNull { value.write(to: &bytes) }
    let length = value.isNull ? -1 : Int32(clamping: bytes.count - start)
    entries.append(
      Entry(type: Value.parameterType, start: start, length: length, textOffset: textOffset))
  }

  mutating func append(_ entry: Entry, of other: ParameterBuffer, textOffset: Int) {
    let start = bytes.count
    if entry.length > 0 {
      bytes += other.bytes[entry.start..<entry.start + Int(entry.length)]
    }
    entries.append(
      Entry(type: entry.type, start: start, length: entry.length, textOffset: textOffset))
  }
}
