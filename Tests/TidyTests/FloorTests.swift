import Testing

/// DESIGN, "Floors": an arrow goes down only.
struct FloorTests {
  /// The floor of each room of Shared/, and of Schemas beside them.
  static let floors: [String: Double] = [
    "Reactor": 0,
    "TLS": 1, "HTTP2": 1, "Postgres": 1, "Cryptography": 1, "Compression": 1,
    "Mail": 1,
    "RPC": 2, "Archive": 2,
    "Access": 3, "Storage": 3, "Telemetry": 3,
    "Schemas": 3.5,
    "Hosting": 4,
    "Launch": 5,
  ]

  /// Arrows along a floor, with their reason.
  static let sideways: [[String]: String] = [
    ["HTTP2", "TLS"]: "HTTP/2 runs over TLS alone; the room of TLS knows nothing of it"
  ]

  /// Rooms that a floor below them hides from all the same.
  static let forbidden: [String: Set<String>] = [
    "Storage": ["RPC", "HTTP2", "TLS"],
    "Access": ["Postgres", "HTTP2"],
    "Telemetry": ["Postgres", "Cryptography", "HTTP2"],
    "Hosting": ["Postgres", "Storage", "Cryptography", "Mail", "Archive"],
    "Schemas": ["Postgres", "Storage", "Telemetry", "HTTP2", "TLS", "Cryptography", "Archive"],
  ]

  /// C modules and the rooms that may import them. OpenSSL is two libraries: libssl is TLS's,
  /// libcrypto Cryptography's.
  static let cModules: [String: Set<String>] = [
    "CEpoll": ["Reactor"], "CSocket": ["HTTP2"], "CNGHTTP2": ["HTTP2"],
    "COpenSSL": ["TLS", "Cryptography"], "CArgon2": ["Cryptography"], "CLibpq": ["Postgres"],
    "CZlib": ["Compression"], "CCurl": ["Mail"],
  ]

  /// Modules from outside; everything else that is imported is ours.
  static let outside: Set<String> = [
    "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Dispatch", "Testing",
    "SwiftProtobuf", "SwiftProtobufPluginLibrary", "Logging", "CoreMetrics", "Metrics",
    "ArgumentParser", "Configuration", "SystemPackage", "ServiceLifecycle", "Tracing",
    "InstrumentationBase", "DequeModule", "HeapModule", "OrderedCollections", "Collections",
  ]

  /// Packages that Package.swift may name.
  static let packages: Set<String> = [
    "swift-protobuf", "swift-log", "swift-metrics", "swift-argument-parser",
    "swift-configuration", "swift-service-lifecycle", "swift-distributed-tracing",
    "swift-collections",
  ]

  /// Packages of their own, which may import what they like: nothing of ours depends on them.
  static let apart = ["Tests/Benchmark/"]

  struct Import {
    let place: String
    let room: String
    let module: String
    let isPublic: Bool
  }

  /// The imports of all files under `folder`, whose subfolders are the rooms.
  static func imports(_ folder: String) throws -> [Import] {
    try Repository.files([folder], ["swift"]).flatMap { file in
      let parts = file.path.split(separator: "/")
      let room = parts[0] == "Schemas" && parts[1] == "Generated" ? "Schemas" : String(parts[1])
      let lines = file.code.split(separator: "\n", omittingEmptySubsequences: false)
      return lines.enumerated().compactMap { index, line -> Import? in
        guard let found = module(line) else { return nil }
        return Import(
          place: file.place(index + 1), room: room, module: found,
          isPublic: line.hasPrefix("package") || line.hasPrefix("public"))
      }
    }
  }

  /// The module that a line imports.
  private static func module(_ line: Substring) -> String? {
    let words = line.split(separator: " ")
    guard let index = words.firstIndex(of: "import"), index + 1 < words.count,
      words[..<index].allSatisfy({ word in
        word.hasPrefix("@") || ["package", "public", "internal", "private"].contains(word)
      })
    else { return nil }
    // `import struct Foundation.Date`
    let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "typealias"]
    let name = kinds.contains(words[index + 1]) ? words[index + 2] : words[index + 1]
    return String(name.split(separator: ".")[0])
  }

  @Test func `a room imports rooms below it only`() throws {
    var found: [String] = []
    for use in try Self.imports("Shared") + Self.imports("Schemas") where use.room != "C" {
      guard let own = Self.floors[use.room] else {
        if use.room != "Generator" { found.append("\(use.place): add \(use.room) to floors") }
        continue
      }
      guard let other = Self.floors[use.module] else { continue }
      let isAllowed =
        (other < own || Self.sideways[[use.room, use.module]] != nil)
        && Self.forbidden[use.room]?.contains(use.module) != true
      if !isAllowed { found.append("\(use.place): \(use.room) imports \(use.module)") }
    }
    #expect(found.isEmpty, "an arrow goes down only (DESIGN, Floors):\(found.listed)")
  }

  /// Foundation is 45 MiB of a program and 6 MiB of a process at rest (Hosting's README).
  @Test func `the gateway needs no store, and not all of Foundation`() throws {
    let rooms = Self.floors.keys.filter { !Self.ofStores.contains($0) }
    let found = try (Self.imports("Shared") + Self.imports("Services"))
      .filter { rooms.contains($0.room) || $0.room == "Gateway" }
      .filter { Self.ofStores.contains($0.module) || $0.module == "Foundation" }
      .map { "\($0.place): \($0.room) imports \($0.module)" }
    #expect(found.isEmpty, "Hosting and below serve processes without a store:\(found.listed)")
  }

  /// Rooms that a process without a store has nothing of.
  private static let ofStores: Set<String> = ["Postgres", "Storage", "Archive", "Mail", "Launch"]

  @Test func `a service imports no other service, and nothing below imports a service`() throws {
    let services = Set(
      try Repository.folders(in: "Services").map { String($0.split(separator: "/")[1]) })
    let targets = services.union(["IKSO"])
    let uses = try Self.imports("Services") + Self.imports("Shared") + Self.imports("Schemas")
    let found = uses.filter { targets.contains($0.module) }.map {
      "\($0.place): \($0.room) imports \($0.module)"
    }
    #expect(found.isEmpty, "services know each other through Schemas/ only:\(found.listed)")
  }

  @Test func `a service's domain imports neither RPC nor storage`() throws {
    let hidden: Set<String> = [
      "RPC", "Storage", "Postgres", "Access", "Schemas", "Launch", "HTTP2", "TLS", "Reactor",
      "SwiftProtobuf", "Telemetry",
    ]
    let found = try Self.imports("Services")
      .filter { $0.place.contains("/Domain/") && hidden.contains($0.module) }
      .map { "\($0.place) imports \($0.module)" }
    #expect(found.isEmpty, "rules are pure:\(found.listed)")
  }

  @Test func `a C module is imported by its room alone, and never publicly`() throws {
    var found: [String] = []
    let uses = try Self.imports("Shared") + Self.imports("Services") + Self.imports("Tests")
    for use in uses where use.room != "C" {
      guard let rooms = Self.cModules[use.module] else { continue }
      // A test may use our own shims, never a library.
      if use.place.hasPrefix("Tests/"), ["CEpoll", "CSocket"].contains(use.module) { continue }
      if !rooms.contains(use.room) || !use.place.hasPrefix("Shared/") {
        found.append("\(use.place) imports \(use.module)")
      } else if use.isPublic {
        found.append("\(use.place) shows \(use.module) to others")
      }
    }
    let folders = try Repository.folders(in: "Shared/C").map { String($0.split(separator: "/")[2]) }
    found += folders.filter { Self.cModules[$0] == nil }.map { "add \($0) to cModules" }
    #expect(found.isEmpty, "\(found.listed)")
  }

  @Test func `every module comes from this house or from the closed list outside`() throws {
    let folders = ["Shared", "Services", "Schemas", "Tests"]
    let uses = try folders.flatMap { try Self.imports($0) }
    let ours = Set(Self.floors.keys).union(Self.cModules.keys)
    let services = try Repository.folders(in: "Services").map {
      String($0.split(separator: "/")[1])
    }
    let support = try Repository.folders(in: "Tests").map { String($0.split(separator: "/")[1]) }
    let tested = ours.union(services).union(support).union(["IKSO", "protoc_gen_ikso"])
    let found = uses.filter { use in
      if Self.apart.contains(where: use.place.hasPrefix) { return false }
      let known = use.place.hasPrefix("Tests/") ? tested : ours
      return !known.contains(use.module) && !Self.outside.contains(use.module)
    }.map { "\($0.place) imports \($0.module)" }
    #expect(found.isEmpty, "\(found.listed)")
  }

  @Test func `no more packages are depended on than were agreed`() throws {
    let found = try Repository.text("Package.swift").split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "\"")
      guard line.contains(".package(url:"), parts.count > 1 else { return String?.none }
      return String(parts[1].split(separator: "/").last ?? "")
    }.filter { !Self.packages.contains($0.replacing(".git", with: "")) }
    #expect(found.isEmpty, "a new dependency is a decision of its own:\(found.listed)")
  }
}
