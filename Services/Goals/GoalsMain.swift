import Foundation
import Hosting
import Launch
import RPC
import Schemas

@main
struct GoalsMain: Launchable {
  static let name = "goals"
  static var migrations: URL { Bundle.module.bundleURL.appending(path: "Migrations") }

  static func main() async { await launch() }

  static func methods(_ runtime: Runtime) async throws -> [RPCMethod] {
    let goals = GoalsService(
      store: GoalStore(database: runtime.database, vault: runtime.vault),
      answers: runtime.answers,
      feedback: FeedbackServiceClient(try runtime.peer("feedback")), now: runtime.now)
    let accesses = AccessJournal(runtime.accesses, vault: runtime.vault, now: runtime.now)
    let signer = try await ErasureSigner(runtime)
    let tenants = TenantDesk(try runtime.tenantErasure(), signer: signer)
    let subjects = SubjectDesk(
      try SubjectStore(
        database: runtime.database, vault: runtime.vault, accesses: accesses, now: runtime.now),
      answers: runtime.answers, signer: signer,
      scan: runtime.scan, describe: runtime.holdings)
    return goals.methods(runtime.accessGuard) + subjects.methods(runtime.accessGuard)
      + tenants.methods(runtime.accessGuard)
      + SelfTestDesk(runtime, migrations: migrations).methods(runtime.accessGuard)
  }

  static func background(_ runtime: Runtime) async throws {
    try await AccessCourier(runtime).keepGoing()
  }
}

extension SelfTestDesk: GoalsSelfTestServiceHandler {}
