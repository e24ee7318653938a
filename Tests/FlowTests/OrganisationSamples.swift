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
    ])
}
