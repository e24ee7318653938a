import SwiftProtobuf
import SwiftProtobufPluginLibrary

// Our options as properties of what they stand on.

extension MethodDescriptor {
  /// Nil where the schema says nothing.
  var access: OptionsAccess? {
    options.hasOptionsaccess ? options.Optionsaccess : nil
  }

  /// Whether it can be called with GET, the request in the URL.
  var hasNoSideEffects: Bool { options.idempotencyLevel == .noSideEffects }
}

extension ServiceDescriptor {
  /// The gateway doesn't route to it. True for `grpc.*`, which every process answers for itself.
  var isInternal: Bool { Rules.isStandard(file) || options.Optionsinternal }
}

extension FieldDescriptor {
  var personalData: OptionsPersonalData { options.OptionspersonalData }

  /// The column that keeps it; nil where the schema names none. In the form that `Rules` ask for.
  var sealedColumn: Schema.SealedColumn? {
    guard options.hasOptionssealedIn else { return nil }
    let parts = options.OptionssealedIn.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    return Schema.SealedColumn(table: String(parts[0]), column: String(parts[1]))
  }

  /// Whether it says more of a person than an identifier does.
  var isUnfitForURL: Bool {
    switch personalData {
    case .personal, .confidential, .secret: true
    default: false
    }
  }

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

  /// The message and all that its fields contain, at any depth, once each.
  var reachable: [Descriptor] {
    var found: [Descriptor] = []
    var names: Set<String> = []
    var waiting = [self]
    while let message = waiting.popLast() {
      guard names.insert(message.fullName).inserted else { continue }
      found.append(message)
      waiting += message.fields.compactMap(\.messageType)
    }
    return found
  }
}
