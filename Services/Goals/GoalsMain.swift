import Foundation
import Launch
import RPC
import Schemas
import Storage

@main
struct GoalsMain: Launchable {
  static let name = "goals"
  static var migrations: URL {
    Bundle.module.url(forResource: "Migrations", withExtension: nil)
      ?? Bundle.module.bundleURL.appending(path: "Migrations")
  }

  static func methods(_ runtime: Runtime) async throws -> [RPCMethod] {
    let goals = GoalsService(
      store: GoalStore(database: runtime.database, vault: runtime.vault),
      feedback: FeedbackServiceClient(try runtime.peer("feedback")), now: runtime.now)
    let subjects = GoalsSubjectData(
      store: SubjectStore(database: runtime.database, vault: runtime.vault),
      scan: try SubjectScan(database: runtime.database, schema: name))
    return goals.methods(runtime.accessGuard) + subjects.methods(runtime.accessGuard)
  }
}
