import ArgumentParser
import Cryptography
import Foundation
import Glibc
import Hosting
import Postgres
import Storage

/// `ikso-goals keys …`: what a platform team does with the keys of a service.
struct KeysCommand<Service: Launchable>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "keys", abstract: "Count, rotate and destroy the service's keys.",
      subcommands: [
        KeysStatusCommand<Service>.self, RotateMasterCommand<Service>.self,
        RotateTenantCommand<Service>.self, DestroyTenantCommand<Service>.self,
      ])
  }
}

struct KeysStatusCommand<Service: Launchable>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "status", abstract: "Say how many keys are under which.",
      discussion: "Needs keys.ownerDsn and the master key; changes nothing.")
  }

  @OptionGroup var options: ConfigurationOption

  func run() async throws {
    try await KeysOffice.open(Service.name, options) { office in
      try await office.printInventory()
    }
  }
}

struct RotateMasterCommand<Service: Launchable>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "rotate-master", abstract: "Put all tenants' keys under the master key.",
      discussion: """
        The new key is keys.masterKeyFile (or …Command), the old one keys.otherMasterKeyFile. \
        First give every process of the service the new one as the other, then the new one as the \
        master and the old one as the other; then run this, while they serve. No data is touched. \
        It can be interrupted at any moment and run again, and says when the old key is free to go.
        """)
  }

  @OptionGroup var options: ConfigurationOption
  @Flag(help: "Count what would be rewrapped, change nothing.") var dryRun = false

  func run() async throws {
    try await KeysOffice.open(Service.name, options) { office in
      if dryRun { return try await office.printInventory() }
      let tenants = try await office.tenants()
      var keys = 0
      for (position, tenant) in tenants.enumerated() {
        keys += try await office.rotation.rotateMaster(of: tenant)
        office.say("\(position + 1) of \(tenants.count) tenants, \(keys) keys rewrapped")
      }
      let left = try await office.rotation.inventory().masters
        .filter { $0.key != office.masters.currentID }
      guard left.isEmpty else {
        throw LaunchError(
          "keys are still made under another master key: a process has it as its own",
          remedy: "give every process the new master key, then run this again")
      }
      office.say("all keys are under master key \(office.masters.currentID); no other is needed")
    }
  }
}

struct RotateTenantCommand<Service: Launchable>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "rotate-tenant", abstract: "Put persons' keys under a new key of their tenant.",
      discussion: """
        While the service serves, once every process of it is of this version. No data is touched. \
        It can be interrupted at any moment; run again with --tenant it goes on where it was.
        """)
  }

  @OptionGroup var options: ConfigurationOption
  @Option(help: "The tenant's id.") var tenant: String?
  @Flag(help: "Every tenant, one after the other.") var all = false
  @Flag(help: "Count what would be rewrapped, change nothing.") var dryRun = false

  func validate() throws {
    guard all != (tenant != nil) else { throw ValidationError("give --tenant ID or --all") }
    guard tenant.map({ UUID(uuidString: $0) != nil }) ?? true else {
      throw ValidationError("--tenant: not an id such as 123e4567-e89b-42d3-a456-426614174000")
    }
  }

  func run() async throws {
    try await KeysOffice.open(Service.name, options) { office in
      if dryRun { return try await office.printInventory() }
      guard let tenant = tenant.flatMap(UUID.init(uuidString:)) else {
        for tenant in try await office.tenants() {
          do {
            try await rotate(tenant, office)
          } catch VaultError.tenantAbsent, VaultError.tenantDestroyed {}
        }
        return
      }
      try await rotate(tenant, office)
    }
  }

  private func rotate(_ tenant: UUID, _ office: KeysOffice) async throws {
    let name = tenant.canonical
    let done = try await office.rotation.rotateTenant(tenant) {
      office.say("\(name): \($0) persons' keys rewrapped")
    }
    office.say("\(name): done, \(done) persons' keys are under a new key")
  }
}

struct DestroyTenantCommand<Service: Launchable>: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "destroy-tenant", abstract: "Destroy a tenant's keys, for good.",
      discussion: """
        Everything that the service holds sealed of that tenant becomes unreadable, in backups \
        too. The destruction is recorded in the erasure journal; a receipt is printed.
        """)
  }

  @OptionGroup var options: ConfigurationOption
  @Option(help: "The tenant's id.") var tenant: String
  @Option(help: "The tenant's id once more: there is no way back.") var confirm: String

  func validate() throws {
    guard UUID(uuidString: tenant) != nil else {
      throw ValidationError("--tenant: not an id such as 123e4567-e89b-42d3-a456-426614174000")
    }
    guard tenant == confirm else { throw ValidationError("--confirm: give the same id") }
  }

  func run() async throws {
    guard let tenant = UUID(uuidString: tenant) else { return }
    try await ServiceProcess.run(Service.name, config: options.config) { process in
      let keys = try KeyStore(Service.name, process.configuration, reactors: process.reactors)
      let receipt = try await keys.vault.destroyTenant(
        tenant, orderedBy: .command(user: getuid()))
      await keys.shutdown()
      print(
        "\(Service.name): destroyed, receipt \(receipt.id.canonical), "
          + "number \(receipt.number) in the erasure journal; within 60 s no process has the key")
    }
  }
}

/// The owner's access to a key store, for a command.
private struct KeysOffice: Sendable {
  let rotation: KeyRotation
  let masters: MasterKeys
  let name: String

  static func open(
    _ name: String, _ options: ConfigurationOption,
    _ body: @escaping (KeysOffice) async throws -> Void
  ) async throws {
    try await ServiceProcess.run(name, config: options.config) { process in
      let configuration = process.configuration
      let dsn = try configuration.optionalString("keys.ownerDsn")
        ?? configuration.string("database.ownerDsn")
      let masters = try MasterKeySource.load(configuration)
      let pool = PostgresPool(
        configuration: PostgresConfiguration(dsn: dsn), reactors: process.reactors)
      let rotation = try KeyRotation(
        pool: pool, schema: "\(name)_keys", owner: configuration.string(
          "keys.owner", default: "\(name)_owner"), masterKeys: masters)
      try await body(KeysOffice(rotation: rotation, masters: masters, name: name))
      await pool.shutdown()
    }
  }

  /// The platform's own first.
  func tenants() async throws -> [UUID] {
    [.platform] + (try await rotation.tenants()).filter { $0 != .platform }
  }

  /// Line by line, also into a pipe: whoever watches sees how far it is.
  func say(_ line: String) {
    FileHandle.standardOutput.write(Data("\(name): \(line)\n".utf8))
  }

  func printInventory() async throws {
    let found = try await rotation.inventory()
    say("master keys at hand: \(masters.ids.joined(separator: ", ")); the first is written with")
    for (id, count) in found.masters.sorted(by: { ($0.key ?? "") < ($1.key ?? "") }) {
      let master = id.map { "master key \($0)" } ?? "a master key that is not noted"
      say("\(count) keys of tenants and secrets under \(master)")
    }
    for (generation, count) in found.generations.sorted(by: { ($0.key ?? 0) < ($1.key ?? 0) }) {
      say("\(count) keys of persons under generation \(generation ?? 0) of their tenant's key")
    }
    say("\(found.destroyed) keys of persons destroyed")
  }
}
