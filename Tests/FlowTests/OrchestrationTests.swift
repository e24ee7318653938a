import Archive
import Cryptography
import Foundation
import Postgres
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Requests are carried out in the background, step by step, whatever dies meanwhile.
@Suite(.timeLimit(.minutes(10))) struct OrchestrationTests {
  /// What holds a step up: rows that it has to change, or the place of the row that tells that it
  /// was done.
  struct Obstacle: Sendable {
    let name: String
    let isOwn: Bool
    let lock: SQL

    /// In the middle of what a service does for the step.
    static func rows(_ name: String, _ lock: SQL) -> Obstacle {
      Obstacle(name: "in the middle of \(name)", isOwn: false, lock: lock)
    }

    /// When the service is done, and it is not written down.
    static func step(_ service: String, of request: UUID, in tenant: UUID) -> Obstacle {
      Obstacle(
        name: "before the step of \(service) is stored", isOwn: true,
        lock: """
          INSERT INTO privacy.request_step
            (tenant_id, request_id, service, done, tables, row_counts, found_tables, found_counts,
             updated_at)
          VALUES (\(tenant), \(request), \(service), false, '{}', '{}', '{}', '{}', now())
          """)
    }
  }

  private struct Passed: Error {}

  /// Runs `body` while the obstacle stands, and takes it away without a trace.
  private static func with(
    _ obstacle: Obstacle, _ own: OwnPrivacy, _ body: (() async throws -> Int64) async throws -> Void
  ) async throws {
    let pool = obstacle.isOwn ? own.superuser : own.house.superuser
    do {
      try await pool.transaction { transaction in
        _ = try await transaction.query(obstacle.lock)
        try await body { try await transaction.waiters() }
        throw Passed()
      }
    } catch is Passed {}
  }

  /// Starts a process, kills it when the obstacle holds it up, and takes the obstacle away.
  static func kill(at obstacle: Obstacle, _ own: OwnPrivacy) async throws {
    try await with(obstacle, own) { waiting in
      let service = try await own.start()
      do {
        try await until("the process waits \(obstacle.name)") { try await waiting() > 0 }
      } catch {
        await own.kill(service)
        throw NotHeldUp(why: error, said: await service.lastWords())
      }
      await own.kill(service)
    }
  }

  private struct NotHeldUp: Error, CustomStringConvertible {
    let why: any Error
    let said: String
    var description: String { "\(why); the process said:\n\(said)" }
  }

  /// Makes a request at `service`, and approves it.
  private func begin(
    _ kind: PrivacyRequestKind, about subject: RightsTests.Subject, at service: OwnService
  ) async throws -> PrivacyPrivacyRequest {
    let made = try await OwnPrivacy.patiently {
      try await service.privacy.createRequest(
        .with {
          $0.kind = kind
          $0.subjectID = subject.member.id
        }, subject.officer.options)
    }
    guard made.state == .waitingForApproval else { return made }
    let deputy = try await subject.organisation.deputy()
    return try await service.requests.approveRequest(
      .with { $0.requestID = made.requestID }, deputy.options)
  }

  @Test func `kill -9 at each step of an erasure: it ends, with each step done`() async throws {
    let subject = try await RightsTests.subject()
    let tenant = subject.organisation.uuid
    try await OwnPrivacy.with { own in
      // Asked for at a process that finds none of the services, and dies.
      let first = try await own.start { settings in
        for name in ["feedback", "goals"] { settings["peers.\(name)"] = "127.0.0.1:9" }
      }
      let request = try await begin(.erasure, about: subject, at: first)
      await own.kill(first)
      let id = try #require(UUID(uuidString: request.requestID))
      let obstacles: [Obstacle] = [
        .rows(
          "feedback",
          "SELECT round_id FROM feedback.round WHERE tenant_id = \(tenant) FOR UPDATE"),
        .step("feedback", of: id, in: tenant),
        .rows("goals", "SELECT goal_id FROM goals.goal WHERE tenant_id = \(tenant) FOR UPDATE"),
        .step("goals", of: id, in: tenant),
        .rows(
          "identity",
          """
          SELECT person_id FROM identity.person
          WHERE tenant_id = \(tenant) AND person_id = \(subject.member.uuid) FOR UPDATE
          """),
        .step("identity", of: id, in: tenant),
        .step("privacy", of: id, in: tenant),
      ]
      for obstacle in obstacles {
        try await own.clearSteps(that: "NOT done", of: id)
        try await Self.kill(at: obstacle, own)
      }
      let last = try await own.start()
      let erased = try await RightsTests.closed(request.requestID, subject.officer, last.requests)
      try await expectErased(subject, erased, at: last, own)
      await own.kill(last)
    }
  }

  private func expectErased(
    _ subject: RightsTests.Subject, _ erased: PrivacyPrivacyRequest, at service: OwnService,
    _ own: OwnPrivacy
  ) async throws {
    #expect(erased.state == .completed && erased.subjectID.isEmpty, "\(erased)")
    #expect(Set(erased.steps.map(\.service)) == Set(HousePlan.stores))
    #expect(erased.steps.allSatisfy { $0.done && $0.found.allSatisfy { $0.rows == 0 } })
    expectCounts(erased.steps.flatMap { step in
      step.rows.map { ("\(step.service).\($0.table)", Int($0.rows)) }
    })
    let needles = [subject.member.id, subject.member.email, subject.goal.goalID] + subject.texts
    // The house's own privacy service knows nothing of it, and keeps what it has.
    let left = try await Tables.places(of: needles, in: own.house.superuser)
      .filter { !$0.hasPrefix("privacy.") }
    #expect(left.isEmpty, "left: \(left)")
    let leftHere = try await Tables.places(of: needles, in: own.superuser)
    #expect(leftHere.isEmpty, "left: \(leftHere)")
    // Once: a key is destroyed on the order of the deputy who approved, not of a service.
    for service in ["feedback", "goals", "identity", "privacy"] {
      let pool = service == "privacy" ? own.superuser : own.house.superuser
      let keys = try SQLIdentifier("\(service)_keys")
      let orders = try await pool.run([
        """
        SELECT ordered_by FROM \(keys).destruction
        WHERE tenant_id = \(subject.organisation.uuid) AND ordered_by LIKE 'person %'
        """
      ])[0]
      let count = orders.count
      // Feedback has keys of outsiders, too.
      #expect(service == "feedback" ? count >= 1 : count == 1, "\(service): \(count)")
    }
    let certificate = try await service.requests.getErasureCertificate(
      .with { $0.requestID = erased.requestID }, subject.officer.options)
    let keys = try await service.privacy.getArchiveKeys(.init()).keys
    let trusted = try Dictionary(
      uniqueKeysWithValues: keys.map {
        ($0.keyID, try Ed25519PublicKey(rawBytes: [UInt8]($0.publicKey)))
      })
    let verified = try ErasureCertificate.verify([UInt8](certificate.certificate), keys: trusted)
    #expect(Set(verified.certificate.services.map(\.service)) == Set(HousePlan.stores))
    #expect(Set(verified.certificate.holders ?? []) == Set(HousePlan.stores))
    expectCounts(
      try verified.certificate.receipts().flatMap { receipt in
        receipt.erasure.tables.map { ("\(receipt.erasure.service).\($0.table)", $0.rows) }
      })
  }

  /// What was deleted is counted once, whichever attempt has deleted it, and dies after that.
  private func expectCounts(_ rows: [(table: String, rows: Int)]) {
    let found = Dictionary(rows, uniquingKeysWith: +)
    let expected = [
      "feedback.round": 1, "feedback.invitation": 3, "feedback.feedback": 3, "goals.goal": 1,
      "goals.check_in": 1, "goals.goal_feedback": 2, "identity.person": 1,
      "identity.credential": 1,
    ]
    for (table, count) in expected { #expect(found[table] == count, "\(table): \(found)") }
  }

  @Test func `kill -9 before an archive is stored: it is there once, and whole`() async throws {
    let subject = try await RightsTests.subject()
    try await OwnPrivacy.with { own in
      let first = try await own.start { $0["peers.goals"] = "127.0.0.1:9" }
      let request = try await begin(.access, about: subject, at: first)
      await own.kill(first)
      let id = try #require(UUID(uuidString: request.requestID))
      try await own.clearSteps(that: "true", of: id)
      try await Self.kill(at: .step("goals", of: id, in: subject.organisation.uuid), own)
      let last = try await own.start()
      let done = try await RightsTests.closed(request.requestID, subject.officer, last.requests)
      #expect(done.state == .completed && done.steps.count == HousePlan.stores.count)
      var archive: [UInt8] = []
      for try await chunk in try await last.privacy.fetchArchive(
        .with { $0.requestID = request.requestID }, subject.officer.options)
      { archive += chunk.data }
      #expect(UInt64(archive.count) == done.archiveBytes)
      let text = String(decoding: archive, as: UTF8.self)
      for own in subject.texts { #expect(text.contains(own)) }
      await own.kill(last)
    }
  }

  @Test func `a service that is away delays an erasure, and does not drop it`() async throws {
    let subject = try await RightsTests.subject()
    let house = subject.organisation.house
    try await OwnPrivacy.with { own in
      // Nobody listens on the discard port of loopback.
      let cutOff = try await own.start { $0["peers.goals"] = "127.0.0.1:9" }
      let request = try await begin(.erasure, about: subject, at: cutOff)
      let asked = PrivacyGetRequestRequest.with { $0.requestID = request.requestID }
      let stopped = try await eventually("the erasure waits for goals") {
        let now = try await cutOff.privacy.getRequest(asked, subject.officer.options)
        return now.state == .incomplete ? now : nil
      }
      #expect(stopped.subjectID == subject.member.id, "who it is about must be known to go on")
      #expect(stopped.hasNextAttemptAt && !stopped.hasCompletedAt)
      let missed = try #require(stopped.steps.first { $0.service == "goals" })
      #expect(!missed.done && !missed.problem.isEmpty)
      #expect(!(try await Tables.places(of: [subject.goal.goalID], in: house.superuser)).isEmpty)
      try await expectRefusal(.failedPrecondition, what: "withdrawing what has begun") {
        try await cutOff.requests.withdrawRequest(
          .with { $0.requestID = request.requestID }, subject.officer.options)
      }
      await own.kill(cutOff)
      let whole = try await own.start()
      _ = try await OwnPrivacy.patiently {
        try await whole.privacy.resumeRequest(
          .with { $0.requestID = request.requestID }, subject.officer.options)
      }
      let done = try await RightsTests.closed(request.requestID, subject.officer, whole.requests)
      try await expectErased(subject, done, at: whole, own)
      try await expectRefusal(.failedPrecondition, what: "resuming once more") {
        try await whole.privacy.resumeRequest(
          .with { $0.requestID = request.requestID }, subject.officer.options)
      }
      await own.kill(whole)
    }
  }

  @Test func `two processes share the requests, and each is carried out once`() async throws {
    let organisation = try await Organisation.make()
    let officer = try await organisation.officer()
    let members = try await organisation.members("Een Deel", "Twee Deel", "Drie Deel", "Vier Deel")
    try await OwnPrivacy.with { own in
      let services = [try await own.start(), try await own.start()]
      var ids: [String] = []
      for (number, member) in members.enumerated() {
        let made = try await OwnPrivacy.patiently {
          try await services[number % 2].privacy.createRequest(
            .with {
              $0.kind = .access
              $0.subjectID = member.id
            }, officer.options)
        }
        ids.append(made.requestID)
      }
      for id in ids {
        let done = try await RightsTests.closed(id, officer, services[0].requests)
        #expect(done.state == .completed, "\(done.steps)")
      }
      let exports = try await own.house.sql(
        """
        SELECT count(*) AS n FROM identity.security_event
        WHERE tenant_id = \(organisation.uuid) AND kind = 'data_exported'
        """)[0][0]
      #expect(try exports.get("n", as: Int64.self) == Int64(members.count))
      for service in services { await own.kill(service) }
    }
  }
}

extension OwnPrivacy {
  /// Takes steps of a request away: an obstacle stands where one is to be stored first.
  fileprivate func clearSteps(that are: SQL, of request: UUID) async throws {
    _ = try await superuser.run([
      "DELETE FROM privacy.request_step WHERE request_id = \(request) AND \(are)"
    ])
  }
}
