import Access
package import Foundation
import RPC
package import Schemas
package import Storage

/// Development goals and check-ins. Each method stands in its own file in Methods/.
package struct GoalsService: Sendable {
  let store: GoalStore
  /// Knows whether linked feedback is the caller's.
  let feedback: FeedbackServiceClient
  let now: @Sendable () -> Date

  package init(
    store: GoalStore, feedback: FeedbackServiceClient, now: @escaping @Sendable () -> Date
  ) {
    self.store = store
    self.feedback = feedback
    self.now = now
  }
}

extension GoalsService: GoalsServiceHandler {}

/// What the service holds about one person, for the privacy service alone.
package struct GoalsSubjectData: Sendable {
  package typealias Scan =
    @Sendable (_ tenant: UUID, SubjectScan.Needles) async throws -> [SubjectScan.Finding]

  let store: SubjectStore
  /// Reads every table of the service and of its key store.
  let scan: Scan

  package init(store: SubjectStore, scan: @escaping Scan) {
    self.store = store
    self.scan = scan
  }
}

extension GoalsSubjectData: SubjectDataServiceHandler {}

extension Owner {
  /// The person who calls.
  init(_ call: Call) throws {
    let token = try call.person
    self.init(tenant: token.tenant, person: token.subject, deadline: call.rpc.deadline)
  }

  /// The person whom the privacy service asks about.
  init(_ call: Call, organisation: String, subject: String) throws {
    self.init(
      tenant: try call.tenant(organisation: organisation),
      person: try UUID(field: "subject_id", subject), deadline: call.rpc.deadline)
  }
}
