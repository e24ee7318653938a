import Access
import Schemas
import SwiftProtobuf

extension Samples {
  static let organisations = named(
    "ikso.identity.v1.OrganisationService",
    [
      "ListOrganisations": MethodSample(.operatorsOnly) { _ in
        IdentityListOrganisationsRequest.with { $0.pageSize = 1 }
      },
      "SetContract": MethodSample(.operatorsOnly, namesOrganisation: true) { targets in
        IdentitySetContractRequest.with {
          $0.organisationID = targets.organisation
          $0.contractBegin = day(-30)
        }
      },
      "EndContract": MethodSample(.operatorsOnly, namesOrganisation: true) { targets in
        IdentityEndContractRequest.with {
          $0.organisationID = targets.organisation
          $0.lastDay = day(30)
        }
      },
      "EraseOrganisation": MethodSample(.operatorsOnly, namesOrganisation: true) { targets in
        IdentityEraseOrganisationRequest.with { $0.organisationID = targets.organisation }
      },
      "GetOrganisationPolicy": MethodSample(.notFound, namesOrganisation: true) { targets in
        IdentityGetOrganisationPolicyRequest.with { $0.organisationID = targets.organisation }
      },
      "SetOrganisationPolicy": MethodSample(.notFound, namesOrganisation: true) { targets in
        IdentitySetOrganisationPolicyRequest.with { $0.organisationID = targets.organisation }
      },
    ]
  ).merging(organisationErasures) { $1 }
}

/// Methods about a person of the caller's own organisation: elsewhere there is no such person.
extension Samples {
  static let people = named(
    "ikso.identity.v1.PeopleService",
    [
      "GetPerson": MethodSample(.notFound) { targets in
        IdentityGetPersonRequest.with { $0.personID = targets.person }
      },
      "ListPeople": MethodSample(.nothing) { _ in IdentityListPeopleRequest() },
      "GrantRole": MethodSample(.notFound) { targets in
        IdentityGrantRoleRequest.with {
          $0.personID = targets.person
          $0.role = .administrator
        }
      },
      "RevokeRole": MethodSample(.notFound) { targets in
        IdentityRevokeRoleRequest.with {
          $0.personID = targets.person
          $0.role = .participant
        }
      },
      "SetManager": MethodSample(.notFound) { targets in
        IdentitySetManagerRequest.with { $0.personID = targets.person }
      },
      "ListReports": MethodSample(.nothing) { _ in IdentityListReportsRequest() },
      "SuspendPerson": MethodSample(.notFound) { targets in
        IdentitySuspendPersonRequest.with { $0.personID = targets.person }
      },
      "ReinstatePerson": MethodSample(.notFound) { targets in
        IdentityReinstatePersonRequest.with { $0.personID = targets.person }
      },
      "CorrectPerson": MethodSample(.notFound) { targets in
        IdentityCorrectPersonRequest.with {
          $0.personID = targets.person
          $0.name = "Over de muur"
        }
      },
      "ListCorrections": MethodSample(.notFound) { targets in
        IdentityListCorrectionsRequest.with { $0.personID = targets.person }
      },
      "RequestEmailChange": MethodSample(.notFound) { targets in
        IdentityRequestEmailChangeRequest.with {
          $0.personID = targets.person
          $0.email = "over.de.muur@example.org"
        }
      },
      "ConfirmEmailChange": MethodSample(.codeIsTheRight) { targets in
        IdentityConfirmEmailChangeRequest.with { $0.code = targets.invitationCode }
      },
      "StopEmailChange": MethodSample(.codeIsTheRight) { targets in
        IdentityStopEmailChangeRequest.with { $0.code = targets.invitationCode }
      },
      "RegisterMyself": MethodSample(.codeIsTheRight) { targets in
        IdentityRegisterMyselfRequest.with {
          $0.organisationID = targets.organisation
          $0.name = "Over de muur"
          $0.email = "over.de.muur@example.org"
        }
      },
    ])

  static let minors = named(
    "ikso.identity.v1.MinorService",
    [
      "SetUnder16": MethodSample(.notFound) { targets in
        IdentitySetUnder16Request.with {
          $0.personID = targets.person
          $0.under16 = true
        }
      },
      "RecordParentalConsent": MethodSample(.notFound) { targets in
        IdentityRecordParentalConsentRequest.with {
          $0.personID = targets.person
          $0.guardian = "Over de muur"
          $0.givenOn = day(-1)
          $0.reference = "Over de muur"
        }
      },
      "WithdrawParentalConsent": MethodSample(.notFound) { targets in
        IdentityWithdrawParentalConsentRequest.with { $0.personID = targets.person }
      },
      "ReportUnder16": MethodSample(.notFound) { targets in
        IdentityReportUnder16Request.with {
          $0.personID = targets.person
          $0.organisationID = targets.organisation
        }
      },
      "ListUnder16Reports": MethodSample(.nothing) { _ in IdentityListUnder16ReportsRequest() },
      "ResolveUnder16Report": MethodSample(.notFound) { targets in
        IdentityResolveUnder16ReportRequest.with {
          $0.reportID = targets.report
          $0.resolution = .notUnder16
        }
      },
    ])

  static let programmes = named(
    "ikso.identity.v1.ProgrammeService",
    [
      "CreateProgramme": MethodSample(.nothing) { _ in
        IdentityCreateProgrammeRequest.with {
          $0.name = "Eigen programma"
          $0.kind = .scan
          $0.beginsOn = day(0)
          $0.endsOn = day(9)
        }
      },
      "EndProgramme": MethodSample(.notFound) { targets in
        IdentityEndProgrammeRequest.with {
          $0.programmeID = targets.programme
          $0.lastDay = day(1)
        }
      },
      "ListProgrammes": MethodSample(.nothing) { _ in IdentityListProgrammesRequest() },
      "EnrolPeople": MethodSample(.notFound) { targets in
        IdentityEnrolPeopleRequest.with {
          $0.programmeID = targets.programme
          $0.personIds = [targets.person]
        }
      },
      "UnenrolPeople": MethodSample(.notFound) { targets in
        IdentityUnenrolPeopleRequest.with {
          $0.programmeID = targets.programme
          $0.personIds = [targets.person]
        }
      },
      "ListEnrolments": MethodSample(.notFound) { targets in
        IdentityListEnrolmentsRequest.with { $0.programmeID = targets.programme }
      },
      "ListMyProgrammes": MethodSample(.nothing) { _ in IdentityListMyProgrammesRequest() },
    ])
}
