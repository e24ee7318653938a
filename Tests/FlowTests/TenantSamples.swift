import Foundation
import Schemas
import SwiftProtobuf

extension Samples {
  /// Of the methods by which whole organisations end.
  static let organisationErasures = named(
    "ikso.privacy.v1.OrganisationErasureService",
    [
      "ListOrganisationErasures": MethodSample(.operatorsOnly) { _ in
        PrivacyListOrganisationErasuresRequest()
      },
      "GetOrganisationErasureCertificate": MethodSample(
        .operatorsOnly, namesOrganisation: true
      ) { targets in
        PrivacyGetOrganisationErasureCertificateRequest.with {
          $0.organisationID = targets.organisation
        }
      },
    ]
  ).merging(
    named(
      "ikso.privacy.v1.OrganisationErasureDeskService",
      [
        "ReportDueOrganisation": MethodSample(.notFound) { targets in
          PrivacyReportDueOrganisationRequest.with { $0.organisationID = targets.organisation }
        }
      ])
  ) { $1 }.merging(
    named(
      "ikso.identity.v1.OrganisationDeskService",
      [
        "ListOrganisationIds": MethodSample(.notFound) { _ in
          IdentityListOrganisationIdsRequest()
        },
        "OrderOrganisationErasure": MethodSample(.notFound) { targets in
          IdentityOrderOrganisationErasureRequest.with {
            $0.organisationID = targets.organisation
            $0.erasureID = UUID().uuidString
          }
        },
      ])
  ) { $1 }.merging(
    named(
      "ikso.tenant.v1.TenantDataService",
      [
        "EraseTenant": MethodSample(.notFound) { targets in
          TenantEraseTenantRequest.with {
            $0.organisationID = targets.organisation
            $0.erasureID = UUID().uuidString
          }
        },
        "ScanTenant": MethodSample(.notFound) { targets in
          TenantScanTenantRequest.with {
            $0.organisationID = targets.organisation
            $0.erasureID = UUID().uuidString
          }
        },
      ])
  ) { $1 }
}
