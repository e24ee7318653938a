import SwiftProtobuf
import Testing

@testable import RPC

/// Fields that a message's type does not have, at any depth.
@Suite struct RPCUnknownFieldTests {
  private func refusal(_ message: some Message) -> RPCError? {
    do throws(RPCError) {
      try UnknownFields.refuse(in: message)
      return nil
    } catch {
      return error
    }
  }

  /// A value with field 7, which it does not have.
  private func value() throws -> Google_Protobuf_Value {
    try Google_Protobuf_Value(serializedBytes: [0x38, 1] as [UInt8])
  }

  @Test func `a message that holds what its type names is taken`() throws {
    #expect(refusal(Google_Protobuf_Timestamp(seconds: 1, nanos: 2)) == nil)
    #expect(refusal(Google_Protobuf_Timestamp()) == nil)
    let object = Google_Protobuf_Struct(fields: ["a": 1, "b": "c", "d": true])
    #expect(refusal(object) == nil)
  }

  @Test func `a field too many is refused by its number`() throws {
    let message = try Google_Protobuf_Timestamp(serializedBytes: [0x08, 1, 0x18, 1] as [UInt8])
    let refused = try #require(refusal(message))
    #expect(refused.code == .invalidArgument)
    #expect(refused.message.contains("google.protobuf.Timestamp has no field 3"))
    // The highest number that there is.
    let highest = try Google_Protobuf_Timestamp(
      serializedBytes: [0xF8, 0xFF, 0xFF, 0xFF, 0x0F, 1] as [UInt8])
    #expect(refusal(highest)?.message.contains("no field 536870911") == true)
  }

  @Test func `it is found within lists, maps and messages, under the name of what holds it`()
    throws
  {
    var list = Google_Protobuf_ListValue()
    list.values = [1, try value()]
    let object = Google_Protobuf_Struct.with { $0.fields["a"] = 1 }
    let nested = try Google_Protobuf_Struct.with { $0.fields["a"] = try value() }
    #expect(refusal(object) == nil)
    let listed = Google_Protobuf_Value(listValue: list)
    for refused in [refusal(list), refusal(nested), refusal(listed)] {
      #expect(refused?.message.contains("google.protobuf.Value has no field 7") == true)
    }
  }
}
