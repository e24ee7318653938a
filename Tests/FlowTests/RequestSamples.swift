import Foundation
import Schemas
import SwiftProtobuf

extension Samples {
  /// Of the methods about requests, holds, downloads and proofs.
  static let dataRequests = officersRequests.merging(ownRequests) { $1 }.merging(holds) { $1 }
    .merging(downloads) { $1 }.merging(proofs) { $1 }

  private static let officersRequests = named(
    "ikso.privacy.v1.RequestService",
    [
      "WatchRequest": MethodSample(.notFound) { targets in
        PrivacyWatchRequestRequest.with { $0.requestID = targets.request }
      },
      "ApproveRequest": MethodSample(.notFound) { targets in
        PrivacyApproveRequestRequest.with { $0.requestID = targets.request }
      },
      "RefuseRequest": MethodSample(.notFound) { targets in
        PrivacyRefuseRequestRequest.with {
          $0.requestID = targets.request
          $0.ground = .excessive
        }
      },
      "WithdrawRequest": MethodSample(.notFound) { targets in
        PrivacyWithdrawRequestRequest.with { $0.requestID = targets.request }
      },
      "ExtendRequest": MethodSample(.notFound) { targets in
        PrivacyExtendRequestRequest.with {
          $0.requestID = targets.request
          $0.reason = "Over de muur"
        }
      },
      "CompleteRequest": MethodSample(.notFound) { targets in
        PrivacyCompleteRequestRequest.with {
          $0.requestID = targets.request
          $0.outcome = "Over de muur"
        }
      },
      "GetErasureCertificate": MethodSample(.notFound) { targets in
        PrivacyGetErasureCertificateRequest.with { $0.requestID = targets.request }
      },
    ])

  private static let ownRequests = named(
    "ikso.privacy.v1.OwnRequestService",
    [
      "CreateOwnRequest": MethodSample(.nothing) { _ in
        PrivacyCreateOwnRequestRequest.with { $0.kind = .access }
      },
      "GetOwnRequest": MethodSample(.notFound) { targets in
        PrivacyGetOwnRequestRequest.with { $0.requestID = targets.request }
      },
      "ListOwnRequests": MethodSample(.nothing) { _ in PrivacyListOwnRequestsRequest() },
      "WithdrawOwnRequest": MethodSample(.notFound) { targets in
        PrivacyWithdrawOwnRequestRequest.with { $0.requestID = targets.request }
      },
      "FetchOwnArchive": MethodSample(.notFound) { targets in
        PrivacyFetchOwnArchiveRequest.with { $0.requestID = targets.request }
      },
    ])

  private static let holds = named(
    "ikso.privacy.v1.LegalHoldService",
    [
      "PlaceHold": MethodSample(.notFound) { targets in
        PrivacyPlaceHoldRequest.with {
          $0.subjectID = targets.person
          $0.ground = .audit
          $0.reference = "Over de muur"
          $0.expiresOn = day(30)
        }
      },
      "ReleaseHold": MethodSample(.notFound) { targets in
        PrivacyReleaseHoldRequest.with { $0.holdID = targets.hold }
      },
      "ListHolds": MethodSample(.nothing) { _ in PrivacyListHoldsRequest() },
    ])

  private static let downloads = named(
    "ikso.privacy.v1.DownloadService",
    [
      "CreateDownload": MethodSample(.notFound) { targets in
        PrivacyCreateDownloadRequest.with { $0.requestID = targets.request }
      },
      "OpenDownload": MethodSample(.codeIsTheRight) { targets in
        PrivacyOpenDownloadRequest.with { $0.code = targets.guestCode }
      },
    ])

  private static let proofs = named(
    "ikso.privacy.v1.ProofService",
    [
      "AttachProof": MethodSample(.notFound) { targets in
        PrivacyAttachProofRequest.with {
          $0.requestID = targets.request
          $0.form = .text
          $0.content = Data("Over de muur".utf8)
        }
      },
      "GetProof": MethodSample(.notFound) { targets in
        PrivacyGetProofRequest.with { $0.requestID = targets.request }
      },
      "CheckProof": MethodSample(.notFound) { targets in
        PrivacyCheckProofRequest.with { $0.requestID = targets.request }
      },
    ])

  static let subjectMethods = named(
    "ikso.subject.v1.SubjectDataService",
    [
      "DescribeHoldings": MethodSample(.nothing) { _ in SubjectDescribeHoldingsRequest() },
      "ExportSubject": MethodSample(.notFound) { subject($0) },
      "EraseSubject": MethodSample(.notFound) { subject($0) },
      "ScanSubject": MethodSample(.notFound) { scanned($0) },
      "RestrictSubject": MethodSample(.notFound) { restricted($0) },
    ])

  /// Whom a service is asked about.
  static func subject(_ targets: Targets) -> SubjectSubjectRequest {
    .with {
      $0.organisationID = targets.organisation
      $0.subjectID = targets.person
    }
  }

  static func scanned(_ targets: Targets) -> SubjectScanSubjectRequest {
    .with {
      $0.organisationID = targets.organisation
      $0.subjectID = targets.person
      $0.needles = [targets.email]
    }
  }

  static func restricted(_ targets: Targets) -> SubjectRestrictSubjectRequest {
    .with {
      $0.organisationID = targets.organisation
      $0.subjectID = targets.person
      $0.purposes = ["feedback"]
    }
  }
}
