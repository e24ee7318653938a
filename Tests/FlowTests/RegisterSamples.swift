import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf

/// Entries that one organisation has in the privacy service's registers.
struct EntryTargets: Sendable {
  var transfer: String
  var legalDemand: String
  var breach: String
  var complaint: String

  static func absent() -> EntryTargets {
    func id() -> String { UUID().canonical }
    return EntryTargets(transfer: id(), legalDemand: id(), breach: id(), complaint: id())
  }

  static func make(_ member: Member, _ officer: Member) async throws -> EntryTargets {
    let gateway = member.organisation.house.gateway
    let registers = RegisterServiceClient(gateway)
    let transfer = try await registers.recordTransfer(
      Samples.transfer(of: ""), officer.options)
    let demand = try await registers.recordLegalDemand(
      Samples.legalDemand(of: ""), officer.options)
    let breach = try await BreachServiceClient(gateway).reportBreach(
      .with { $0.text = "Gemeld door \(member.name)" }, member.options)
    let complaint = try await ComplaintServiceClient(gateway).fileComplaint(
      .with { $0.text = "Geklaagd door \(member.name)" }, member.options)
    return EntryTargets(
      transfer: transfer.transferID, legalDemand: demand.legalDemandID, breach: breach.breachID,
      complaint: complaint.complaintID)
  }

  var secrets: [String] { [transfer, legalDemand, breach, complaint] }
}

extension Samples {
  static func transfer(of organisation: String) -> PrivacyRecordTransferRequest {
    .with {
      $0.organisationID = organisation
      $0.recipient = "Nooit Inc."
      $0.country = "JP"
      $0.basis.mechanism = .adequacyDecision
      $0.beginsOn = day(0)
    }
  }

  static func legalDemand(of organisation: String) -> PrivacyRecordLegalDemandRequest {
    .with {
      $0.organisationID = organisation
      $0.authority = "Niemand"
      $0.legalBasis = "geen"
      $0.matter = "Niets"
      $0.receivedAt = .init(date: Date().addingTimeInterval(-60))
    }
  }

  static let entries = subProcessors.merging(transfers) { $1 }.merging(locations) { $1 }
    .merging(demands) { $1 }.merging(cookies) { $1 }.merging(breaches) { $1 }
    .merging(complaints) { $1 }.merging(intake) { $1 }.merging(retention) { $1 }

  private static let registers = "ikso.privacy.v1.RegisterService"
  private static func id() -> String { UUID().canonical }

  private static let subProcessors = named(
    registers,
    [
      "AnnounceSubProcessor": MethodSample(.operatorsOnly) { _ in
        PrivacyAnnounceSubProcessorRequest.with {
          $0.name = "Nooit Hosting"
          $0.service = "niets"
          $0.agreementReference = "geen"
          $0.agreementSignedOn = day(0)
          $0.country = "NL"
          $0.safeguards = "alle"
        }
      },
      "EndSubProcessor": MethodSample(.operatorsOnly) { _ in
        PrivacyEndSubProcessorRequest.with { $0.subProcessorID = id() }
      },
      "ListSubProcessors": MethodSample(.nothing) { _ in PrivacyListSubProcessorsRequest() },
      "ObjectToSubProcessor": MethodSample(.notFound) { _ in
        PrivacyObjectToSubProcessorRequest.with {
          $0.subProcessorID = id()
          $0.reason = "Over de muur"
        }
      },
      "ListSubProcessorObjections": MethodSample(.operatorsOnly) { _ in
        PrivacyListSubProcessorObjectionsRequest()
      },
    ])

  private static let transfers = named(
    registers,
    [
      "RecordTransfer": MethodSample(.notFound, namesOrganisation: true) { targets in
        transfer(of: targets.organisation)
      },
      "EndTransfer": MethodSample(.notFound) { targets in
        PrivacyEndTransferRequest.with { $0.transferID = targets.entries.transfer }
      },
      "ListTransfers": MethodSample(.notFound, namesOrganisation: true) { targets in
        PrivacyListTransfersRequest.with { $0.organisationID = targets.organisation }
      },
      "ListAdequacyDecisions": MethodSample(.nothing) { _ in
        PrivacyListAdequacyDecisionsRequest()
      },
    ])

  private static let locations = named(
    registers,
    [
      "InstructStorage": MethodSample(.nothing) { _ in
        PrivacyInstructStorageRequest.with {
          $0.countries = ["BE"]
          $0.reference = "brief"
        }
      },
      "RecordStorageLocation": MethodSample(.operatorsOnly, namesOrganisation: true) { targets in
        PrivacyRecordStorageLocationRequest.with {
          $0.organisationID = targets.organisation
          $0.service = "goals"
          $0.kind = .data
          $0.country = "NL"
          $0.place = "nergens"
        }
      },
      "EndStorageLocation": MethodSample(.operatorsOnly, namesOrganisation: true) { targets in
        PrivacyEndStorageLocationRequest.with {
          $0.organisationID = targets.organisation
          $0.storageLocationID = id()
        }
      },
      "ListStorageLocations": MethodSample(.notFound, namesOrganisation: true) { targets in
        PrivacyListStorageLocationsRequest.with { $0.organisationID = targets.organisation }
      },
    ])

  private static let demands = named(
    registers,
    [
      "RecordLegalDemand": MethodSample(.notFound, namesOrganisation: true) { targets in
        legalDemand(of: targets.organisation)
      },
      "RecordDisclosure": MethodSample(.notFound) { targets in
        PrivacyRecordDisclosureRequest.with {
          $0.legalDemandID = targets.entries.legalDemand
          $0.disclosed = "niets"
          $0.ground = "geen"
          $0.disclosedAt = .init(date: Date())
        }
      },
      "ListLegalDemands": MethodSample(.notFound, namesOrganisation: true) { targets in
        PrivacyListLegalDemandsRequest.with { $0.organisationID = targets.organisation }
      },
      "RecordCollector": MethodSample(.operatorsOnly, namesOrganisation: true) { targets in
        PrivacyRecordCollectorRequest.with {
          $0.organisationID = targets.organisation
          $0.name = "Nooit Incasso"
          $0.reference = "geen"
        }
      },
      "EndCollector": MethodSample(.operatorsOnly, namesOrganisation: true) { targets in
        PrivacyEndCollectorRequest.with {
          $0.organisationID = targets.organisation
          $0.collectorID = id()
        }
      },
      "ListCollectors": MethodSample(.notFound, namesOrganisation: true) { targets in
        PrivacyListCollectorsRequest.with { $0.organisationID = targets.organisation }
      },
    ])

  private static let cookies = named(
    registers,
    [
      "SetCookie": MethodSample(.operatorsOnly) { _ in
        PrivacySetCookieRequest.with {
          $0.name = "nooit"
          $0.party = "niemand"
          $0.purpose = "geen"
        }
      },
      "RemoveCookie": MethodSample(.operatorsOnly) { _ in
        PrivacyRemoveCookieRequest.with { $0.name = "nooit-gezet" }
      },
      "GetCookiePage": MethodSample(.nothing) { _ in PrivacyGetCookiePageRequest() },
      "GetContacts": MethodSample(.nothing) { _ in PrivacyGetContactsRequest() },
    ])

  private static let breaches = named(
    "ikso.privacy.v1.BreachService",
    [
      "ReportBreach": MethodSample(.notFound, namesOrganisation: true) { targets in
        PrivacyReportBreachRequest.with {
          $0.organisationID = targets.organisation
          $0.text = "Over de muur"
        }
      },
      "RegisterBreach": MethodSample(.operatorsOnly, namesOrganisation: true) { targets in
        PrivacyRegisterBreachRequest.with {
          $0.awareAt = .init(date: Date().addingTimeInterval(-60))
          $0.affectedOrganisationIds = [targets.organisation]
        }
      },
      "UpdateBreach": MethodSample(.operatorsOnly) { targets in
        PrivacyUpdateBreachRequest.with { $0.breachID = targets.entries.breach }
      },
      "AddBreachEntry": MethodSample(.operatorsOnly) { targets in
        PrivacyAddBreachEntryRequest.with {
          $0.breachID = targets.entries.breach
          $0.kind = .note
          $0.text = "Over de muur"
        }
      },
      "RecordAuthorityNotice": MethodSample(.operatorsOnly) { targets in
        PrivacyRecordAuthorityNoticeRequest.with {
          $0.breachID = targets.entries.breach
          $0.notifiedAt = .init(date: Date())
          $0.reference = "geen"
        }
      },
      "CloseBreach": MethodSample(.operatorsOnly) { targets in
        PrivacyCloseBreachRequest.with { $0.breachID = targets.entries.breach }
      },
      "GetBreach": MethodSample(.operatorsOnly) { targets in
        PrivacyGetBreachRequest.with { $0.breachID = targets.entries.breach }
      },
      "ListBreaches": MethodSample(.operatorsOnly) { _ in PrivacyListBreachesRequest() },
      "ListBreachNotices": MethodSample(.nothing) { _ in PrivacyListBreachNoticesRequest() },
      "AcknowledgeBreachNotice": MethodSample(.notFound) { targets in
        PrivacyAcknowledgeBreachNoticeRequest.with {
          $0.breachID = targets.entries.breach
          $0.revision = 1
        }
      },
    ])

  private static let complaints = named(
    "ikso.privacy.v1.ComplaintService",
    [
      "FileComplaint": MethodSample(.nothing) { _ in
        PrivacyFileComplaintRequest.with { $0.text = "Over de muur" }
      },
      "ListMyComplaints": MethodSample(.nothing) { _ in PrivacyListMyComplaintsRequest() },
      "ListComplaints": MethodSample(.nothing) { _ in PrivacyListComplaintsRequest() },
      "AnswerComplaint": MethodSample(.notFound) { targets in
        PrivacyAnswerComplaintRequest.with {
          $0.complaintID = targets.entries.complaint
          $0.outcome = .refused
          $0.answer = "Over de muur"
        }
      },
    ])

  private static let intake = named(
    "ikso.privacy.v1.IntakeService",
    [
      // Whoever fills in a form names nothing that is anybody's.
      "SubmitForm": MethodSample(.codeIsTheRight) { targets in
        PrivacySubmitFormRequest.with {
          $0.kind = .contact
          $0.name = "Niemand"
          $0.email = targets.email
        }
      },
      "ListCases": MethodSample(.operatorsOnly) { _ in PrivacyListCasesRequest() },
      "CloseCase": MethodSample(.operatorsOnly) { _ in
        PrivacyCloseCaseRequest.with { $0.caseID = id() }
      },
      "SubmitApplication": MethodSample(.codeIsTheRight) { targets in
        PrivacySubmitApplicationRequest.with {
          $0.name = "Niemand"
          $0.address = "nergens"
          $0.email = targets.email
          $0.phone = "0612345678"
          $0.birthDate = "1990-02-28"
          $0.vacancy = "geen"
        }
      },
      "ListApplications": MethodSample(.operatorsOnly) { _ in PrivacyListApplicationsRequest() },
      "EndProcedure": MethodSample(.operatorsOnly) { _ in
        PrivacyEndProcedureRequest.with { $0.applicationID = id() }
      },
      "WithdrawApplicationConsent": MethodSample(.codeIsTheRight) { targets in
        PrivacyWithdrawApplicationConsentRequest.with { $0.code = targets.invitationCode }
      },
    ])

  private static let retention = named(
    "ikso.privacy.v1.RetentionService",
    [
      "PlanRetention": MethodSample(.operatorsOnly) { _ in PrivacyPlanRetentionRequest() },
      "RunRetention": MethodSample(.operatorsOnly) { _ in PrivacyRunRetentionRequest() },
      "ListRetentionReports": MethodSample(.operatorsOnly) { _ in
        PrivacyListRetentionReportsRequest()
      },
      "HoldRecord": MethodSample(.operatorsOnly) { _ in
        PrivacyHoldRecordRequest.with {
          $0.category = .application
          $0.recordID = id()
          $0.ground = "geen"
          $0.expiresAt = .init(date: Date().addingTimeInterval(86_400))
        }
      },
      "ReleaseRecord": MethodSample(.operatorsOnly) { _ in
        PrivacyReleaseRecordRequest.with {
          $0.category = .application
          $0.recordID = id()
        }
      },
      "ListRecordHolds": MethodSample(.operatorsOnly) { _ in PrivacyListRecordHoldsRequest() },
    ])
}
