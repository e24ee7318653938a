import Access
import FoundationEssentials
import Launch
import Schemas
import Storage

extension IdentityService {
  func setContract(
    _ request: IdentitySetContractRequest, _ call: Call
  ) async throws -> IdentityOrganisation {
    let period = try Period(
      begin: (.contractBegin, request.contractBegin), end: (.contractEnd, request.contractEnd))
    let agreement = request.hasAgreement ? try ProcessingAgreement(request.agreement) : nil
    return try await changeContract(request.organisationID, call) {
      (contract, today) throws(IdentityError) in
      try contract.agreed(period, agreement, on: today)
    }
  }

  func changeContract(
    _ organisation: String, _ call: Call,
    _ change: (Contract, Day) throws(IdentityError) -> Contract
  ) async throws -> IdentityOrganisation {
    let tenant = try call.tenant(organisation: organisation)
    let origin = try await origin(of: call, in: tenant)
    return try await database.transaction(call.mandate(tenant), repeatable: true) { transaction in
      let row = try await transaction.query(.organisationLock(tenant)).first
      guard let row else { throw IdentityError.organisationNotFound }
      var organisation = try OrganisationRow(row)
      let today = organisation.today(now())
      organisation.contract = try change(organisation.contract, today)
      try await transaction.query(.organisationSetContract(tenant, organisation.contract))
      try transaction.record(SecurityEvent(.contractChanged), by: origin, at: now())
      return IdentityOrganisation(organisation, on: today)
    }
  }
}
