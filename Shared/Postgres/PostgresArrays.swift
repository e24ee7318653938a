package import FoundationEssentials

/// What an array parameter or column may hold: for `unnest(…)` and `= ANY(…)`.
///
/// `UInt8` is here and is no `PostgresValue`: `[UInt8]` is a `bytea`, not an array of numbers.
package protocol PostgresArrayElement: Sendable {
  static var arrayType: PostgresType { get }
  static func write(array: [Self], to bytes: inout [UInt8])
  static func read(array bytes: Span<UInt8>, _ type: PostgresType) -> [Self]?
}

extension PostgresArrayElement where Self: PostgresValue {
  package static func write(array: [Self], to bytes: inout [UInt8]) {
    bytes.append(bigEndian: Int32(array.isEmpty ? 0 : 1))
    bytes.append(bigEndian: Int32(array.contains { $0.isNull } ? 1 : 0))
    bytes.append(bigEndian: parameterType.rawValue)
    guard !array.isEmpty else { return }
    bytes.append(bigEndian: Int32(clamping: array.count))
    bytes.append(bigEndian: Int32(1))
    for element in array {
      guard !element.isNull else {
        bytes.append(bigEndian: Int32(-1))
        continue
      }
      let start = bytes.count
      bytes.append(bigEndian: Int32(0))
      element.write(to: &bytes)
      bytes.put(bigEndian: Int32(clamping: bytes.count - start - 4), at: start)
    }
  }

  /// Reads arrays of no or one dimension.
  package static func read(array bytes: Span<UInt8>, _ type: PostgresType) -> [Self]? {
    guard let dimensions = bytes.integer(Int32.self, at: 0),
      let element = bytes.integer(UInt32.self, at: 8).map(PostgresType.init(rawValue:))
    else { return nil }
    if dimensions == 0 { return [] }
    guard dimensions == 1, let count = bytes.integer(Int32.self, at: 12), count >= 0,
      Int(count) <= bytes.count / 4
    else { return nil }
    var values: [Self] = []
    values.reserveCapacity(Int(count))
    var offset = 20
    for _ in 0..<count {
      guard let length = bytes.integer(Int32.self, at: offset) else { return nil }
      offset += 4
      if length < 0 {
        guard let value = null else { return nil }
        values.append(value)
        continue
      }
      guard Int(length) <= bytes.count - offset,
        let value = read(bytes.extracting(offset..<offset + Int(length)), element)
      else { return nil }
      values.append(value)
      offset += Int(length)
    }
    return values
  }
}

extension Array: PostgresValue where Element: PostgresArrayElement {
  package static var parameterType: PostgresType { Element.arrayType }
  package func write(to bytes: inout [UInt8]) { Element.write(array: self, to: &bytes) }
  package static func read(_ bytes: Span<UInt8>, _ type: PostgresType) -> [Element]? {
    Element.read(array: bytes, type)
  }
}

/// `[UInt8]` is a `bytea`.
extension UInt8: PostgresArrayElement {
  package static var arrayType: PostgresType { .bytea }
  package static func write(array: [UInt8], to bytes: inout [UInt8]) { bytes += array }
  package static func read(array bytes: Span<UInt8>, _ type: PostgresType) -> [UInt8]? {
    type == .bytea ? bytes.array() : nil
  }
}

/// `[[UInt8]]` is a `bytea[]`.
extension Array: PostgresArrayElement where Element == UInt8 {
  package static var arrayType: PostgresType { .byteaArray }
}

/// `[String?]` and the like: arrays with NULLs, for bulk inserts through `unnest`.
extension Optional: PostgresArrayElement where Wrapped: PostgresValue & PostgresArrayElement {
  package static var arrayType: PostgresType { Wrapped.arrayType }
}

extension String: PostgresArrayElement {
  package static var arrayType: PostgresType { .textArray }
}

extension Bool: PostgresArrayElement {
  package static var arrayType: PostgresType { .boolArray }
}

extension Double: PostgresArrayElement {
  package static var arrayType: PostgresType { .float8Array }
}

extension UUID: PostgresArrayElement {
  package static var arrayType: PostgresType { .uuidArray }
}

extension Date: PostgresArrayElement {
  package static var arrayType: PostgresType { .timestamptzArray }
}
