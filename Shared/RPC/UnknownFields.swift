import FoundationEssentials
import SwiftProtobuf

/// Refuses a message with a field that its type does not have, at any depth: what nobody knows the
/// purpose of is not taken in silence (clause 9). Values of an enum that it does not have are the
/// method's to refuse.
struct UnknownFields: Visitor {
  /// The message that holds what is looked at.
  private var place: String

  static func refuse(in message: some Message) throws(RPCError) {
    var visitor = UnknownFields(place: type(of: message).protoMessageName)
    do {
      try message.traverse(visitor: &visitor)
    } catch let error as RPCError {
      throw error
    } catch {
      throw .internalError("internal error", cause: error)
    }
  }

  private init(place: String) { self.place = place }

  mutating func visitUnknown(bytes: Data) throws {
    guard !bytes.isEmpty else { return }
    let number = Self.fieldNumber(bytes).map { "field \($0)" } ?? "such field"
    throw RPCError.invalidArgument(
      "\(place) has no \(number): give only what the schema names, or call a version that has it")
  }

  mutating func visitSingularMessageField<M: Message>(value: M, fieldNumber: Int) throws {
    let outer = place
    place = M.protoMessageName
    try value.traverse(visitor: &self)
    place = outer
  }

  mutating func visitMapField<Key, Value>(
    fieldType: _ProtobufMessageMap<Key, Value>.Type,
    value: _ProtobufMessageMap<Key, Value>.BaseType, fieldNumber: Int
  ) throws {
    for message in value.values {
      try visitSingularMessageField(value: message, fieldNumber: fieldNumber)
    }
  }

  /// Of the first tag: a varint of the number and three bits of the wire type.
  private static func fieldNumber(_ bytes: Data) -> UInt64? {
    var tag: UInt64 = 0
    for (position, byte) in bytes.prefix(5).enumerated() {
      tag |= UInt64(byte & 0x7F) << (7 * UInt64(position))
      if byte & 0x80 == 0 { return tag >> 3 }
    }
    return nil
  }

  // Values hold no fields.

  mutating func visitSingularDoubleField(value: Double, fieldNumber: Int) {}
  mutating func visitSingularInt64Field(value: Int64, fieldNumber: Int) {}
  mutating func visitSingularUInt64Field(value: UInt64, fieldNumber: Int) {}
  mutating func visitSingularBoolField(value: Bool, fieldNumber: Int) {}
  mutating func visitSingularStringField(value: String, fieldNumber: Int) {}
  mutating func visitSingularBytesField(value: Data, fieldNumber: Int) {}
  mutating func visitSingularEnumField<E: SwiftProtobuf.Enum>(value: E, fieldNumber: Int) {}
  mutating func visitMapField<Key, Value: MapValueType>(
    fieldType: _ProtobufMap<Key, Value>.Type, value: _ProtobufMap<Key, Value>.BaseType,
    fieldNumber: Int
  ) {}
  mutating func visitMapField<Key, Value>(
    fieldType: _ProtobufEnumMap<Key, Value>.Type, value: _ProtobufEnumMap<Key, Value>.BaseType,
    fieldNumber: Int
  ) where Value.RawValue == Int {}
}
