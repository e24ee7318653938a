import Access
import Launch
import RPC
import Schemas
import SwiftProtobuf

extension ActivityService {
  func listActivities(
    _ request: PrivacyListActivitiesRequest, _ call: Call
  ) async throws -> PrivacyListActivitiesResponse {
    let entries = try await entries(of: call.tenant(), call)
    return .with { $0.activities = entries.map(\.message) }
  }
}
