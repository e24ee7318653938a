import Access
import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf

/// What the identity service knows of people and organisations.
extension FeedbackService {
  /// The names of people of `tenant`, in the order asked. NOT_FOUND becomes `absent`.
  func names(
    _ people: [UUID], tenant: UUID, _ options: CallOptions, absent: FeedbackError
  ) async throws -> [String] {
    let answer: IdentityGetColleaguesResponse
    do {
      answer = try await identity.getColleagues(
        .with {
          $0.personIds = people.map(\.canonical)
          $0.organisationID = tenant.canonical
        }, options)
    } catch {
      guard error.code == .notFound else { throw error }
      throw absent
    }
    guard answer.colleagues.count == people.count else { throw absent }
    return answer.colleagues.map(\.name)
  }

  /// The service asks in its own name: participants may not read an organisation's record.
  func organisation(_ tenant: UUID, _ call: Call) async throws -> IdentityOrganisation {
    try await identity.getOrganisation(
      .with { $0.organisationID = tenant.canonical }, call.inOwnName.forwarded)
  }
}

extension FeedbackService {
  /// Without an active contract nothing is written about people (clause 5). People's tokens end
  /// with it; a guest has none.
  func requireContract(_ tenant: UUID, _ call: Call) async throws {
    switch try await organisation(tenant, call).state {
    case .draft, .terminated, .erased: throw FeedbackError.contractNotActive
    // An identity service of before says nothing, and refuses by itself what it has to.
    case .active, .unspecified, .UNRECOGNIZED: return
    }
  }
}
