import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage

extension IdentityService {
  func createServiceAccount(
    _ request: IdentityCreateServiceAccountRequest, _ call: Call
  ) async throws -> IdentityServiceAccount {
    let time = now()
    let account = ServiceAccount(
      id: UUID(), name: try ServiceAccountName(request.name).text,
      scopes: try ServiceScopes.service.check(request.scopes), reach: try reach(request),
      createdAt: time,
      expiresAt: time
        + (try ServiceAccountLimits.days(
          request.validDays, upTo: ServiceAccountLimits.accountDays)))
    try await requireOrganisations(account.reach, call)
    do {
      try await database.once(
        call.mandate(.platform), .serviceAccountInsert(account),
        try await securityEvent(SecurityEvent(.serviceAccountCreated), of: .platform, call))
    } catch let error as PostgresError {
      guard error.violatedConstraint == "service_account_name" else { throw error }
      throw ServiceAccountError.nameTaken
    }
    return IdentityServiceAccount(account, [], forOperator: true)
  }

  private func reach(
    _ request: IdentityCreateServiceAccountRequest
  ) throws -> ServiceAccount.Reach {
    guard request.organisationIds.isEmpty == request.allOrganisations else {
      throw ServiceAccountError.field(.organisationIDs, .eitherOr)
    }
    if request.allOrganisations { return .all }
    let limit = ServiceAccountLimits.organisations
    guard request.organisationIds.count <= limit else {
      throw ServiceAccountError.field(.organisationIDs, .tooMany(limit: limit))
    }
    let ids = try request.organisationIds.map { try UUID(field: "organisation_ids", $0) }
    return .some(Set(ids).sorted { $0.uuidString < $1.uuidString })
  }

  private func requireOrganisations(_ reach: ServiceAccount.Reach, _ call: Call) async throws {
    guard case .some(let organisations) = reach else { return }
    let known: Int64 = try await database.once(
      call.mandate(.platform), .directoryCount(of: organisations))[0][0].get("known")
    guard known == organisations.count else { throw IdentityError.organisationNotFound }
  }
}
