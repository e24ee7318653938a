import FoundationEssentials
import Schemas
import SwiftProtobuf

/// Where in the schemas a name is declared, for the services of one process: their files, what
/// these import, and google.rpc's, which errors carry.
struct SchemaIndex: Sendable {
  /// A file in binary, with the names of those that it imports.
  struct File: Sendable {
    let name: String
    let bytes: Data
    let imports: [String]
  }

  private(set) var files: [String: File] = [:]
  /// Full names of all that is declared to the names of the files.
  private(set) var symbols: [String: String] = [:]
  /// Full names of messages to the numbers of their extensions and the files of these.
  private(set) var extensions: [String: [Int32: String]] = [:]

  /// Read anew: in memory it is several times what is kept of it.
  private static func all() -> [Google_Protobuf_FileDescriptorProto] {
    guard
      let data = Data(
        base64Encoded: SchemaDescriptors.base64, options: .ignoreUnknownCharacters),
      let set = try? Google_Protobuf_FileDescriptorSet(serializedBytes: data)
    else { preconditionFailure("the descriptors are generated, and cannot be read") }
    return set.file
  }

  /// - Parameter services: full names; those of no schema are left out.
  init(services: Set<String>) {
    let all = Self.all()
    var wanted = Set(
      all.filter { file in
        file.package == "google.rpc"
          || file.service.contains { services.contains("\(file.package).\($0.name)") }
      }.map(\.name))
    // A file stands after those that it imports: backwards, one pass finds them all.
    for file in all.reversed() where wanted.contains(file.name) {
      wanted.formUnion(file.dependency)
    }
    for file in all where wanted.contains(file.name) { add(file) }
  }

  private mutating func add(_ file: Google_Protobuf_FileDescriptorProto) {
    guard let bytes: Data = try? file.serializedBytes() else {
      preconditionFailure("\(file.name) was read, and cannot be written")
    }
    files[file.name] = File(name: file.name, bytes: bytes, imports: file.dependency)
    let scope = file.package
    for service in file.service {
      declare(service.name, in: scope, file)
      for method in service.method { declare(method.name, in: "\(scope).\(service.name)", file) }
    }
    for message in file.messageType { add(message, in: scope, file) }
    for value in file.enumType { add(value, in: scope, file) }
    for field in file.extension { add(extension: field, in: scope, file) }
  }

  private mutating func add(
    _ message: Google_Protobuf_DescriptorProto, in scope: String,
    _ file: Google_Protobuf_FileDescriptorProto
  ) {
    let name = "\(scope).\(message.name)"
    declare(message.name, in: scope, file)
    extensions[name] = extensions[name] ?? [:]
    for field in message.field { declare(field.name, in: name, file) }
    for oneof in message.oneofDecl { declare(oneof.name, in: name, file) }
    for nested in message.nestedType { add(nested, in: name, file) }
    for value in message.enumType { add(value, in: name, file) }
    for field in message.extension { add(extension: field, in: name, file) }
  }

  /// The values of an enum are its siblings (protobuf's language guide, enumerations).
  private mutating func add(
    _ type: Google_Protobuf_EnumDescriptorProto, in scope: String,
    _ file: Google_Protobuf_FileDescriptorProto
  ) {
    declare(type.name, in: scope, file)
    for value in type.value { declare(value.name, in: scope, file) }
  }

  private mutating func add(
    extension field: Google_Protobuf_FieldDescriptorProto, in scope: String,
    _ file: Google_Protobuf_FileDescriptorProto
  ) {
    declare(field.name, in: scope, file)
    // ".google.protobuf.MethodOptions"
    extensions[String(field.extendee.dropFirst()), default: [:]][field.number] = file.name
  }

  private mutating func declare(
    _ name: String, in scope: String, _ file: Google_Protobuf_FileDescriptorProto
  ) {
    symbols["\(scope).\(name)"] = file.name
  }
}
