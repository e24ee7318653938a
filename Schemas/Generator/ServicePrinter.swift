import SwiftProtobufPluginLibrary

/// The Swift of one schema's services: methods, policies, what a process implements, and a client.
struct ServicePrinter {
  let contents: String

  init(_ file: Schema.File) {
    var printer = CodePrinter(addNewlines: true)
    printer.print(
      """
      // Generated from \(file.descriptor.name) by protoc-gen-ikso.
      // Don't edit; run Schemas/generate.

      package import Access
      package import RPC
      """)
    if file.usesProtobufTypes { printer.print("package import SwiftProtobuf") }
    for service in file.services {
      printer.printMethods(service)
      printer.printPolicies(service)
      printer.printHandler(service)
      printer.printRegistration(service)
      printer.printClient(service)
    }
    contents = printer.content
  }

  /// "ikso/goals/v1/goals.proto" gives "ikso_goals_v1_goals.ikso.swift", beside the ".pb.swift".
  static func fileName(_ file: FileDescriptor) -> String {
    let path = file.name.hasSuffix(".proto") ? String(file.name.dropLast(6)) : file.name
    return String(path.map { $0 == "/" ? "_" : $0 }) + ".ikso.swift"
  }
}

extension CodePrinter {
  fileprivate mutating func printMethods(_ service: Schema.Service) {
    let name = service.swiftName
    print(
      "", "/// The methods of `\(service.descriptor.fullName)`.",
      "package enum \(name)Methods {")
    indent()
    for method in service.methods {
      let safe = method.descriptor.hasNoSideEffects ? ", hasNoSideEffects: true" : ""
      print(
        """
        package static let \(method.swiftName) = MethodDescriptor(
          service: "\(service.descriptor.fullName)", name: "\(method.descriptor.name)",
          kind: .\(method.kind.rawValue), idempotent: \(method.access.idempotent)\(safe))
        """)
    }
    print("", "package static let all: [(MethodDescriptor, AccessPolicy)] = [")
    for method in service.methods {
      printIndented("(\(method.swiftName), \(name)Policies.\(method.swiftName)),")
    }
    print("]")
    outdent()
    print("}")
  }

  fileprivate mutating func printPolicies(_ service: Schema.Service) {
    print(
      "", "/// Who may call the methods of `\(service.descriptor.fullName)`, and what for.",
      "package enum \(service.swiftName)Policies {")
    indent()
    for method in service.methods {
      let access = method.access
      let age = access.maxAuthenticationAgeSeconds
      let services = access.services.map { "\"\($0)\"" }.joined(separator: ", ")
      print("package static let \(method.swiftName) = AccessPolicy(")
      printIndented("anyone: \(access.anyone),")
      let roles = access.roles.map { ".\($0)" }
      printIndented("roles: [\(roles.filled(upTo: 88))],")
      printIndented(
        "services: [\(services)],",
        "maximumAuthenticationAge: \(age == 0 ? "nil" : ".seconds(\(age))"),",
        "purpose: \"\(access.purpose)\", idempotent: \(access.idempotent)"
          + (access.takesIdempotencyKey ? ", takesIdempotencyKey: true)" : ")"))
    }
    outdent()
    print("}")
  }


  fileprivate mutating func printHandler(_ service: Schema.Service) {
    print()
    printComment(of: service.descriptor)
    print("package protocol \(service.swiftName)Handler: Sendable {")
    indent()
    for (index, method) in service.methods.enumerated() {
      if index > 0 { print() }
      printComment(of: method.descriptor)
      print("func \(method.swiftName)(")
      printIndented(method.handlerParameters.filled(upTo: 96))
      print(") async throws\(method.handlerResult)")
    }
    outdent()
    print("}")
  }

  fileprivate mutating func printRegistration(_ service: Schema.Service) {
    let name = service.swiftName
    print(
      """

      extension \(name)Handler {
        /// Every method with its policy, for the server; nothing is read of a call before the
        /// guard has admitted it.
        package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
          [
      """)
    for method in service.methods {
      print(
        """
              RPCMethod.\(method.kind.rawValue)(
                \(name)Methods.\(method.swiftName),
                admit: { try await accessGuard.admit($0, \(name)Policies.\(method.swiftName)) },
                \(method.swiftName)),
        """)
    }
    print(
      """
          ]
        }
      }
      """)
  }

  fileprivate mutating func printClient(_ service: Schema.Service) {
    print(
      """

      /// Calls `\(service.descriptor.fullName)`.
      package struct \(service.swiftName)Client: Sendable {
        private let client: RPCClient

        package init(_ client: RPCClient) { self.client = client }
      """)
    indent()
    // RPC has no client for streamed requests.
    for method in service.methods where !method.descriptor.clientStreaming {
      let throwing = method.kind == .unary ? "throws(RPCError)" : "throws"
      let response = method.response
      print()
      printComment(of: method.descriptor)
      print(
        """
        package func \(method.swiftName)(
          _ request: \(method.request), _ options: CallOptions = CallOptions()
        ) async \(throwing) -> \(method.kind == .unary ? response : "ResponseStream<\(response)>") {
          try await client.\(method.kind.rawValue)(
            \(service.swiftName)Methods.\(method.swiftName), request, options,
            as: \(response).self)
        }
        """)
    }
    outdent()
    print("}")
  }

  private mutating func printComment(of place: any ProvidesSourceCodeLocation) {
    let comment = place.protoSourceComments()
    if !comment.isEmpty { print(String(comment.dropLast())) }
  }
}

extension Schema.Method {
  var request: String { SwiftProtobufNamer().fullName(message: descriptor.inputType) }
  var response: String { SwiftProtobufNamer().fullName(message: descriptor.outputType) }

  /// In the order of RPC's bodies: what comes in, the call, what goes out.
  fileprivate var handlerParameters: [String] {
    let input =
      descriptor.clientStreaming
      ? "_ requests: RequestStream<\(request)>" : "_ request: \(request)"
    let output = "_ responses: ResponseWriter<\(response)>"
    return [input, "_ call: Call"] + (descriptor.serverStreaming ? [output] : [])
  }

  fileprivate var handlerResult: String { descriptor.serverStreaming ? "" : " -> \(response)" }
}

extension Schema.File {
  /// Whether a method takes or gives a type of google.protobuf, such as Empty.
  fileprivate var usesProtobufTypes: Bool {
    services.flatMap(\.methods).contains {
      $0.request.hasPrefix("SwiftProtobuf.") || $0.response.hasPrefix("SwiftProtobuf.")
    }
  }
}

extension [String] {
  /// The elements with commas between, in as many lines of `width` characters as they need.
  fileprivate func filled(upTo width: Int) -> String {
    var lines: [String] = []
    for element in self {
      if let last = lines.last, last.count + element.count + 3 <= width {
        lines[lines.count - 1] = "\(last), \(element)"
      } else {
        lines.append(element)
      }
    }
    return lines.joined(separator: ",\n")
  }
}
