import SwiftProtobufPluginLibrary

/// What all schemas say together, as data: who may call what for which purpose, which field
/// holds which personal data, and which methods carry it.
struct CataloguePrinter {
  static let fileName = "SchemaCatalogue.swift"

  let contents: String

  init(_ schema: Schema) {
    var printer = CodePrinter(addNewlines: true)
    printer.print(Self.types)
    printer.indent()
    printer.printServices(schema.files.flatMap(\.services))
    printer.printMessages(schema.messages)
    printer.printPersonalData(schema.messages)
    printer.outdent()
    printer.print("}")
    contents = printer.content
  }

  private static let types = """
    // Generated from all schemas by protoc-gen-ikso.
    // Don't edit; run Schemas/generate.

    package import Access
    package import RPC

    /// How a field relates to a person; ordered by the care that it needs.
    package enum PersonalDataClass: Int, Sendable, CaseIterable, Comparable {
      /// Says nothing about a person; not called none, which an optional would take for nil.
      case notPersonal
    \(OptionsPersonalData.held.map { "  case \($0)" }.joined(separator: "\n"))

      package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    }

    package struct SchemaService: Sendable {
      /// "ikso.goals.v1.GoalsService".
      package let name: String
      /// The gateway doesn't route to it.
      package let isInternal: Bool
      package let methods: [SchemaMethod]
    }

    package struct SchemaMethod: Sendable {
      package let descriptor: MethodDescriptor
      package let policy: AccessPolicy
      /// Names of messages, as in `SchemaCatalogue.messages`.
      package let request: String
      package let response: String
    }

    package struct SchemaMessage: Sendable {
      /// "ikso.goals.v1.Goal".
      package let name: String
      /// In the order of the schema; fields that hold a message are as personal as what it holds.
      package let fields: [(name: String, personalData: PersonalDataClass)]
      /// Methods ("ikso.goals.v1.GoalsService/GetGoal") that carry the message, at any depth.
      package let requestOf: [String]
      package let responseOf: [String]
    }

    /// Every service of every schema, and every message of ours.
    package enum SchemaCatalogue {
    """
}

extension CodePrinter {
  fileprivate mutating func printServices(_ services: [Schema.Service]) {
    print("package static let services: [SchemaService] = [")
    for service in services {
      printIndented("SchemaService(")
      printIndented(
        "  name: \"\(service.descriptor.fullName)\", isInternal: \(service.descriptor.isInternal),",
        "  methods: [")
      for method in service.methods {
        printIndented(
          """
              SchemaMethod(
                descriptor: \(service.swiftName)Methods.\(method.swiftName),
                policy: \(service.swiftName)Policies.\(method.swiftName),
                request: "\(method.descriptor.inputType.fullName)",
                response: "\(method.descriptor.outputType.fullName)"),
          """)
      }
      printIndented("  ]),")
    }
    print("]")
  }

  fileprivate mutating func printMessages(_ messages: [Schema.Message]) {
    print("", "package static let messages: [SchemaMessage] = [")
    for message in messages {
      printIndented("SchemaMessage(", "  name: \"\(message.descriptor.fullName)\",")
      printIndented("  fields: [")
      for field in message.descriptor.fields {
        printIndented("    (\"\(field.name)\", .\(field.personalData.swiftCase)),")
      }
      printIndented("  ],")
      printNames("requestOf", message.requestOf, end: ",")
      printNames("responseOf", message.responseOf, end: "),")
    }
    print("]")
  }

  private mutating func printNames(_ label: String, _ names: [String], end: String) {
    guard !names.isEmpty else { return printIndented("  \(label): []\(end)") }
    printIndented("  \(label): [")
    for name in names { printIndented("    \"\(name)\",") }
    printIndented("  ]\(end)")
  }

  fileprivate mutating func printPersonalData(_ messages: [Schema.Message]) {
    print(
      """

      /// The class of every field by its full name, "ikso.goals.v1.Goal.title".
      package static let personalData: [String: PersonalDataClass] = Dictionary(
        uniqueKeysWithValues: messages.flatMap { message in
          message.fields.map { ("\\(message.name).\\($0.name)", $0.personalData) }
        })
      """)
  }
}

extension OptionsPersonalData {
  /// The classes that do say something of a person.
  static let held = allCases.filter { $0 != .unspecified && $0 != .none }

  fileprivate var swiftCase: String {
    self == .unspecified || self == .none ? "notPersonal" : "\(self)"
  }
}
