/// `Int` and `Int64` are declared as int8, `Int32` as int4, `Int16` as int2; each reads any of the
/// three whose value fits.
extension Int: PostgresValue, PostgresArrayElement {
  package static var parameterType: PostgresType { .int8 }
  package static var arrayType: PostgresType { .int8Array }
  package func write(to bytes: inout [UInt8]) { bytes.append(bigEndian: Int64(self)) }
  package static func read(_ bytes: Span<UInt8>, _ type: PostgresType) -> Int? {
    bytes.wholeNumber(type).flatMap(Int.init(exactly:))
  }
}

extension Int64: PostgresValue, PostgresArrayElement {
  package static var parameterType: PostgresType { .int8 }
  package static var arrayType: PostgresType { .int8Array }
  package func write(to bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
  package static func read(_ bytes: Span<UInt8>, _ type: PostgresType) -> Int64? {
    bytes.wholeNumber(type)
  }
}

extension Int32: PostgresValue, PostgresArrayElement {
  package static var parameterType: PostgresType { .int4 }
  package static var arrayType: PostgresType { .int4Array }
  package func write(to bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
  package static func read(_ bytes: Span<UInt8>, _ type: PostgresType) -> Int32? {
    bytes.wholeNumber(type).flatMap(Int32.init(exactly:))
  }
}

extension Int16: PostgresValue, PostgresArrayElement {
  package static var parameterType: PostgresType { .int2 }
  package static var arrayType: PostgresType { .int2Array }
  package func write(to bytes: inout [UInt8]) { bytes.append(bigEndian: self) }
  package static func read(_ bytes: Span<UInt8>, _ type: PostgresType) -> Int16? {
    bytes.wholeNumber(type).flatMap(Int16.init(exactly:))
  }
}

extension [UInt8] {
  mutating func append<Number: FixedWidthInteger>(bigEndian number: Number) {
    unsafe Swift.withUnsafeBytes(of: number.bigEndian) { unsafe append(contentsOf: $0) }
  }

  /// Overwrites four bytes, which must be there.
  mutating func put(bigEndian number: Int32, at offset: Int) {
    let pattern = UInt32(bitPattern: number)
    for place in 0..<4 {
      self[offset + place] = UInt8(truncatingIfNeeded: pattern >> (24 - 8 * UInt32(place)))
    }
  }
}

extension Span<UInt8> {
  /// A big-endian number at `offset`; nil if the span ends before it does.
  func integer<Number: FixedWidthInteger>(_ type: Number.Type, at offset: Int) -> Number? {
    let width = Number.bitWidth / 8
    guard offset >= 0, offset <= count - width else { return nil }
    var number: UInt64 = 0
    for place in offset..<offset + width { number = number << 8 | UInt64(self[place]) }
    return Number(truncatingIfNeeded: number)
  }

  /// A column of one of the integer types.
  func wholeNumber(_ type: PostgresType) -> Int64? {
    switch (type, count) {
    case (.int8, 8): integer(Int64.self, at: 0)
    case (.int4, 4): integer(Int32.self, at: 0).map(Int64.init)
    case (.int2, 2): integer(Int16.self, at: 0).map(Int64.init)
    case (.oid, 4): integer(UInt32.self, at: 0).map(Int64.init)
    default: nil
    }
  }

  /// The bytes from `offset` on as text; PostgreSQL has checked that they are UTF-8.
  func text(from offset: Int) -> String {
    unsafe withUnsafeBufferPointer { bytes in
      unsafe String(decoding: bytes[offset...], as: UTF8.self)
    }
  }

  func array() -> [UInt8] {
    unsafe withUnsafeBufferPointer { bytes in unsafe Array(bytes) }
  }
}
