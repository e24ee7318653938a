// Generated from ikso/identity/v1/device.proto by protoc-gen-ikso.
// Don't edit; run Schemas/generate.

package import Access
package import RPC

/// The methods of `ikso.identity.v1.DeviceService`.
package enum DeviceServiceMethods {
  package static let listDevices = MethodDescriptor(
    service: "ikso.identity.v1.DeviceService", name: "ListDevices",
    kind: .unary, idempotent: true, hasNoSideEffects: true)
  package static let forgetDevice = MethodDescriptor(
    service: "ikso.identity.v1.DeviceService", name: "ForgetDevice",
    kind: .unary, idempotent: false)
  package static let forgetAllDevices = MethodDescriptor(
    service: "ikso.identity.v1.DeviceService", name: "ForgetAllDevices",
    kind: .unary, idempotent: true)

  package static let all: [(MethodDescriptor, AccessPolicy)] = [
    (listDevices, DeviceServicePolicies.listDevices),
    (forgetDevice, DeviceServicePolicies.forgetDevice),
    (forgetAllDevices, DeviceServicePolicies.forgetAllDevices),
  ]
}

/// Who may call the methods of `ikso.identity.v1.DeviceService`, and what for.
package enum DeviceServicePolicies {
  package static let listDevices = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: true)
  package static let forgetDevice = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: false)
  package static let forgetAllDevices = AccessPolicy(
    anyone: false,
    roles: [.participant, .coach, .manager, .administrator, .privacyOfficer, .auditor, .operator],
    services: [],
    maximumAuthenticationAge: nil,
    purpose: "sign-in", idempotent: true)
}

/// Devices on which the caller asked to be remembered (SignInService.VerifyFactor): Login asks them
/// for the password alone until the second factor is due again. All of them are forgotten when the
/// password or the factor changes, and when the account is suspended.
package protocol DeviceServiceHandler: Sendable {
  /// The caller's own, the one used last first; at most 10.
  func listDevices(
    _ request: IdentityListDevicesRequest, _ call: Call
  ) async throws -> IdentityListDevicesResponse

  /// The next sign-in there asks for the second factor; sessions go on.
  func forgetDevice(
    _ request: IdentityForgetDeviceRequest, _ call: Call
  ) async throws -> IdentityForgetDeviceResponse

  func forgetAllDevices(
    _ request: IdentityForgetAllDevicesRequest, _ call: Call
  ) async throws -> IdentityForgetAllDevicesResponse
}

extension DeviceServiceHandler {
  /// Every method with its policy, for the server; nothing is read of a call before the
  /// guard has admitted it.
  package func methods(_ accessGuard: AccessGuard) -> [RPCMethod] {
    [
      RPCMethod.unary(
        DeviceServiceMethods.listDevices,
        admit: { try await accessGuard.admit($0, DeviceServicePolicies.listDevices) },
        listDevices),
      RPCMethod.unary(
        DeviceServiceMethods.forgetDevice,
        admit: { try await accessGuard.admit($0, DeviceServicePolicies.forgetDevice) },
        forgetDevice),
      RPCMethod.unary(
        DeviceServiceMethods.forgetAllDevices,
        admit: { try await accessGuard.admit($0, DeviceServicePolicies.forgetAllDevices) },
        forgetAllDevices),
    ]
  }
}

/// Calls `ikso.identity.v1.DeviceService`.
package struct DeviceServiceClient: Sendable {
  private let client: RPCClient

  package init(_ client: RPCClient) { self.client = client }

  /// The caller's own, the one used last first; at most 10.
  package func listDevices(
    _ request: IdentityListDevicesRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityListDevicesResponse {
    try await client.unary(
      DeviceServiceMethods.listDevices, request, options,
      as: IdentityListDevicesResponse.self)
  }

  /// The next sign-in there asks for the second factor; sessions go on.
  package func forgetDevice(
    _ request: IdentityForgetDeviceRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityForgetDeviceResponse {
    try await client.unary(
      DeviceServiceMethods.forgetDevice, request, options,
      as: IdentityForgetDeviceResponse.self)
  }

  package func forgetAllDevices(
    _ request: IdentityForgetAllDevicesRequest, _ options: CallOptions = CallOptions()
  ) async throws(RPCError) -> IdentityForgetAllDevicesResponse {
    try await client.unary(
      DeviceServiceMethods.forgetAllDevices, request, options,
      as: IdentityForgetAllDevicesResponse.self)
  }
}
