import Access
import FoundationEssentials
import Launch
import Mail
import Postgres
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  /// Tokens that were issued under a policy that asked for less are taken back with it: who goes on
  /// refreshes, which asks everything again.
  func setOrganisationPolicy(
    _ request: IdentitySetOrganisationPolicyRequest, _ call: Call
  ) async throws -> IdentityOrganisationPolicy {
    let tenant = try call.tenant(organisation: request.organisationID)
    let policy = try OrganisationPolicy(request.policy)
    let origin = try await origin(of: call, in: tenant)
    try await database.transaction(call.mandate(tenant)) { transaction in
      let locked = try await transaction.query(
        all: [.policyLock(tenant), .organisationLock(tenant)])
      guard let organisation = try locked[1].first.map(OrganisationRow.init) else {
        throw IdentityError.organisationNotFound
      }
      let time = now()
      try organisation.contract.requireActive(on: organisation.today(time))
      try await transaction.query(
        all: [.organisationSetPolicy(tenant, policy)]
          + (policy.remembersDevices ? [] : [.deviceForgetAll(tenant)]))
      try transaction.record(SecurityEvent(.policyChanged), by: origin, at: time)
      if policy.isStricter(than: organisation.policy, settings.sessions) {
        try sessions.replaceTokensOfOrganisation(at: time, in: transaction)
      }
    }
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
