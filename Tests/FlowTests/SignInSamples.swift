import Schemas
import SwiftProtobuf

extension Samples {
  /// Of the methods by which people prove who they are.
  static let signIn: [String: MethodSample] = Dictionary(
    uniqueKeysWithValues: [
      ("SignInService/VerifyFactor", MethodSample(.codeIsTheRight) { targets in
        IdentityVerifyFactorRequest.with {
          $0.challenge = targets.invitationCode
          $0.code = "123456"
        }
      }),
      ("SignInService/BeginFactor", MethodSample(.codeIsTheRight) { targets in
        IdentityBeginFactorRequest.with { $0.challenge = targets.invitationCode }
      }),
      ("SignInService/ConfirmFactor", MethodSample(.codeIsTheRight) { targets in
        IdentityConfirmFactorRequest.with {
          $0.challenge = targets.invitationCode
          $0.code = "123456"
        }
      }),
      ("SignInService/ContinueSignIn", MethodSample(.codeIsTheRight) { targets in
        IdentityContinueSignInRequest.with { $0.challenge = targets.invitationCode }
      }),
      ("FactorService/GetFactors", MethodSample(.nothing) { _ in IdentityGetFactorsRequest() }),
      ("FactorService/BeginTOTP", MethodSample(.nothing) { _ in IdentityBeginTOTPRequest() }),
      // The right to these is the caller's own app, or password.
      ("FactorService/ConfirmTOTP", MethodSample(.codeIsTheRight) { _ in
        IdentityConfirmTOTPRequest.with { $0.code = "123456" }
      }),
      ("FactorService/RemoveTOTP", MethodSample(.codeIsTheRight) { _ in
        IdentityRemoveTOTPRequest()
      }),
      ("FactorService/RenewRecoveryCodes", MethodSample(.codeIsTheRight) { _ in
        IdentityRenewRecoveryCodesRequest()
      }),
      ("PasswordService/ChangePassword", MethodSample(.codeIsTheRight) { _ in
        IdentityChangePasswordRequest.with {
          $0.currentPassword = "een lang wachtwoord van niemand"
          $0.newPassword = "een ander lang wachtwoord van niemand"
        }
      }),
      ("PasswordService/RequestPasswordReset", MethodSample(.nothing) { targets in
        IdentityRequestPasswordResetRequest.with {
          $0.organisationID = targets.organisation
          $0.email = targets.email
        }
      }),
      ("PasswordService/ResetPassword", MethodSample(.codeIsTheRight) { targets in
        IdentityResetPasswordRequest.with {
          $0.code = targets.invitationCode
          $0.newPassword = "een ander lang wachtwoord van niemand"
        }
      }),
    ].map { ("ikso.identity.v1.\($0.0)", $0.1) })
}

extension Samples {
  static let devices = named(
    "ikso.identity.v1.DeviceService",
    [
      "ListDevices": MethodSample(.nothing) { _ in IdentityListDevicesRequest() },
      "ForgetDevice": MethodSample(.notFound) { targets in
        IdentityForgetDeviceRequest.with { $0.deviceID = targets.device }
      },
      "ForgetAllDevices": MethodSample(.nothing) { _ in IdentityForgetAllDevicesRequest() },
    ])

  static let securityLog = named(
    "ikso.identity.v1.SecurityLogService",
    [
      "ListSecurityEvents": MethodSample(.notFound) { targets in
        IdentityListSecurityEventsRequest.with { $0.personID = targets.person }
      }
    ])
}
