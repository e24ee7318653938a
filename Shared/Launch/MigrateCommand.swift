import ArgumentParser
import Foundation
import Hosting
import Postgres
import Reactor
import Storage

/// Brings the schemas of the service to the state that this binary needs; as the owner role.
struct MigrateCommand<Service: Launchable>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "migrate", abstract: "Bring the service's schemas up to date.",
      discussion: """
        Runs the SQL files that the database has not seen, each in a transaction, as the role of
        database.ownerDsn and keys.ownerDsn. Safe to run twice and from several machines at once,
        and while the previous binary serves: a file that would block or break it is refused before
        anything runs.
        """)
  }

  @OptionGroup var options: ConfigurationOption
  @Flag(help: "Print what would run, with its SQL, and change nothing.") var dryRun = false

  func run() async throws {
    try await ServiceProcess.run(Service.name, config: options.config) { process in
      let configuration = process.configuration
      let dsn = try configuration.string("database.ownerDsn")
      let keysDSN = configuration.string("keys.ownerDsn", default: dsn)
      let steps = [
        (dsn, Service.name, Service.migrations),
        (keysDSN, "\(Service.name)_keys", KeyMigrations.directory),
      ]
      for (dsn, schema, folder) in steps {
        let pool = PostgresPool(
          configuration: PostgresConfiguration(dsn: dsn), reactors: process.reactors)
        let migrator = try Migrator(
          pool: pool, schema: schema, owner: "\(Service.name)_owner",
          runtime: "\(Service.name)_runtime", log: process.logger)
        if dryRun {
          try Self.show(try await migrator.plan(directory: folder), of: schema)
        } else {
          let applied = try await migrator.run(directory: folder)
          print(
            applied.isEmpty
              ? "\(schema): up to date" : "\(schema): applied \(applied.joined(separator: ", "))")
        }
        await pool.shutdown()
      }
    }
  }

  private static func show(_ plan: Migrator.Plan, of schema: String) throws(MigrationError) {
    if plan.pending.isEmpty { print("\(schema): up to date") }
    for file in plan.pending {
      print("\(schema): would apply \(file.name)")
      for line in file.script.split(whereSeparator: \.isNewline) { print("  | \(line)") }
    }
    guard plan.findings.isEmpty else { throw .unsafe(plan.findings) }
  }
}

/// Says whether the service could start here.
struct CheckCommand<Service: Launchable>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "check", abstract: "Check the settings and the walls of the database.",
      discussion: "Prints a line for each finding; exits with 1 if there is one.")
  }

  @OptionGroup var options: ConfigurationOption

  func run() async throws {
    try await ServiceProcess.run(Service.name, config: options.config) { process in
      let runtime = try await Runtime.assemble(
        Service.self, configuration: process.configuration, reactors: process.reactors,
        logger: process.logger)
      let findings = try await runtime.findings(migrations: Service.migrations)
      await runtime.shutdown()
      for finding in findings { print(finding) }
      guard findings.isEmpty else {
        throw LaunchError("\(findings.count) findings", remedy: "mend them and check again")
      }
      print("\(Service.name): nothing found")
    }
  }
}
