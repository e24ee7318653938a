import Access
import FoundationEssentials
import Mail
import Schemas
import SwiftProtobuf

extension IdentityService {
  func getOrganisationPolicy(
    _ request: IdentityGetOrganisationPolicyRequest, _ call: Call
  ) async throws -> IdentityOrganisationPolicy {
    let tenant = try call.tenant(organisation: request.organisationID)
    return IdentityOrganisationPolicy(try await organisation(tenant, call).policy)
  }
}

extension IdentityOrganisationPolicy {
  init(_ policy: OrganisationPolicy) {
    func seconds(_ duration: Duration?) -> UInt32 {
      UInt32(clamping: duration?.components.seconds ?? 0)
    }
    self = .with {
      $0.secondFactor =
        switch policy.secondFactor {
        case .optional: .optional
        case .administrators: .administrators
        case .everybody: .everybody
        }
      $0.minimumPasswordCharacters = UInt32(policy.minimumPasswordCharacters ?? 0)
      $0.passwordCheckSeconds = seconds(policy.passwordCheck)
      $0.sessionIdleSeconds = seconds(policy.sessionIdle)
      $0.sessionAbsoluteSeconds = seconds(policy.sessionAbsolute)
      $0.remembersDevices = policy.remembersDevices
      $0.rememberedDeviceDays = UInt32(policy.rememberedDeviceDays ?? 0)
      $0.emailDomains = policy.emailDomains.map(\.text)
      $0.selfRegistration = policy.selfRegistration
      $0.language = IdentityLanguage(policy.language)
    }
  }
}

extension IdentityLanguage {
  init(_ language: Letter.Language) {
    switch language {
    case .dutch: self = .dutch
    case .english: self = .english
    }
  }
}
