import Foundation
import Postgres
import ProgramSupport
import RPC
import Schemas
import Testing

/// What somebody finds who steals the disk, the write-ahead log, a dump or a backup.
@Suite(.serialized) struct DatabaseFilesTests {
  private struct Failed: Error, CustomStringConvertible {
    let description: String
  }

  @Test func `no copy of the database holds what people told, and a search would find it`()
    async throws
  {
    let house = try House.current()
    // Keeps the write-ahead log while other tests force checkpoints.
    let slot = "files_\(UUID().uuidString.prefix(8).lowercased())"
    _ = try await psql("ikso", "SELECT pg_create_physical_replication_slot('\(slot)', true)")
    let result = await outcome { try await search(house) }
    _ = try await psql("ikso", "SELECT pg_drop_replication_slot('\(slot)')")
    try result.get()
  }

  private func search(_ house: House) async throws {
    let subject = try await RightsTests.subject()
    let tag = subject.member.organisation.tag
    let known =
      (subject.texts + subject.received + [subject.member.email, subject.colleague.email])
      .flatMap { $0.split(separator: "\n").map(String.init) }.filter { $0.contains(tag) }
    #expect(known.count >= 8)
    let planted = "in het open \(tag)"
    let folder = try ScratchFolder()
    let database = "planted_\(tag)"
    try await house.superuser.simple("CREATE DATABASE \(database)")
    let result = await outcome {
      _ = try await psql(
        database, "CREATE TABLE letter (text text); INSERT INTO letter VALUES ('\(planted)')")
      let places = try await copies(in: folder, house, databases: ["ikso", database])
      for place in places {
        let found = try await files(at: place, with: [planted])
        #expect(!found.isEmpty, "a value in the clear is not found in \(place.lastPathComponent)")
        let leaks = try await files(at: place, with: known)
        #expect(leaks.isEmpty, "in the clear: \(leaks)")
      }
    }
    try await house.superuser.simple("DROP DATABASE \(database) WITH (FORCE)")
    try result.get()
  }

  private func outcome(_ body: () async throws -> Void) async -> Result<Void, any Error> {
    do {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }

  /// Folders with `COPY` of every table, the write-ahead log, and a backup.
  private func copies(
    in folder: ScratchFolder, _ house: House, databases: [String]
  ) async throws -> [URL] {
    let tables = folder.url.appending(path: "tables")
    try FileManager.default.createDirectory(at: tables, withIntermediateDirectories: true)
    for database in databases {
      let names = try await psql(
        database,
        """
        SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
        """).split(separator: "\n")
      #expect(!names.isEmpty)
      for name in names {
        let rows = try await psql(database, "COPY \(name) TO STDOUT")
        try Data(rows.utf8).write(to: tables.appending(path: "\(database).\(name)"))
      }
    }
    // Everything that is on its way gets into the files first.
    _ = try await psql("ikso", "CHECKPOINT")
    let log = try await psql("ikso", "SHOW data_directory") + "/pg_wal"
    let backup = folder.url.appending(path: "backup")
    var said = ""
    // Tests that make and drop databases beside this one force checkpoints, which can take away the
    // log that a backup has just begun with.
    for _ in 0..<10 {
      let (end, output) = try await Child.run(
        URL(filePath: "/usr/bin/pg_basebackup"),
        ["-d", HousePlan.variable("IKSO_TEST_POSTGRES"), "-D", backup.path, "-X", "stream"])
      if end == .exit(0) { return [tables, URL(filePath: log), backup] }
      said = output
    }
    throw Failed(description: said)
  }

  private func psql(_ database: String, _ text: String) async throws -> String {
    let dsn = "\(try HousePlan.variable("IKSO_TEST_POSTGRES")) dbname=\(database)"
    let (end, output) = try await Child.run(
      URL(filePath: "/usr/bin/psql"), ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", dsn],
      input: Data((text + ";\n").utf8))
    guard end == .exit(0) else { throw Failed(description: output) }
    return output
  }

  /// The files below `place` in which any of `texts` stands, as it is, in lower case, or in the
  /// hexadecimal digits of a dump.
  private func files(at place: URL, with texts: [String]) async throws -> [String] {
    let spellings = texts.flatMap { [$0, $0.lowercased()] }
    let needles = spellings + spellings.map { text in
      text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    let list = try ScratchFolder()
    defer { withExtendedLifetime(list) {} }
    let file = try list.write("needles", Data(Set(needles).joined(separator: "\n").utf8))
    let (end, output) = try await Child.run(
      URL(filePath: "/usr/bin/grep"), ["-rlaF", "-f", file.path, place.path],
      environment: ["LC_ALL": "C"])
    // 1: nothing found.
    guard end == .exit(0) || end == .exit(1) || (end == .exit(2) && output.contains("No such"))
    else { throw Failed(description: output) }
    return end == .exit(1) ? [] : output.split(separator: "\n").map(String.init)
  }

  @Test func `no service leaves a core file`() throws {
    let plan = try House.current().plan
    for service in ["gateway"] + HousePlan.stores {
      let limits = try String(
        contentsOfFile: "/proc/\(plan.process(service).pid)/limits", encoding: .utf8)
      let core = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") }
      let words = core?.split(separator: " ").map(String.init) ?? []
      #expect(words.suffix(3) == ["0", "0", "bytes"], "\(service): \(words)")
    }
  }

  @Test func `a service whose erasure journal is damaged does not serve`() async throws {
    let house = try House.current()
    let folder = try ScratchFolder()
    let journal = try folder.write("goals.jsonl", Data("no journal\n".utf8))
    var settings = try house.plan.settings(of: "goals")
    settings["listen.port"] = 0
    settings["keys.erasureJournal"] = journal.path
    let config = try folder.write("goals.json", settings.data())
    let (end, output) = try await Child.run(
      house.plan.binary("ikso-goals"), ["serve", "--config", config.path])
    #expect(end == .exit(1))
    #expect(output.contains(journal.path) && output.contains("line 1"), "\(output)")
    #expect(!output.contains("serving"))
  }
}
