import Foundation
import Launch
import RPC
import Schemas
import Storage

@main
struct PrivacyMain: Launchable {
  static let name = "privacy"
  static var migrations: URL { Bundle.module.bundleURL.appending(path: "Migrations") }

  static func main() async { await launch() }

  static func methods(_ runtime: Runtime) async throws -> [RPCMethod] {
    let service = PrivacyService(
      database: runtime.database, vault: runtime.vault,
      pages: PageTokens(runtime.vault), answers: runtime.answers,
      identity: IdentityServiceClient(try runtime.peer("identity")),
      holders: try ["feedback", "goals", "identity"].map { name in
        DataHolder(name: name, client: SubjectDataServiceClient(try runtime.peer(name)))
      },
      archiveKey: try await ArchiveSigningKey(vault: runtime.vault),
      scan: runtime.scan, now: runtime.now)
    let desk = StatementDesk(database: runtime.database, now: runtime.now)
    return service.methods(runtime.accessGuard) + desk.methods(runtime.accessGuard)
      + SelfTestDesk(runtime, migrations: migrations).methods(runtime.accessGuard)
  }
}

extension SelfTestDesk: PrivacySelfTestServiceHandler {}
