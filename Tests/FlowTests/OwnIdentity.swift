import Cryptography
import Foundation
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf

/// The identity service on a database of one test's own, with an operator. Its mail goes where the
/// test says, and nobody else takes it from its outbox.
struct OwnIdentity: Sendable {
  let database: OwnDatabase
  private let password: String

  private static let email = "operator@example.org"

  static func with(_ body: (OwnIdentity) async throws -> Void) async throws {
    try await OwnDatabase.with("identity") { database in
      let password = Samples.password()
      try await database.migrate()
      try await database.run(["operator", "--email", email], input: "\(password)\n")
      try await body(OwnIdentity(database: database, password: password))
    }
  }

  /// An operator's, for a session that begins with the call.
  func operators(_ process: OwnService) async throws -> CallOptions {
    let answer = try await OwnPrivacy.patiently {
      try await process.identity.login(
        .with {
          $0.organisationID = Organisation.platformID
          $0.email = Self.email
          $0.password = password
        })
    }
    return .bearer(answer.accessToken)
  }

  /// The id of an organisation that is known here alone.
  func organisation(_ process: OwnService, _ operators: CallOptions) async throws -> String {
    try await OwnPrivacy.patiently {
      try await process.identity.registerOrganisation(
        Samples.registration("Eigen \(UUID().canonical)"), operators
      ).organisationID
    }
  }
}

extension OwnService {
  var identity: IdentityServiceClient { IdentityServiceClient(client) }
}
