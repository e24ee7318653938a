package import Access
import Archive
import Cryptography
package import Foundation
import RPC
package import Schemas
package import Storage
import SwiftProtobuf

/// Answers the privacy service at the end of an organisation: `TenantDataService`, the same in
/// every service that holds data of organisations.
package struct TenantDesk: TenantDataServiceHandler {
  /// Longest that one call works, of which several make an erasure.
  static let turn: Duration = .seconds(15)
  /// Left of a call's deadline for its answer.
  static let margin: Duration = .seconds(5)

  /// Throws where the service itself knows that the organisation must stay.
  package typealias Demand = @Sendable (_ tenant: UUID) async throws -> Void
  /// What the service does when rows and keys are gone; twice is once.
  package typealias Finish = @Sendable (_ tenant: UUID) async throws -> Void

  private let erasure: TenantErasure
  private let signer: ErasureSigner
  private let demand: Demand
  private let finish: Finish

  package init(
    _ erasure: TenantErasure, signer: ErasureSigner, demand: @escaping Demand = { _ in },
    finish: @escaping Finish = { _ in }
  ) {
    (self.erasure, self.signer, self.demand, self.finish) = (erasure, signer, demand, finish)
  }

  package func eraseTenant(
    _ request: TenantEraseTenantRequest, _ call: Call
  ) async throws -> TenantEraseTenantResponse {
    let tenant = try Self.tenant(call, request.organisationID)
    let id = try UUID(field: "erasure_id", request.erasureID)
    try await demand(tenant)
    var end = ContinuousClock.now + Self.turn
    if let deadline = call.rpc.deadline { end = min(end, deadline - Self.margin) }
    let progress = try await erasure.run(
      tenant, erasure: id, orderedBy: OrderedBy(call), until: end)
    if progress.isDone { try await finish(tenant) }
    return try .with {
      $0.done = progress.isDone
      $0.erased = progress.erased.map { rows in
        .with {
          $0.table = rows.table
          $0.rows = UInt64(rows.rows)
        }
      }
      guard progress.isDone else { return }
      $0.receipt = Data(try signer.erased(progress, of: tenant, erasure: id).utf8)
      $0.publicKey = Data(signer.publicKey)
    }
  }

  package func scanTenant(
    _ request: TenantScanTenantRequest, _ call: Call
  ) async throws -> TenantScanTenantResponse {
    let tenant = try Self.tenant(call, request.organisationID)
    let id = try UUID(field: "erasure_id", request.erasureID)
    let findings = try await erasure.scan(tenant, deadline: call.rpc.deadline)
    return try .with {
      $0.tables = findings.map { finding in
        .with {
          $0.table = finding.table
          $0.rowsLeft = UInt64(finding.rowsLeft)
          $0.keptBecause = finding.ground ?? ""
        }
      }
      $0.receipt = Data(try signer.scanned(findings, of: tenant, erasure: id).utf8)
      $0.publicKey = Data(signer.publicKey)
    }
  }

  /// The platform is no client organisation, whoever names it.
  private static func tenant(_ call: Call, _ organisation: String) throws(RPCError) -> UUID {
    let tenant = try call.tenant(organisation: organisation)
    guard tenant != .platform else { throw Call.organisationNotFound }
    return tenant
  }
}

extension ErasureSigner {
  /// A signed `TenantErasureReceipt`.
  package func erased(
    _ progress: TenantErasure.Progress, of tenant: UUID, erasure: UUID
  ) throws -> String {
    try sign(
      TenantErasureReceipt(
        service: service, erasureID: erasure.canonical,
        organisationID: tenant.canonical,
        tables: progress.erased.map { ErasureReceipt.Table(table: $0.table, rows: $0.rows) },
        keysDestroyed: progress.isDone,
        erasedAt: progress.erasedAt?.formatted(.iso8601) ?? ""))
  }

  /// A signed `TenantScanReceipt`.
  package func scanned(
    _ findings: [TenantErasure.Finding], of tenant: UUID, erasure: UUID
  ) throws -> String {
    try sign(
      TenantScanReceipt(
        service: service, erasureID: erasure.canonical,
        organisationID: tenant.canonical,
        tables: findings.map {
          TenantScanReceipt.Table(
            table: $0.table, rowsLeft: $0.rowsLeft, keptBecause: $0.ground)
        }, scannedAt: now().formatted(.iso8601)))
  }
}
