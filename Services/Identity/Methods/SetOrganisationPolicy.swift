import Access
import FoundationEssentials
import Launch
import Mail
import Postgres
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func setOrganisationPolicy(
    _ request: IdentitySetOrganisationPolicyRequest, _ call: Call
  ) async throws -> IdentityOrganisationPolicy {
    let tenant = try call.tenant(organisation: request.organisationID)
    let policy = try OrganisationPolicy(request.policy)
    let organisation = try await activeOrganisation(tenant, call)
    let event = try await securityEvent(SecurityEvent(.policyChanged), of: tenant, call)
    try await database.once(
      call.mandate(tenant),
      all: [.organisationSetPolicy(organisation.id, policy), event]
        + (policy.remembersDevices ? [] : [.deviceForgetAll(tenant)]))
    return IdentityOrganisationPolicy(policy)
  }
}

extension OrganisationPolicy {
  fileprivate init(_ message: IdentityOrganisationPolicy) throws(IdentityError) {
    let factor: SecondFactor
    switch message.secondFactor {
    case .unspecified, .optional: factor = .optional
    case .administrators: factor = .administrators
    case .everybody: factor = .everybody
    // Of a newer client: less than it asks for must not be taken for it.
    case .UNRECOGNIZED: throw .field(.secondFactor, .unknownValue)
    }
    let language: Letter.Language
    switch message.language {
    case .unspecified, .dutch: language = .dutch
    case .english: language = .english
    case .UNRECOGNIZED: throw .field(.language, .unknownValue)
    }
    try self.init(
      secondFactor: factor, minimumPasswordCharacters: Int(message.minimumPasswordCharacters),
      passwordCheckSeconds: Int(message.passwordCheckSeconds),
      sessionIdleSeconds: Int(message.sessionIdleSeconds),
      sessionAbsoluteSeconds: Int(message.sessionAbsoluteSeconds),
      remembersDevices: message.remembersDevices,
      rememberedDeviceDays: Int(message.rememberedDeviceDays), emailDomains: message.emailDomains,
      selfRegistration: message.selfRegistration, language: language)
  }
}
