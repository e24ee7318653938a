import Foundation
import Testing

/// STYLE's rules on concurrency, errors, SQL and names, as far as text can show them.
struct HabitTests {
  /// Where a task without a parent is started, and why there.
  static let tasks: Exceptions = [
    "Shared/RPC/CallTasks.swift": "the one place that starts a task for handlers",
    "Shared/RPC/NameLookUp.swift": "names are looked up for all calls that wait, not for one",
    "Services/Gateway/ProxyCall.swift": "a proxied call has no handler; its stream is its owner",
    "Services/Gateway/UnsubscribePage.swift": "a page's request has no handler either",
  ]

  /// Where a process is ended, and why.
  static let endings: Exceptions = [
    "Shared/Cryptography/CryptographyError.swift":
      "a broken OpenSSL installation leaves nothing to go on with"
  ]

  /// Where code under Tests/ waits, and why.
  static let waits: Exceptions = [
    "Tests/ServerSupport/TestServer.swift": "a server under test answers as late as it is asked to",
    "Tests/BenchServer/PrivacyStandIn.swift": "a stream says every two seconds that it is there",
    "Tests/ProgramSupport/Patience.swift": "who asks for an event again makes a pause between",
  ]

  /// SQL outside of Storage/ and Migrations/.
  static let queries: Exceptions = [
    "Shared/Launch/ServeCommand.swift": "the health probe, which reads nothing"
  ]

  /// Files whose name is a word of the field all the same.
  static let names: Exceptions = [
    "Services/Identity/Methods/SetManager.swift": "who leads somebody"
  ]

  private static let production = ["Shared", "Services", "Schemas"]

  /// Places where `pattern` stands in code (not in comments or texts).
  private static func places(
    _ pattern: some RegexComponent, in folders: [String] = production,
    except exceptions: Exceptions = [:]
  ) throws -> [String] {
    try Repository.swift(folders).filter { !exceptions.allows($0.path) }.flatMap { file in
      file.code.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
        .filter { $0.element.contains(pattern) }.map { file.place($0.offset + 1) }
    }
  }

  @Test func `a task without a parent is started in the listed places only`() throws {
    let found = try Self.places(/\bTask(\.detached|\.immediate)?\s*(\{|\()/, except: Self.tasks)
      .filter { !$0.hasPrefix("Shared/Launch/") }
    #expect(found.isEmpty, "use a task group (STYLE 10):\(found.listed)")
  }

  @Test func `nothing but a precondition ends the process`() throws {
    let found = try Self.places(/\bfatalError\s*\(|\btry!|\bas!\s/, except: Self.endings)
    #expect(found.isEmpty, "throw it, or make it a precondition (STYLE 15):\(found.listed)")
  }

  @Test func `nothing is left to be done in the text`() throws {
    let pattern = /\b(TODO|FIXME|XXX|HACK)\b/
    let files = try Repository.swift().filter { !$0.path.hasPrefix("Tests/TidyTests/") }
    let found = files.flatMap { file in
      file.lines.enumerated().filter { $0.element.contains(pattern) }
        .map { file.place($0.offset + 1) }
    }
    #expect(found.isEmpty, "do it or open an issue:\(found.listed)")
  }

  @Test func `SQL stands in Storage and Migrations only`() throws {
    let pattern =
      /\b(SELECT\s.*|INSERT INTO\s|DELETE FROM\s|UPDATE\s+\S+\s+SET\s|(CREATE|ALTER|DROP) TABLE)/
    let rooms = ["Shared/Storage/", "Shared/Postgres/", "Schemas/Generator/"]
    let files = try Repository.swift(Self.production).filter { file in
      !file.path.contains("/Storage/") && !rooms.contains { file.path.hasPrefix($0) }
        && !Self.queries.allows(file.path)
    }
    let found = files.flatMap { file in
      file.lines.enumerated().filter { index, line in
        !line.drop(while: { $0 == " " }).hasPrefix("//") && line.contains(pattern)
          && (line.contains("\"") || line.contains(/^\s+(SELECT|INSERT|DELETE|UPDATE|CREATE)/))
      }.map { file.place($0.offset + 1) }
    }
    #expect(found.isEmpty, "move the query to Storage/ (STYLE 17):\(found.listed)")
  }

  @Test func `columns are enumerated`() throws {
    let files =
      try Repository.swift(Self.production) + Repository.files(Self.production, ["sql"])
    let found = files.flatMap { file in
      file.lines.enumerated().filter { $0.element.contains(/SELECT\s+(\w+\.)?\*/) }
        .map { file.place($0.offset + 1) }
    }
    #expect(found.isEmpty, "name the columns (STYLE 18):\(found.listed)")
  }

  @Test func `every room and service says in a README what it is for`() throws {
    let folders =
      try Repository.folders(in: "Shared").filter { $0 != "Shared/C" }
      + Repository.folders(in: "Services") + ["Schemas", "Schemas/Generator"]
    let found = folders.filter { ((try? Repository.text("\($0)/README.md")) ?? "").count < 200 }
    #expect(found.isEmpty, "\(found.listed)")
  }

  @Test func `no file is named after nothing in particular`() throws {
    let pattern = /(Utils?|Common|Helpers?|Manager|Misc|New|Legacy|Old)\.swift$/
    let found = try Repository.swift().map(\.path).filter {
      $0.contains(pattern) && !Self.names.allows($0)
    }
    #expect(found.isEmpty, "name it after what is in it (STYLE 23):\(found.listed)")
  }

  @Test func `a test is named after the behaviour`() throws {
    let found = try Repository.swift(["Tests"]).flatMap { file in
      let lines = file.code.split(separator: "\n", omittingEmptySubsequences: false)
      return lines.indices.filter { index in
        guard lines[index].contains("@Test") else { return false }
        let rest = lines[index...].prefix(80).joined(separator: "\n")
        return rest.firstMatch(of: /@Test[\s\S]*?\bfunc\s+(.)/)?.output.1 != "`"
      }.map { file.place($0 + 1) }
    }
    #expect(found.isEmpty, "put a sentence in backticks (STYLE 26):\(found.listed)")
  }

  @Test func `no test waits for time to pass`() throws {
    let found = try Self.places(
      /\b(Task|Thread|ContinuousClock\(\))\.sleep\b|\bu?sleep\(/, in: ["Tests"],
      except: Self.waits)
    #expect(found.isEmpty, "inject the clock or wait for the event (STYLE 27):\(found.listed)")
  }
}

/// What one file says and another one must too.
struct AgreementTests {
  @Test func `the purposes of the schemas are those of the catalogue`() throws {
    let catalogue = try Repository.text("Services/Privacy/Domain/Purpose.swift")
    var known: Set<Substring> = []
    // `case enrolment, contract` and `case signIn = "sign-in"`
    for line in catalogue.split(separator: "\n") {
      guard let match = line.firstMatch(of: /^  case (\w+)(?: = "([^"]+)")?$/) else { continue }
      known.insert(match.output.2 ?? match.output.1)
      if line.contains("}") { break }
    }
    var used: Set<Substring> = []
    for file in try Repository.files(["Schemas/ikso"], ["proto"]) {
      for match in file.text.matches(of: /\bpurpose: "([^"]*)"/) { used.insert(match.output.1) }
    }
    #expect(!used.isEmpty)
    let missing = used.subtracting(known).sorted()
    #expect(missing.isEmpty, "add to Purpose.swift, with a description for people: \(missing)")
  }

  @Test func `every method of a schema names a purpose`() throws {
    for file in try Repository.files(["Schemas/ikso"], ["proto"]) {
      let methods = file.text.matches(of: /\n  rpc (\w+)\(/).count
      let purposes = file.text.matches(of: /\bpurpose: "/).count
      #expect(methods == purposes, "\(file.path)")
    }
  }

  @Test func `every schema is generated and every migration has its number`() throws {
    for service in try Repository.folders(in: "Services") {
      let folder = Repository.root.appending(path: "\(service)/Migrations")
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path) else {
        continue
      }
      let numbers = names.filter { $0.hasSuffix(".sql") }.sorted().compactMap {
        Int($0.prefix(4))
      }
      #expect(numbers == Array(1...max(numbers.count, 1)), "\(service)/Migrations has a gap")
    }
    let generated = Set(
      try FileManager.default.contentsOfDirectory(
        atPath: Repository.root.appending(path: "Schemas/Generated").path))
    // Reflection's first name is served with the Swift of v1, which is the same on the wire.
    let described = "Schemas/grpc/reflection/v1alpha/reflection.proto"
    for file in try Repository.files(["Schemas/ikso", "Schemas/grpc"], ["proto"])
    where file.text.contains("\nservice ") && file.path != described {
      let stem = file.path.split(separator: "/").dropFirst().joined(separator: "_").dropLast(6)
      #expect(generated.contains("\(stem).ikso.swift"), "run Schemas/generate for \(file.path)")
    }
  }
}
