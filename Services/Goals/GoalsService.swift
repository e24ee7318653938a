import Access
package import Foundation
import Launch
import RPC
package import Schemas
package import Storage

/// Development goals and check-ins. Each method stands in its own file in Methods/.
package struct GoalsService: Sendable {
  let store: GoalStore
  let answers: KeptAnswers
  /// Knows whether linked feedback is the caller's.
  let feedback: FeedbackServiceClient
  let now: @Sendable () -> Date

  package init(
    store: GoalStore, answers: KeptAnswers, feedback: FeedbackServiceClient,
    now: @escaping @Sendable () -> Date
  ) {
    self.store = store
    self.answers = answers
    self.feedback = feedback
    self.now = now
  }
}

extension GoalsService: GoalsServiceHandler {}

extension Owner {
  /// The person who calls.
  init(_ call: Call) throws {
    let token = try call.person
    self.init(call.mandate(token.tenant), person: token.subject)
  }
}
