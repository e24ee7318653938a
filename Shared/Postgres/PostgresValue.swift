package import FoundationEssentials

/// A Swift type that travels as a parameter or a column, in PostgreSQL's binary format.
///
/// An enum with a raw value conforms with one line: `extension GoalState: PostgresValue {}`.
package protocol PostgresValue: Sendable {
  /// The type that a parameter of this Swift type is declared as.
  static var parameterType: PostgresType { get }
  /// Appends the binary form. Not called when `isNull`.
  func write(to bytes: inout [UInt8])
  /// Reads the binary form of a column of `type`; nil if that is no value of this Swift type.
  static func read(_ bytes: Span<UInt8>, _ type: PostgresType) -> Self?
  var isNull: Bool { get }
  /// What a NULL reads as; nil where it is an error.
  static var null: Self? { get }
}

extension PostgresValue {
  package var isNull: Bool { false }
  package static var null: Self? { nil }
}

/// A type's object identifier, from PostgreSQL's catalogue file pg_type.dat.
package struct PostgresType: RawRepresentable, Sendable, Hashable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let bool = PostgresType(rawValue: 16)
  package static let bytea = PostgresType(rawValue: 17)
  package static let char = PostgresType(rawValue: 18)
  package static let name = PostgresType(rawValue: 19)
  package static let int8 = PostgresType(rawValue: 20)
  package static let int2 = PostgresType(rawValue: 21)
  package static let int4 = PostgresType(rawValue: 23)
  package static let text = PostgresType(rawValue: 25)
  package static let oid = PostgresType(rawValue: 26)
  package static let json = PostgresType(rawValue: 114)
  package static let float4 = PostgresType(rawValue: 700)
  package static let float8 = PostgresType(rawValue: 701)
  package static let unknown = PostgresType(rawValue: 705)
  package static let bpchar = PostgresType(rawValue: 1042)
  package static let varchar = PostgresType(rawValue: 1043)
  package static let date = PostgresType(rawValue: 1082)
  package static let timestamptz = PostgresType(rawValue: 1184)
  package static let uuid = PostgresType(rawValue: 2950)
  package static let jsonb = PostgresType(rawValue: 3802)
  package static let boolArray = PostgresType(rawValue: 1000)
  package static let byteaArray = PostgresType(rawValue: 1001)
  package static let int2Array = PostgresType(rawValue: 1005)
  package static let int4Array = PostgresType(rawValue: 1007)
  package static let textArray = PostgresType(rawValue: 1009)
  package static let int8Array = PostgresType(rawValue: 1016)
  package static let float8Array = PostgresType(rawValue: 1022)
  package static let dateArray = PostgresType(rawValue: 1182)
  package static let timestamptzArray = PostgresType(rawValue: 1185)
  package static let uuidArray = PostgresType(rawValue: 2951)

  /// Types made in a database, enums and citext among them, have identifiers from here on.
  var isMadeByUsers: Bool { rawValue >= 16_384 }
}

extension Optional: PostgresValue where Wrapped: PostgresValue {
  package static var parameterType: PostgresType { Wrapped.parameterType }
  package func write(to bytes: inout [UInt8]) { self?.write(to: &bytes) }
  package static func read(_ bytes: Span<UInt8>, _ type: PostgresType) -> Self? {
    guard let value = Wrapped.read(bytes, type) else { return nil }
    return .some(.some(value))
  }
  package var isNull: Bool {
    switch self {
    case .none: true
    case .some(let value): value.isNull
    }
  }
  package static var null: Self? { .some(.none) }
}

extension PostgresValue where Self: RawRepresentable, RawValue: PostgresValue {
  package static var parameterType: PostgresType { RawValue.parameterType }
  package func write(to bytes: inout [UInt8]) { rawValue.write(to: &bytes) }
  package static func read(_ bytes: Span<UInt8>, _ type: PostgresType) -> Self? {
    RawValue.read(bytes, type).flatMap(Self.init(rawValue:))
  }
}

extension Bool: PostgresValue {
  package static var parameterType: PostgresType { .bool }
  package func write(to bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
  package static func read(_ bytes: Span<UInt8>, _ type: PostgresType) -> Bool? {
    guard type == .bool, bytes.count == 1 else { return nil }
    return bytes[0] != 0
  }
}

extension String: PostgresValue {
  package static var parameterType: PostgresType { .text }
  package func write(to bytes: inout [UInt8]) { bytes.append(contentsOf: utf8) }
  package static func read(_ bytes: Span<UInt8>, _ type: PostgresType) -> String? {
    switch type {
    case .text, .varchar, .bpchar, .name, .json, .unknown, .char: return bytes.text(from: 0)
    case .jsonb:
      // A version byte leads the binary form of jsonb.
      guard bytes.count > 0, bytes[0] == 1 else { return nil }
      return bytes.text(from: 1)
    default: return type.isMadeByUsers ? bytes.text(from: 0) : nil
    }
  }
}

extension Double: PostgresValue {
  package static var parameterType: PostgresType { .float8 }
  package func write(to bytes: inout [UInt8]) { bytes.append(bigEndian: bitPattern) }
  package static func read(_ bytes: Span<UInt8>, _ type: PostgresType) -> Double? {
    switch type {
    case .float8: bytes.integer(UInt64.self, at: 0).map(Double.init(bitPattern:))
    case .float4: bytes.integer(UInt32.self, at: 0).map { Double(Float(bitPattern: $0)) }
    default: nil
    }
  }
}

extension UUID: PostgresValue {
  package static var parameterType: PostgresType { .uuid }
  package func write(to bytes: inout [UInt8]) {
    unsafe withUnsafeBytes(of: uuid) { unsafe bytes.append(contentsOf: $0) }
  }
  package static func read(_ bytes: Span<UInt8>, _ type: PostgresType) -> UUID? {
    guard type == .uuid, bytes.count == 16 else { return nil }
    return UUID(
      uuid: (
        bytes[0], bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7],
        bytes[8], bytes[9], bytes[10], bytes[11], bytes[12], bytes[13], bytes[14], bytes[15]
      ))
  }
}

/// `timestamptz`, in whole microseconds; PostgreSQL's ±infinity is no `Date`.
extension Date: PostgresValue {
  package static var parameterType: PostgresType { .timestamptz }
  /// Seconds from PostgreSQL's epoch, 2000-01-01, to Foundation's, 2001-01-01.
  private static let epochs = 366.0 * 86_400

  package func write(to bytes: inout [UInt8]) {
    let microseconds = ((timeIntervalSinceReferenceDate + Date.epochs) * 1e6).rounded()
    // Beyond ±292,000 years PostgreSQL has no timestamps; its infinities stand at the ends.
    bytes.append(bigEndian: Int64(exactly: microseconds) ?? (microseconds > 0 ? .max : .min))
  }
  package static func read(_ bytes: Span<UInt8>, _ type: PostgresType) -> Date? {
    guard type == .timestamptz, let microseconds = bytes.integer(Int64.self, at: 0),
      microseconds != .max, microseconds != .min
    else { return nil }
    return Date(timeIntervalSinceReferenceDate: Double(microseconds) / 1e6 - epochs)
  }
}
