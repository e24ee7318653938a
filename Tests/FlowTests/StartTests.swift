import Foundation
import ProgramSupport
import Testing

/// A process that finds its database, keys or certificates wanting says which and how to mend it,
/// and does not serve.
struct StartTests {
  private func refusal(
    of service: String = "goals", _ change: (inout Settings) throws -> Void
  ) async throws -> (end: Child.End, output: String) {
    let house = try House.current()
    let folder = try ScratchFolder()
    var settings = try house.plan.settings(of: service)
    settings["listen.port"] = 0
    try change(&settings)
    let config = try folder.write("\(service).json", settings.data())
    return try await Child.run(
      house.plan.binary("ikso-\(service)"), ["serve", "--config", config.path])
  }

  @Test func `a role that owns the tables does not get to serve`() async throws {
    let (end, output) = try await refusal { settings in
      settings["database.dsn"] = settings["database.ownerDsn"]
    }
    #expect(end == .exit(1))
    #expect(output.contains("goals_owner"), "\(output)")
    #expect(output.contains("own"), "\(output)")
    #expect(output.contains("Remedy"), "\(output)")
  }

  @Test func `a master key that others may read is refused by name`() async throws {
    let folder = try ScratchFolder()
    let key = try folder.write("master.key", Data(String(repeating: "ab", count: 32).utf8))
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: key.path)
    let (end, output) = try await refusal { $0["keys.masterKeyFile"] = key.path }
    #expect(end == .exit(1))
    #expect(output.contains(key.path) && output.contains("chmod 600"), "\(output)")
  }

  @Test func `a database that is not there and a certificate that is not one are named`()
    async throws
  {
    let gone = try await refusal { $0["database.dsn"] = "host=/nonexistent dbname=ikso" }
    #expect(gone.end == .exit(1))
    #expect(gone.output.contains("/nonexistent"), "\(gone.output)")
    let wrong = try await refusal { $0["tls.certificate"] = "/dev/null" }
    #expect(wrong.end == .exit(1))
    #expect(wrong.output.contains("/dev/null"), "\(wrong.output)")
  }

  @Test func `without a certificate nothing is served, to nobody in the clear`() async throws {
    let (end, output) = try await refusal { $0["tls.certificate"] = "" }
    #expect(end == .exit(1))
    #expect(output.contains("tls.certificate") && !output.contains("serving"), "\(output)")
  }

  @Test func `an origin that no browser sends is refused`() async throws {
    let (end, output) = try await refusal { $0["cors.allowedOrigins"] = ["app.example.com"] }
    #expect(end == .exit(1))
    #expect(output.contains("cors.allowedOrigins"), "\(output)")
  }

  @Test func `a running service leaves no core file and lets no other process of its user look in`()
    async throws
  {
    let service = try await OwnService.start("goals")
    let process = "/proc/\(service.child.pid)"
    let limits = try String(contentsOfFile: "\(process)/limits", encoding: .utf8)
    let core = try #require(limits.split(separator: "\n").first { $0.hasPrefix("Max core file") })
    #expect(core.split(separator: " ").dropFirst(4).prefix(2) == ["0", "0"], "\(core)")
    // What may not be dumped belongs to root in /proc, whoever runs it (proc(5)).
    let owner = try FileManager.default.attributesOfItem(atPath: "\(process)/mem")
    #expect(owner[.ownerAccountID] as? Int == 0)
    service.child.signal(SIGTERM)
    #expect(await service.child.end() == .exit(0))
  }

  @Test func `a setting that is missing is named with its remedy`() async throws {
    let (end, output) = try await refusal(of: "identity") { $0["mail.folder"] = "" }
    #expect(end == .exit(1))
    #expect(output.contains("mail.folder") && output.contains("IKSO_MAIL_FOLDER"), "\(output)")
  }
}
