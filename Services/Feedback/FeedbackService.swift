import Access
package import Foundation
package import Launch
import RPC
package import Schemas
package import Storage

/// Asking for feedback and giving it. Each method stands in its own file in Methods/.
package struct FeedbackService: Sendable {
  let store: FeedbackStore
  let answers: KeptAnswers
  /// Knows the organisation's people and its name.
  let identity: IdentityServiceClient
  /// Shows outsiders their statement and records that they accepted it.
  let statements: StatementDeskServiceClient
  let outbox: Outbox
  let accesses: AccessJournal
  /// Address of the web application that links lead to, without a slash at its end.
  let linksBase: String
  let now: @Sendable () -> Date

  package init(
    store: FeedbackStore, answers: KeptAnswers, identity: IdentityServiceClient,
    statements: StatementDeskServiceClient, outbox: Outbox, accesses: AccessJournal,
    linksBase: String, now: @escaping @Sendable () -> Date
  ) {
    self.store = store
    self.answers = answers
    self.identity = identity
    self.statements = statements
    self.outbox = outbox
    self.accesses = accesses
    self.linksBase = linksBase.hasSuffix("/") ? String(linksBase.dropLast()) : linksBase
    self.now = now
  }
}

extension FeedbackService: FeedbackServiceHandler {}

extension Person {
  /// The person who calls.
  init(_ call: Call) throws {
    let token = try call.person
    self.init(call.mandate(token.tenant), id: token.subject)
  }
}
