import SwiftProtobuf
import SwiftProtobufPluginLibrary

/// What Schemas/README.md asks of a schema. Packages `ikso.*` follow all of it; `grpc.*` are
/// published standards, which carry no options of ours.
enum Rules {
  static func broken(by files: [FileDescriptor]) -> [Refusal] {
    files.flatMap(broken(by:)) + repeatedServiceNames(files)
  }

  /// Whether a file is ours and travels: the options themselves never do.
  static func isOurs(_ file: FileDescriptor) -> Bool {
    file.package.hasPrefix("ikso.") && file.package != "ikso.options.v1"
  }

  static func isStandard(_ file: FileDescriptor) -> Bool { file.package.hasPrefix("grpc.") }

  private static func broken(by file: FileDescriptor) -> [Refusal] {
    guard isOurs(file) else { return unknownPackage(file) }
    let prefix =
      file.options.hasSwiftPrefix
      ? []
      : [
        Refusal(
          in: file, "package \(file.package) has no swift_prefix",
          remedy: "add option swift_prefix = \"…\"; in the schema's own name, such as \"Goals\"")
      ]
    return prefix + file.services.flatMap(\.methods).flatMap(broken(by:))
      + file.allMessages.flatMap(\.fields).flatMap(broken(by:))
  }

  private static func unknownPackage(_ file: FileDescriptor) -> [Refusal] {
    guard !isStandard(file), !file.services.isEmpty else { return [] }
    return [
      Refusal(
        in: file, "package \(file.package) has services, and is neither ikso.* nor grpc.*",
        remedy: "name the package ikso.<service>.v<number>")
    ]
  }

  /// Generated types carry a service's bare name.
  private static func repeatedServiceNames(_ files: [FileDescriptor]) -> [Refusal] {
    var first: [String: ServiceDescriptor] = [:]
    return files.flatMap(\.services).compactMap { service in
      guard let other = first[service.name] else {
        first[service.name] = service
        return nil
      }
      return Refusal(
        at: service, "service \(service.fullName) has the name of \(other.fullName)",
        remedy: "rename one of them; the generated Swift types would collide")
    }
  }
}

// MARK: - Methods

extension Rules {
  private static func broken(by method: MethodDescriptor) -> [Refusal] {
    guard let access = method.access else {
      return [
        Refusal(
          at: method, "method \(method.name) doesn't say who may call it",
          remedy: "add option (ikso.options.v1.access) = { roles: […], purpose: \"…\" };")
      ]
    }
    return problems(of: access).map { problem, remedy in
      Refusal(
        at: method, detail: [methodOptionsField, accessField],
        "access of \(method.name): \(problem)", remedy: remedy)
    } + (method.hasNoSideEffects ? brokenByGet(method, access) : [])
      + brokenByGateway(method, access)
  }

  /// Whoever calls by way of the gateway comes with its certificate.
  private static func brokenByGateway(
    _ method: MethodDescriptor, _ access: OptionsAccess
  ) -> [Refusal] {
    guard access.services.contains("gateway"), !method.service.isInternal else { return [] }
    return [
      Refusal(
        at: method, detail: [methodOptionsField, accessField],
        "access of \(method.name): it lists the gateway, which speaks for others here",
        remedy: "take the gateway out, or make the service internal: it routes nothing to that")
    ]
  }

  /// The request of a method without side effects may stand in a URL, which is logged on its way.
  private static func brokenByGet(
    _ method: MethodDescriptor, _ access: OptionsAccess
  ) -> [Refusal] {
    var refusals: [Refusal] = []
    if !access.idempotent {
      refusals.append(
        Refusal(
          at: method, "method \(method.name) has NO_SIDE_EFFECTS and isn't idempotent",
          remedy: "say idempotent: true in its access, or drop idempotency_level"))
    }
    if method.clientStreaming || method.serverStreaming {
      refusals.append(
        Refusal(
          at: method, "method \(method.name) has NO_SIDE_EFFECTS and streams",
          remedy: "drop idempotency_level: GET has one message each way"))
    }
    for field in method.inputType.reachable.flatMap(\.fields) where field.isUnfitForURL {
      refusals.append(
        Refusal(
          at: method,
          "method \(method.name) has NO_SIDE_EFFECTS, but its request holds personal data in "
            + "\(field.containingType.name).\(field.name)",
          remedy: "drop idempotency_level: what stands in a URL is logged on its way"))
    }
    return refusals
  }

  /// Numbers of `options` in google.protobuf.MethodDescriptorProto and of our extension.
  private static let methodOptionsField = 4
  private static let accessField = 52001

  private static func problems(of access: OptionsAccess) -> [(String, remedy: String)] {
    var problems: [(String, remedy: String)] = []
    func expect(_ holds: Bool, _ problem: String, _ remedy: String) {
      if !holds { problems.append((problem, remedy)) }
    }
    let named = !access.roles.isEmpty || !access.services.isEmpty
    expect(
      access.anyone || named, "it admits nobody",
      "list roles or services, or say anyone: true if no token is needed")
    expect(
      !(access.anyone && named), "anyone is admitted, and somebody in particular too",
      "keep either anyone: true or the list of roles and services")
    expect(
      access.maxAuthenticationAgeSeconds == 0 || !access.roles.isEmpty,
      "max_authentication_age_seconds without roles",
      "list roles, or drop the age: only a person's token has one")
    expect(
      access.maxAuthenticationAgeSeconds == 0 || !access.roles.contains(.service),
      "max_authentication_age_seconds with ROLE_SERVICE",
      "take the role out: a program has no password that could be asked again")
    expect(
      access.idempotent || !access.roles.contains(.support),
      "ROLE_SUPPORT, and it isn't idempotent",
      "take the role out: support only reads")
    expect(
      isName(access.purpose),
      access.purpose.isEmpty ? "no purpose" : "purpose \"\(access.purpose)\" isn't a name",
      "name a purpose of the privacy service's catalogue: a-z, 0-9 and -, a letter first")
    for role in access.roles where !OptionsRole.assignable.contains(role) {
      expect(false, "role \(role) can't be held", "name a role of options.proto")
    }
    for role in repeated(access.roles) {
      expect(false, "role \(role) is listed twice", "list it once")
    }
    for service in access.services where !isName(service) {
      expect(
        false, "service \"\(service)\" isn't a name",
        "write the last part of spiffe://ikso/<service>: a-z, 0-9 and -, a letter first")
    }
    for service in repeated(access.services) {
      expect(false, "service \"\(service)\" is listed twice", "list it once")
    }
    return problems
  }

  private static func isName(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, ("a"..."z").contains(first) else { return false }
    return text.unicodeScalars.allSatisfy {
      ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-"
    }
  }

  private static func repeated<Element: Hashable>(_ list: [Element]) -> [Element] {
    var seen: Set<Element> = []
    var repeated: [Element] = []
    for element in list where !seen.insert(element).inserted && !repeated.contains(element) {
      repeated.append(element)
    }
    return repeated
  }
}

// MARK: - Fields

extension Rules {
  private static func broken(by field: FieldDescriptor) -> [Refusal] {
    unclassed(field) + wronglySealed(field)
  }

  private static func unclassed(_ field: FieldDescriptor) -> [Refusal] {
    guard field.holdsFreeContent, field.personalData == .unspecified else { return [] }
    return [
      Refusal(
        at: field,
        "field \(field.containingType.name).\(field.name) doesn't say what personal data it holds",
        remedy: "add [(ikso.options.v1.personal_data) = PERSONAL_DATA_…]: NONE, PSEUDONYM, "
          + "PERSONAL, CONFIDENTIAL or SECRET")
    ]
  }

  private static func wronglySealed(_ field: FieldDescriptor) -> [Refusal] {
    guard field.options.hasOptionssealedIn else { return [] }
    let name = "\(field.containingType.name).\(field.name)"
    var refusals: [Refusal] = []
    if field.options.OptionssealedIn.wholeMatch(of: /[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*/) == nil {
      refusals.append(
        Refusal(
          at: field, "field \(name) is sealed in '\(field.options.OptionssealedIn)'",
          remedy: "name table and column, such as \"goal.title\""))
    }
    if !field.isUnfitForURL || !field.holdsFreeContent {
      refusals.append(
        Refusal(
          at: field, "field \(name) is sealed, and holds nothing that needs it",
          remedy: "class it PERSONAL, CONFIDENTIAL or SECRET, or take sealed_in away"))
    }
    return refusals
  }
}
