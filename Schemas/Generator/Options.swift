import SwiftProtobuf
import SwiftProtobufPluginLibrary

// Our options as properties of what they stand on.

extension MethodDescriptor {
  /// Nil where the schema says nothing.
  var access: OptionsAccess? {
    options.hasOptionsaccess ? options.Optionsaccess : nil
  }
}

extension ServiceDescriptor {
  /// The gateway doesn't route to it. True for `grpc.*`, which every process answers for itself.
  var isInternal: Bool { Rules.isStandard(file) || options.Optionsinternal }
}

extension FieldDescriptor {
  var personalData: OptionsPersonalData { options.OptionspersonalData }

  /// Whether the field can hold any text or bytes, which numbers, flags and times can't.
  var holdsFreeContent: Bool {
    switch type {
    case .string, .bytes: true
    case .message where isMap: messageType.fields.contains(where: \.holdsFreeContent)
    case .message: messageType.holdsFreeContent
    default: false
    }
  }
}

extension OptionsRole {
  static let assignable = allCases.filter { $0 != .unspecified }
}

extension FileDescriptor {
  /// With nested ones, in the file's order; without the entries of maps.
  var allMessages: [Descriptor] { messages.flatMap(\.withNested) }
}

extension Descriptor {
  /// Of google.protobuf: whatever can carry text. Our own messages say it field by field.
  fileprivate var holdsFreeContent: Bool {
    switch wellKnownType {
    case .stringValue, .bytesValue, .any, .value, .listValue, .struct: true
    default: false
    }
  }

  fileprivate var withNested: [Descriptor] {
    options.mapEntry ? [] : [self] + messages.flatMap(\.withNested)
  }

  /// Full names of the message and of all that its fields contain, at any depth.
  var reachable: Set<String> {
    var found: Set<String> = []
    var waiting = [self]
    while let message = waiting.popLast() {
      guard found.insert(message.fullName).inserted else { continue }
      waiting += message.fields.compactMap(\.messageType)
    }
    return found
  }
}
