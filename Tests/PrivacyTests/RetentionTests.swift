import Cryptography
import Foundation
import Launch
import Postgres
import Schemas
import Storage
import StorageSupport
import SwiftProtobuf
import Testing

@testable import Privacy

/// Retention of the organisations' own rows (clause 28).
@Suite(.serialized) struct RetentionTests {
  private typealias Policies = RetentionServicePolicies

  /// A request of an access that was closed so long ago, with all that hangs on it.
  private func insertRequest(
    _ home: RegisterHome, _ tenant: UUID, about subject: UUID = UUID(), closedDaysAgo days: Double
  ) async throws -> UUID {
    let (id, closed) = (UUID(), home.clock.now - days * 86_400)
    try await home.base.admin.run([
      """
      INSERT INTO privacy.request (tenant_id, request_id, kind, state, subject_id, received_at,
        due_at, completed_at, archive_bytes)
      VALUES (\(tenant), \(id), 'access', 'completed', \(subject), \(closed), \(closed),
        \(closed), 3)
      """,
      """
      INSERT INTO privacy.request_step (tenant_id, request_id, service, done, tables,
        row_counts, found_tables, found_counts, updated_at)
      VALUES (\(tenant), \(id), 'goals', true, '{}', '{}', '{}', '{}', \(closed))
      """,
      """
      INSERT INTO privacy.archive_chunk (tenant_id, request_id, position, sealed)
      VALUES (\(tenant), \(id), 0, 'abc')
      """,
      """
      INSERT INTO privacy.download (tenant_id, request_id, code_digest, expires_at)
      VALUES (\(tenant), \(id), sha256('x'), \(closed))
      """,
      """
      INSERT INTO privacy.request_text (tenant_id, text_id, request_id, kind, sealed)
      VALUES (\(tenant), \(UUID()), \(id), 'outcome', 'abc')
      """,
    ])
    return id
  }

  private func insertHold(
    _ home: RegisterHome, _ tenant: UUID, on subject: UUID, endsInDays days: Double
  ) async throws {
    let end = home.clock.now + days * 86_400
    try await home.base.admin.run([
      """
      INSERT INTO privacy.legal_hold (tenant_id, hold_id, subject_id, ground, reference, placed_at,
        expires_at)
      VALUES (\(tenant), \(UUID()), \(subject), 'audit', 'x', \(end - 86_400), \(end))
      """
    ])
  }

  private func count(_ home: RegisterHome, _ table: String) async throws -> Int {
    let table = try SQLIdentifier(table)
    let rows = try await home.base.admin.run(["SELECT count(*) AS n FROM privacy.\(table)"])
    return Int(try rows[0][0].get("n", as: Int64.self))
  }

  private func plan(_ home: RegisterHome) async throws -> [PrivacyRetentionCategory: [UInt64]] {
    let plans = try await home.retention.planRetention(
      .init(), RegisterHome.operators(Policies.planRetention)
    ).plans
    return Dictionary(uniqueKeysWithValues: plans.map { ($0.category, [$0.due, $0.onHold]) })
  }

  private func sweep(_ home: RegisterHome) async throws -> [RetentionRule: RetentionReport] {
    let reports = try await home.retention.sweep.run(
      Mandate(tenant: .platform), orderedBy: .service("privacy"), pause: .zero
    ) { _, _, _ in }
    return Dictionary(uniqueKeysWithValues: reports.map { ($0.category, $0) })
  }

  @Test func `clause 28: archives go after 90 days, requests with all of theirs after 5 years`()
    async throws
  {
    try await RegisterHome.with { home in
      _ = try await insertRequest(home, RegisterHome.first, closedDaysAgo: 89)
      _ = try await insertRequest(home, RegisterHome.first, closedDaysAgo: 91)
      _ = try await insertRequest(home, RegisterHome.second, closedDaysAgo: 5 * 366)
      #expect(try await plan(home)[.archive] == [2, 0])
      #expect(try await plan(home)[.request] == [1, 0])
      let reports = try await sweep(home)
      #expect(reports[.archive]?.deleted == 2 && reports[.request]?.deleted == 1)
      for table in ["archive_chunk", "download"] {
        #expect(try await count(home, table) == 1, "\(table)")
      }
      for table in ["request", "request_step", "request_text"] {
        #expect(try await count(home, table) == 2, "\(table)")
      }
      #expect(try await sweep(home)[.archive]?.deleted == 0)
      home.clock.move(days: 2)
      #expect(try await sweep(home)[.archive]?.deleted == 1)
      home.clock.move(days: 5 * 366)
      #expect(try await sweep(home)[.request]?.deleted == 2)
      #expect(try await count(home, "request") == 0)
    }
  }

  @Test func `clause 12h: nothing goes of whom a legal hold is on, until it ends`() async throws {
    try await RegisterHome.with { home in
      let held = UUID()
      _ = try await insertRequest(
        home, RegisterHome.first, about: held, closedDaysAgo: 6 * 366)
      _ = try await insertRequest(home, RegisterHome.first, closedDaysAgo: 6 * 366)
      // The same person in another organisation is another one.
      _ = try await insertRequest(
        home, RegisterHome.second, about: held, closedDaysAgo: 6 * 366)
      try await insertHold(home, RegisterHome.first, on: held, endsInDays: 10)
      #expect(try await plan(home)[.request] == [3, 1])
      let reports = try await sweep(home)
      #expect(reports[.request]?.deleted == 2 && reports[.request]?.onHold == 1)
      #expect(try await count(home, "archive_chunk") == 1)
      home.clock.move(days: 11)
      #expect(try await sweep(home)[.request]?.deleted == 1)
      // The hold itself is evidence, for its own term.
      #expect(try await count(home, "legal_hold") == 1)
      home.clock.move(days: 5 * 366)
      #expect(try await sweep(home)[.legalHold]?.deleted == 1)
    }
  }

  @Test func `a request stays as long as a freeze that came of it`() async throws {
    try await RegisterHome.with { home in
      let tenant = RegisterHome.first
      let request = try await insertRequest(home, tenant, closedDaysAgo: 6 * 366)
      try await home.base.admin.run([
        """
        INSERT INTO privacy.purpose_freeze (tenant_id, freeze_id, subject_id, purpose, reason,
          request_id, frozen_at)
        VALUES (\(tenant), \(UUID()), \(UUID()), 'feedback', 'objection', \(request), now())
        """
      ])
      #expect(try await sweep(home)[.request]?.deleted == 0)
      let released = home.clock.now - 5 * 366 * 86_400
      try await home.base.admin.run([
        "UPDATE privacy.purpose_freeze SET released_at = \(released)"
      ])
      let reports = try await sweep(home)
      #expect(reports[.freeze]?.deleted == 1)
      // Its turn came before.
      #expect(try await sweep(home)[.request]?.deleted == 1)
    }
  }

  @Test func `complaints and notices of breaches go five years after the answer`() async throws {
    try await RegisterHome.with { home in
      let (tenant, long) = (RegisterHome.second, home.clock.now - 5 * 366 * 86_400)
      for answered in [long, home.clock.now] {
        try await home.base.admin.run([
          """
          INSERT INTO privacy.complaint (tenant_id, complaint_id, subject_id, state, text, answer,
            filed_at, answered_at)
          VALUES (\(tenant), \(UUID()), \(UUID()), 'upheld', 'x', 'y', \(long), \(answered))
          """,
          """
          INSERT INTO privacy.breach_notice (tenant_id, breach_id, revision, told_at)
          VALUES (\(tenant), \(UUID()), 1, \(answered))
          """,
        ])
      }
      let reports = try await sweep(home)
      #expect(reports[.complaint]?.deleted == 1 && reports[.breachNotice]?.deleted == 1)
      #expect(try await count(home, "complaint") == 1)
      #expect(try await count(home, "breach_notice") == 1)
      let listed = try await home.retention.listRetentionReports(
        .init(), RegisterHome.operators(Policies.listRetentionReports)).reports
      #expect(listed.contains { $0.category == .complaint && $0.deleted == 1 })
    }
  }

  @Test func `clause 12h: an operator's hold names a whole organisation that there is`()
    async throws
  {
    try await RegisterHome.with { home in
      func hold(_ organisation: UUID) async throws -> PrivacyRetentionHold {
        try await home.retention.holdRecord(
          .with {
            $0.category = .organisation
            $0.recordID = organisation.canonical
            $0.ground = "an invoice in dispute"
            $0.expiresAt = .init(date: home.clock.now + 86_400)
          }, RegisterHome.operators(Policies.holdRecord))
      }
      _ = try await hold(RegisterHome.first)
      try await expectRefused("NOT_FOUND", "organisation not found") { try await hold(UUID()) }
      try await expectRefused("INVALID_ARGUMENT", "category") {
        try await home.retention.holdRecord(
          .with {
            $0.category = .complaint
            $0.recordID = UUID().canonical
            $0.ground = "no record can be held alone"
            $0.expiresAt = .init(date: home.clock.now + 86_400)
          }, RegisterHome.operators(Policies.holdRecord))
      }
    }
  }
}
