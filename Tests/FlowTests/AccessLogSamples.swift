import Foundation
import Schemas
import SwiftProtobuf

/// Of the log of accesses.
extension Samples {
  static let accessLog: [String: MethodSample] = [
    "ikso.privacy.v1.AccessLogService/ListAccesses": MethodSample(.notFound) { targets in
      PrivacyListAccessesRequest.with { $0.subjectID = targets.person }
    },
    "ikso.privacy.v1.AccessLogService/GetLogCheckpoint": MethodSample(.nothing) { _ in
      PrivacyGetLogCheckpointRequest()
    },
    "ikso.privacy.v1.AccessLogService/ListLogLeaves": MethodSample(.nothing) { _ in
      PrivacyListLogLeavesRequest()
    },
    "ikso.privacy.v1.AccessLogService/ProveInclusion": MethodSample(.nothing) { _ in
      PrivacyProveInclusionRequest()
    },
    "ikso.privacy.v1.AccessLogService/ProveConsistency": MethodSample(.nothing) { _ in
      PrivacyProveConsistencyRequest()
    },
    "ikso.privacy.v1.AccessIntakeService/AppendAccesses": MethodSample(.notFound) { targets in
      PrivacyAppendAccessesRequest.with { $0.organisationID = targets.organisation }
    },
  ]
}
