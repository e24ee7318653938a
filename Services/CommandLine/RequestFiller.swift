import Foundation
import Schemas
import SwiftProtobuf

/// Fills in the request of any method from its schema alone: identifiers with those that are
/// attacked, everything else with values that checks let through.
struct RequestFiller: Sendable {
  /// A field that names something, and nothing is known to put there.
  struct UnknownField: Error {
    let name: String
  }

  /// By the name of the field; a list `goal_ids` is looked up as `goal_id`.
  let identifiers: [String: String]
  /// What stands in a field that takes any text, by its message ("ikso.goals.v1.Goal") and name.
  let words: @Sendable (_ message: String, _ field: String) -> String

  init(
    identifiers: [String: String],
    words: @escaping @Sendable (_ message: String, _ field: String) -> String = { _, _ in "Canary" }
  ) {
    self.identifiers = identifiers
    self.words = words
  }

  /// Messages within messages that are filled in.
  private static let maximumDepth = 4

  private static let messages: [String: Google_Protobuf_DescriptorProto] = index { file in
    var found: [(String, Google_Protobuf_DescriptorProto)] = []
    func add(_ message: Google_Protobuf_DescriptorProto, _ prefix: String) {
      let name = "\(prefix).\(message.name)"
      found.append((name, message))
      for nested in message.nestedType { add(nested, name) }
    }
    for message in file.messageType { add(message, ".\(file.package)") }
    return found
  }

  /// Of each enum, a value that means something.
  private static let enums: [String: Int32] = index { file in
    file.enumType.map { (".\(file.package).\($0.name)", $0.value.last?.number ?? 0) }
  }

  /// Where another value would keep who attacks from what comes after: a restriction of their own.
  private static let harmless: [String: Int32] = [".ikso.privacy.v1.RequestKind": 1]

  private static let requests: [String: String] = index { file in
    file.service.flatMap { service in
      service.method.map { ("\(file.package).\(service.name)/\($0.name)", $0.inputType) }
    }
  }

  private static func index<Value>(
    _ entries: (Google_Protobuf_FileDescriptorProto) -> [(String, Value)]
  ) -> [String: Value] {
    guard
      let data = Data(base64Encoded: SchemaDescriptors.base64, options: .ignoreUnknownCharacters),
      let set = try? Google_Protobuf_FileDescriptorSet(serializedBytes: data)
    else { preconditionFailure("the descriptors are generated, and cannot be read") }
    return Dictionary(set.file.flatMap(entries), uniquingKeysWith: { first, _ in first })
  }

  /// As an empty message with all of its fields unknown, which it can be sent as.
  func request(of method: String) throws -> Google_Protobuf_Empty {
    guard let type = Self.requests[method] else { throw UnknownField(name: method) }
    return try Google_Protobuf_Empty(serializedBytes: message(type, depth: 0))
  }

  private func message(_ type: String, depth: Int) throws -> [UInt8] {
    if type == ".google.protobuf.Timestamp" {
      return try Google_Protobuf_Timestamp(date: Date()).serializedBytes()
    }
    guard depth < Self.maximumDepth, let descriptor = Self.messages[type] else { return [] }
    var bytes: [UInt8] = []
    var seenOneofs: Set<Int32> = []
    for field in descriptor.field {
      if field.hasOneofIndex, !seenOneofs.insert(field.oneofIndex).inserted { continue }
      guard let value = try value(of: field, in: type, depth) else { continue }
      switch value {
      case .number(let number):
        bytes += Self.varint(UInt64(field.number) << 3)
        bytes += Self.varint(number)
      case .bytes(let value):
        bytes += Self.varint(UInt64(field.number) << 3 | 2)
        bytes += Self.varint(UInt64(value.count)) + value
      }
    }
    return bytes
  }

  private enum Value {
    case number(UInt64)
    case bytes([UInt8])
  }

  /// Nil: the field is left out.
  private func value(
    of field: Google_Protobuf_FieldDescriptorProto, in type: String, _ depth: Int
  ) throws -> Value? {
    switch field.type {
    case .string: return try text(field.name, in: type).map { .bytes(Array($0.utf8)) }
    case .bytes: return .bytes(Self.bytes(field.name))
    case .message: return .bytes(try message(field.typeName, depth: depth + 1))
    case .enum:
      let number = Self.harmless[field.typeName] ?? Self.enums[field.typeName] ?? 1
      return .number(UInt64(number))
    case .int32, .int64, .uint32, .uint64: return .number(1)
    default: return nil
    }
  }

  private func text(_ name: String, in type: String) throws -> String? {
    let one = name.hasSuffix("_ids") ? String(name.dropLast()) : name
    if let identifier = identifiers[one] { return identifier }
    if one.hasSuffix("_id") { throw UnknownField(name: name) }
    switch name {
    case "page_token": return nil
    // Of a request about one's data: the kind that is made here has none of these.
    case "purpose", "field", "new_value", "recipient": return nil
    case "code", "invitation_code": return String(repeating: "A", count: 64)
    case "password": return "a long password of nobody at all"
    case "time_zone": return "Europe/Amsterdam"
    case "email_domains": return "example.org"
    case "contact": return "nobody@example.org"
    // Outside of the EEA, with an adequacy decision; in the EU.
    case "country": return "JP"
    case "countries": return "DE"
    case _ where ["_on", "_from", "_begin"].contains(where: name.hasSuffix):
      return Walk.day(Date().addingTimeInterval(86_400))
    case _ where ["_until", "_end", "_day"].contains(where: name.hasSuffix):
      return Walk.day(Date().addingTimeInterval(86_400 * 60))
    default: return words(String(type.dropFirst()), name)
    }
  }

  private static func bytes(_ name: String) -> [UInt8] {
    switch name {
    case "csv": Array("name,email,role\r\nCanary,nobody@example.org,participant\r\n".utf8)
    case "markdown": Array("# Canary".utf8)
    default: [UInt8](repeating: 0, count: 32)
    }
  }

  private static func varint(_ value: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
