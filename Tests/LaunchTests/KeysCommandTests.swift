import Cryptography
import Foundation
import Logging
import Postgres
import ProgramSupport
import StorageSupport
import Testing

@testable import Storage

/// `ikso-goals keys …` as a process, on a key store of its own.
@Suite(.timeLimit(.minutes(10))) struct KeysCommandTests {
  private struct Missing: Error {}

  private struct Office: Sendable {
    let store: ServiceDatabase
    let folder: URL
    let old = SymmetricKey.generate()
    let new = SymmetricKey.generate()

    func vault(_ current: SymmetricKey, _ others: SymmetricKey...) throws -> Vault {
      try Vault(
        pool: store.vault.database.pool, schema: "goals_keys",
        masterKeys: MasterKeys(current: current, others: others))
    }

    func arguments(_ command: [String]) throws -> [String] {
      for (name, key) in [("old", old), ("new", new)] {
        let file = folder.appending(path: name)
        try Data(Hex.encode(key.rawBytes).utf8).write(to: file)
        try FileManager.default.setAttributes(
          [.posixPermissions: 0o600], ofItemAtPath: file.path)
      }
      let settings: [String: Any] = [
        "keys": [
          "ownerDsn": store.ownerDSN, "owner": store.owner, "dsn": store.ownerDSN,
          "masterKeyFile": folder.appending(path: "new").path,
          "otherMasterKeyFile": folder.appending(path: "old").path,
          "erasureJournal": folder.appending(path: "erasures.jsonl").path,
        ]
      ]
      let file = folder.appending(path: "goals.json")
      try JSONSerialization.data(withJSONObject: settings).write(to: file)
      return ["keys"] + command + ["--config", file.path]
    }
  }

  private func with(_ body: @Sendable (Office) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await ServiceDatabase.with(schema: "goals", migrations: folder) { store in
      try await body(Office(store: store, folder: folder))
    }
  }

  private func program() throws -> URL {
    guard let folder = ProcessInfo.processInfo.environment["IKSO_TEST_BINARIES"] else {
      throw Missing()
    }
    return URL(filePath: folder).appending(path: "ikso-goals")
  }

  @Test func `a rotation of the master key survives kill -9 and is finished by the next`()
    async throws
  {
    try await with { office in
      let tenants = (0..<400).map { _ in UUID() }
      let old = try office.vault(office.old)
      for tenant in tenants { _ = try await old.person(tenant, tenant, create: true) }
      _ = try await old.secret(named: "signing") { [7] }

      // It cannot be done before it is killed: the last tenant's wrapping key is held.
      let last = try #require(tenants.max { $0.uuidString < $1.uuidString })
      _ = try await KeyRotation(
        pool: office.store.admin, schema: "goals_keys", owner: office.store.owner,
        masterKeys: MasterKeys(current: office.old)
      ).rotateTenant(last)
      try await office.store.admin.transaction { transaction in
        let held = try await transaction.query(
          "SELECT FROM goals_keys.wrapping_key WHERE tenant_id = \(last) FOR UPDATE")
        #expect(held.count == 1)
        let first = try Child(program(), office.arguments(["rotate-master"]))
        for await line in first.lines where line.contains("20 of 401 tenants") {
          first.signal(SIGKILL)
        }
        #expect(await first.end() == .signal(SIGKILL))
      }
      let rotation = try KeyRotation(
        pool: office.store.admin, schema: "goals_keys", owner: office.store.owner,
        masterKeys: MasterKeys(current: office.new, others: [office.old]))
      let half = try await rotation.inventory().masters
      #expect(half.count == 2, "it was killed before it began or after it was done: \(half)")
      for tenant in tenants { _ = try await office.vault(office.old, office.new).tenant(tenant) }

      let dry = try await Child.run(
        program(), office.arguments(["rotate-master", "--dry-run"]))
      #expect(dry.end == .exit(0), "\(dry.output)")
      #expect(try await rotation.inventory().masters == half)

      let second = try await Child.run(program(), office.arguments(["rotate-master"]))
      #expect(second.end == .exit(0), "\(second.output)")
      let id = MasterKeys(current: office.new).currentID
      #expect(second.output.contains("all keys are under master key \(id)"))
      let new = try office.vault(office.new)
      for tenant in tenants { _ = try await new.person(tenant, tenant) }
      #expect(try await new.secret(named: "signing") { [] } == [7])
    }
  }

  @Test func `a rotation of a tenant's key survives kill -9 and is finished by the next`()
    async throws
  {
    try await with { office in
      let (tenant, other) = (UUID(), UUID())
      let persons = (0..<20_000).map { _ in UUID() }
      let vault = try office.vault(office.new)
      try await vault.createPersons(tenant, persons)
      try await vault.createTenant(other)
      let command = ["rotate-tenant", "--tenant", tenant.uuidString]
      let first = try Child(program(), office.arguments(command))
      for await line in first.lines where line.contains(": 1000 persons") {
        first.signal(SIGKILL)
      }
      #expect(await first.end() == .signal(SIGKILL))
      let rotation = try KeyRotation(
        pool: office.store.admin, schema: "goals_keys", owner: office.store.owner,
        masterKeys: MasterKeys(current: office.new))
      let half = try await rotation.inventory().generations
      #expect(half.count == 2, "it was killed before it began or after it was done: \(half)")
      #expect(try await office.vault(office.new).persons(tenant, persons).count == persons.count)

      let second = try await Child.run(program(), office.arguments(command))
      #expect(second.end == .exit(0), "\(second.output)")
      #expect(try await rotation.inventory().generations == [1: persons.count])
      #expect(try await office.vault(office.new).persons(tenant, persons).count == persons.count)
      let all = try await Child.run(program(), office.arguments(["rotate-tenant", "--all"]))
      #expect(all.end == .exit(0), "\(all.output)")
      let status = try await Child.run(program(), office.arguments(["status"]))
      #expect(status.output.contains("20000 keys of persons under generation 2"), "\(status)")
    }
  }

  @Test func `a tenant is destroyed on confirmation, with a receipt`() async throws {
    try await with { office in
      let tenant = UUID()
      try await office.vault(office.new).createTenant(tenant)
      let wrong = try await Child.run(
        program(),
        office.arguments([
          "destroy-tenant", "--tenant", tenant.uuidString, "--confirm", UUID().uuidString,
        ]))
      #expect(wrong.end != .exit(0))
      _ = try await office.vault(office.new).tenant(tenant)
      let right = try await Child.run(
        program(),
        office.arguments([
          "destroy-tenant", "--tenant", tenant.uuidString, "--confirm", tenant.uuidString,
        ]))
      #expect(right.end == .exit(0) && right.output.contains("receipt"), "\(right.output)")
      await #expect(throws: VaultError.tenantDestroyed) {
        try await office.vault(office.new).tenant(tenant)
      }
      let help = try await Child.run(program(), ["keys", "rotate-master", "--help"])
      #expect(help.end == .exit(0) && help.output.contains("--dry-run"), "\(help.output)")
    }
  }
}
