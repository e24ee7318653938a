import Access
import Launch
import RPC
import Schemas
import SwiftProtobuf

extension ActivityService {
  func listActivities(
    _ request: PrivacyListActivitiesRequest, _ call: Call
  ) async throws -> PrivacyListActivitiesResponse {
    let tenant = try call.tenant()
    let entries = try await entries(of: tenant, registers(of: tenant, call), call)
    return .with { $0.activities = entries.map(\.message) }
  }
}
