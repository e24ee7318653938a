import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// What the printers need of the schemas, after every rule held.
struct Schema {
  struct File {
    let descriptor: FileDescriptor
    let services: [Service]
  }

  struct Message {
    let descriptor: Descriptor
    /// Paths of the methods whose request or response contains the message, at any depth.
    let requestOf: [String]
    let responseOf: [String]
  }

  let files: [File]
  /// Of packages `ikso.*`, by file and place in it.
  let messages: [Message]

  /// - Throws: `Refusals`, with every broken rule of every file.
  init(_ descriptors: [FileDescriptor]) throws(Refusals) {
    let descriptors = descriptors.sorted { $0.name < $1.name }
    let refusals = Rules.broken(by: descriptors)
    guard refusals.isEmpty else { throw Refusals(list: refusals) }
    files = descriptors.map { file in
      File(descriptor: file, services: file.services.map(Service.init))
    }
    let methods = files.flatMap(\.services).flatMap(\.methods)
    let requests = Self.users(of: methods) { $0.inputType }
    let responses = Self.users(of: methods) { $0.outputType }
    messages = descriptors.filter(Rules.isOurs).flatMap(\.allMessages).map { message in
      Message(
        descriptor: message, requestOf: requests[message.fullName] ?? [],
        responseOf: responses[message.fullName] ?? [])
    }
  }

  /// Which methods reach a message through their request or response.
  private static func users(
    of methods: [Method], through type: (MethodDescriptor) -> Descriptor
  ) -> [String: [String]] {
    var users: [String: [String]] = [:]
    for method in methods {
      for message in type(method.descriptor).reachable {
        users[message.fullName, default: []].append(method.path)
      }
    }
    return users
  }
}

extension Schema {
  /// Where a field's value is kept sealed, without the schema of the service.
  struct SealedColumn: Hashable, Comparable {
    let table: String
    let column: String

    static func < (left: Self, right: Self) -> Bool {
      (left.table, left.column) < (right.table, right.column)
    }
  }

  /// The columns that the fields of each package name, by package ("ikso.goals.v1").
  var sealedColumns: [String: Set<SealedColumn>] {
    var columns: [String: Set<SealedColumn>] = [:]
    for message in messages {
      let named = message.descriptor.fields.compactMap(\.sealedColumn)
      if !named.isEmpty { columns[message.descriptor.file.package, default: []].formUnion(named) }
    }
    return columns
  }
}

extension Schema {
  struct Service {
    let descriptor: ServiceDescriptor
    let methods: [Method]

    init(_ descriptor: ServiceDescriptor) {
      self.descriptor = descriptor
      methods = descriptor.methods.map(Method.init)
    }

    /// "GoalsService": the bare name, unique over all packages.
    var swiftName: String { descriptor.name }
  }

  struct Method {
    let descriptor: MethodDescriptor
    let access: OptionsAccess

    init(_ descriptor: MethodDescriptor) {
      self.descriptor = descriptor
      access = descriptor.access ?? Self.standardAccess
    }

    /// Of the published standards, which can't carry our options.
    private static let standardAccess = OptionsAccess.with {
      $0.anyone = true
      $0.purpose = "operations"
    }

    /// "createGoal", in backticks where Swift wants them.
    var swiftName: String {
      let name = NamingUtils.toLowerCamelCase(descriptor.name)
      return isValidSwiftIdentifier(name) ? name : "`\(name)`"
    }

    /// "ikso.goals.v1.GoalsService/CreateGoal", as on the wire.
    var path: String { "\(descriptor.service.fullName)/\(descriptor.name)" }

    var kind: CallKind {
      switch (descriptor.clientStreaming, descriptor.serverStreaming) {
      case (false, false): .unary
      case (true, false): .clientStreaming
      case (false, true): .serverStreaming
      case (true, true): .bidirectional
      }
    }
  }

  /// Named as the cases and functions of RPC are.
  enum CallKind: String {
    case unary, clientStreaming, serverStreaming, bidirectional
  }
}
