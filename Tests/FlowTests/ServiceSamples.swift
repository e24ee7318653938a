import Schemas
import SwiftProtobuf

extension Samples {
  /// Of the methods by which programs and IKSO's staff come to their rights.
  static let services = named(
    "ikso.identity.v1.ServiceAccountService",
    [
      "CreateServiceAccount": MethodSample(.operatorsOnly, namesOrganisation: true) { targets in
        IdentityCreateServiceAccountRequest.with {
          $0.name = "nooit-gemaakt"
          $0.scopes = ["ikso.identity.v1.IdentityService/GetOrganisation"]
          $0.organisationIds = [targets.organisation]
        }
      },
      "AddCredential": MethodSample(.operatorsOnly) { targets in
        IdentityAddCredentialRequest.with {
          $0.serviceAccountID = targets.serviceAccount
          $0.certificateIdentity = "spiffe://ikso/nooit-gemaakt"
        }
      },
      "RevokeCredential": MethodSample(.operatorsOnly) { targets in
        IdentityRevokeCredentialRequest.with {
          $0.serviceAccountID = targets.serviceAccount
          $0.credentialID = targets.serviceAccount
        }
      },
      "DisableServiceAccount": MethodSample(.operatorsOnly) { targets in
        IdentityDisableServiceAccountRequest.with {
          $0.serviceAccountID = targets.serviceAccount
        }
      },
      "ListServiceAccounts": MethodSample(.nothing) { _ in IdentityListServiceAccountsRequest() },
    ]
  ).merging(
    named(
      "ikso.identity.v1.ServiceTokenService",
      [
        // The right to the answer is a key, or a certificate.
        "IssueServiceToken": MethodSample(.codeIsTheRight) { targets in
          IdentityIssueServiceTokenRequest.with {
            $0.serviceAccountID = targets.serviceAccount
            $0.organisationID = targets.organisation
          }
        }
      ])
  ) { $1 }.merging(support) { $1 }

  private static let support = named(
    "ikso.identity.v1.SupportService",
    [
      "RequestSupportAccess": MethodSample(.operatorsOnly, namesOrganisation: true) { targets in
        IdentityRequestSupportAccessRequest.with {
          $0.organisationID = targets.organisation
          $0.reason = "Nooit gevraagd"
          $0.scopes = ["ikso.identity.v1.IdentityService/GetOrganisation"]
          $0.minutes = 5
        }
      },
      "ApproveSupportAccess": MethodSample(.notFound) { targets in
        IdentityApproveSupportAccessRequest.with { $0.supportAccessID = targets.supportAccess }
      },
      "RefuseSupportAccess": MethodSample(.notFound) { targets in
        IdentityRefuseSupportAccessRequest.with { $0.supportAccessID = targets.supportAccess }
      },
      "EndSupportAccess": MethodSample(.notFound) { targets in
        IdentityEndSupportAccessRequest.with { $0.supportAccessID = targets.supportAccess }
      },
      "ListSupportAccess": MethodSample(.notFound, namesOrganisation: true) { targets in
        IdentityListSupportAccessRequest.with { $0.organisationID = targets.organisation }
      },
      "BeginSupport": MethodSample(.operatorsOnly, namesOrganisation: true) { targets in
        IdentityBeginSupportRequest.with {
          $0.organisationID = targets.organisation
          $0.supportAccessID = targets.supportAccess
        }
      },
    ])
}
