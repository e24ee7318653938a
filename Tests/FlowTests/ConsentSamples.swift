import Cryptography
import Foundation
import Schemas
import SwiftProtobuf

/// What people and organisations say of purposes. Those that name nothing are answered, so they ask
/// for what stops nobody.
extension Samples {
  static let consents = named(
    "ikso.privacy.v1.ConsentService",
    [
      "GiveConsent": MethodSample(.nothing) { _ in
        PrivacyGiveConsentRequest.with {
          $0.purpose = .publishing
          $0.statementVersion = 1
          $0.statementSha256 = Data(Digest.sha256(statement))
        }
      },
      "WithdrawConsent": MethodSample(.nothing) { _ in
        PrivacyWithdrawConsentRequest.with { $0.purpose = .publishing }
      },
      "ListConsents": MethodSample(.nothing) { _ in PrivacyListConsentsRequest() },
      "FreezePurposes": MethodSample(.notFound) { targets in
        PrivacyFreezePurposesRequest.with {
          $0.personID = targets.person
          $0.purposes = [.publishing]
          $0.reason = .objection
        }
      },
      "ReleaseFreeze": MethodSample(.notFound) { targets in
        PrivacyReleaseFreezeRequest.with { $0.freezeID = targets.freeze }
      },
      "ListFreezes": MethodSample(.nothing) { targets in
        PrivacyListFreezesRequest.with { $0.personID = targets.person }
      },
      "InstructPurpose": MethodSample(.nothing) { _ in
        PrivacyInstructPurposeRequest.with {
          $0.purpose = .publishing
          $0.reference = "Bijlage 2"
        }
      },
      "WithdrawInstruction": MethodSample(.nothing) { _ in
        PrivacyWithdrawInstructionRequest.with {
          $0.purpose = .publishing
          $0.reference = "Bijlage 3"
        }
      },
      "ListInstructions": MethodSample(.nothing) { _ in PrivacyListInstructionsRequest() },
    ]
  ).merging(
    named(
      "ikso.purpose.v1.PurposeFeedService",
      ["Watch": MethodSample(.nothing) { _ in PurposeFeedWatchRequest() }])
  ) { $1 }.merging(
    named(
      "ikso.purpose.v1.TrafficService",
      ["ReportTraffic": MethodSample(.nothing) { _ in PurposeFeedReportTrafficRequest() }])
  ) { $1 }.merging(
    named(
      "ikso.privacy.v1.StatementService",
      [
        "CompareStatements": MethodSample(.notFound) { targets in
          PrivacyCompareStatementsRequest.with {
            $0.organisationID = targets.organisation
            $0.fromVersion = 1
          }
        }
      ])
  ) { $1 }.merging(
    named(
      "ikso.privacy.v1.ActivityService",
      [
        "ListActivities": MethodSample(.nothing) { _ in PrivacyListActivitiesRequest() },
        "GetProcessingRecord": MethodSample(.nothing) { _ in
          PrivacyGetProcessingRecordRequest.with { $0.role = .processor }
        },
      ])
  ) { $1 }
}
