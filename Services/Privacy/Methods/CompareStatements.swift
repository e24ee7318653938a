import Access
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// Compares versions of statements.
struct StatementService: StatementServiceHandler {
  let database: Database
  let now: @Sendable () -> Date

  func compareStatements(
    _ request: PrivacyCompareStatementsRequest, _ call: Call
  ) async throws -> PrivacyCompareStatementsResponse {
    let tenant = try call.tenant(ofStatement: request.organisationID)
    guard request.fromVersion > 0 else {
      throw RPCError.invalid("from_version", "is missing: give the number of a version")
    }
    let to = request.toVersion == 0 ? nil : request.toVersion
    let (old, new) = try await database.transaction(call.mandate(tenant)) {
      (
        try await StatementStore.fetch(version: request.fromVersion, at: now(), in: $0),
        try await StatementStore.fetch(version: to, at: now(), in: $0)
      )
    }
    guard let old, let new else { throw StatementError.versionAbsent }
    return .with {
      $0.fromVersion = old.row.version
      $0.toVersion = new.row.version
      $0.changes = StatementChanges(from: old.markdown, to: new.markdown).message
    }
  }
}

extension StatementChanges {
  var message: PrivacyStatementChanges {
    .with {
      $0.isTooLarge = isTooLarge
      $0.lines = lines.map { line in
        .with {
          $0.number = UInt32(line.number)
          $0.isRemoved = line.isRemoved
          $0.text = line.text
        }
      }
    }
  }
}
