import Foundation
import Hosting
import Launch
import RPC
import Schemas
import Storage

@main
struct FeedbackMain: Launchable {
  static let name = "feedback"
  static var migrations: URL { Bundle.module.bundleURL.appending(path: "Migrations") }

  static var sendsMail: Bool { true }

  static func main() async { await launch() }

  static func methods(_ runtime: Runtime) async throws -> [RPCMethod] {
    let accesses = AccessJournal(runtime.accesses, vault: runtime.vault, now: runtime.now)
    let feedback = FeedbackService(
      store: FeedbackStore(database: runtime.database, vault: runtime.vault),
      answers: runtime.answers,
      identity: IdentityServiceClient(try runtime.peer("identity")),
      statements: StatementDeskServiceClient(try runtime.peer("privacy")), outbox: runtime.outbox,
      accesses: accesses, linksBase: try runtime.configuration.string("links.base"),
      now: runtime.now)
    let signer = try await ErasureSigner(runtime)
    let tenants = TenantDesk(try runtime.tenantErasure(), signer: signer)
    let subjects = SubjectDesk(
      try SubjectStore(
        database: runtime.database, vault: runtime.vault, accesses: accesses, now: runtime.now),
      answers: runtime.answers, signer: signer,
      scan: runtime.scan, describe: runtime.holdings)
    return feedback.methods(runtime.accessGuard) + subjects.methods(runtime.accessGuard)
      + tenants.methods(runtime.accessGuard)
      + SelfTestDesk(runtime, migrations: migrations).methods(runtime.accessGuard)
      + MailDesk(runtime.outbox, pages: PageTokens(runtime.vault), now: runtime.now)
      .methods(runtime.accessGuard)
  }

  static func background(_ runtime: Runtime) async throws {
    try await AccessCourier(runtime).keepGoing()
  }
}

extension SelfTestDesk: FeedbackSelfTestServiceHandler {}

extension MailDesk: FeedbackMailServiceHandler {}
