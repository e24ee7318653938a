package import Access
import Archive
import Cryptography
package import Foundation
import Logging
import RPC
package import Schemas
import Storage
import SwiftProtobuf
import Synchronization

/// Tries the wall between the tenants of this service and answers about it: the two methods of
/// `IdentitySelfTestService` and its like, the same in every service. One run at a time.
package final class SelfTestDesk: Sendable {
  /// Attempts by methods that one run takes from an operator's tool.
  static let maximumMethodTrials = 500
  static let maximumTrialBytes = 1_024

  private let runtime: Runtime
  private let migrations: URL
  private let isRunning = Mutex(false)

  /// `migrations`: the service's own files, to find what is pending.
  package init(_ runtime: Runtime, migrations: URL) {
    self.runtime = runtime
    self.migrations = migrations
  }

  package func selfTest(
    _ request: IsolationSelfTestRequest, _ call: Call
  ) async throws -> IsolationSelfTestResult {
    let methods = try request.methods.enumerated().map { try Self.attempt($1, at: $0) }
    guard methods.count <= Self.maximumMethodTrials else {
      throw RPCError.invalid("methods", "must be at most \(Self.maximumMethodTrials)")
    }
    let begins = isRunning.withLock { running in
      defer { running = true }
      return !running
    }
    guard begins else {
      throw RPCError(.aborted, "a self-test is running here: ask for its result with GetSelfTest")
    }
    defer { isRunning.withLock { $0 = false } }
    let finished = runtime.now()
    let report = SelfTestReport(
      service: runtime.name, finishedAt: finished.formatted(.iso8601),
      tables: try await tables(call.rpc.deadline), methods: methods)
    let key = try await ServiceSigningKey(vault: runtime.vault, for: .selfTest)
    let signed = try SignedDocument.write(report, keyID: key.id, signedWith: key.key)
    try await results().add(signed, passed: report.passed, finishedAt: finished)
    for breach in report.breaches {
      runtime.logger.critical(
        "the wall between tenants has a hole",
        metadata: [
          "subject": "\(breach.subject)", "attempt": "\(breach.attempt)",
          "breach": "\(breach.breach ?? "")",
        ])
    }
    return try answer(signed, key)
  }

  package func getSelfTest(
    _ request: IsolationGetSelfTestRequest, _ call: Call
  ) async throws -> IsolationSelfTestResult {
    guard let signed = try await results().latest() else {
      throw RPCError.notFound("no self-test has run yet")
    }
    return try answer(signed, try await ServiceSigningKey(vault: runtime.vault, for: .selfTest))
  }

  /// What the catalogue shows, and what two canaries could do in both schemas.
  private func tables(
    _ deadline: ContinuousClock.Instant?
  ) async throws -> [SelfTestReport.Attempt] {
    let findings = try await runtime.findings(migrations: migrations)
    var attempts = findings.map {
      SelfTestReport.Attempt(
        subject: $0.subject, attempt: "read the catalogue", breach: "\($0.problem): \($0.remedy)")
    }
    if findings.isEmpty {
      attempts.append(
        SelfTestReport.Attempt(
          subject: runtime.name, attempt: "read the catalogue", breach: nil))
    }
    let stores = [(runtime.data, runtime.name), (runtime.keys.pool, "\(runtime.name)_keys")]
    for (pool, schema) in stores {
      let trials = try await SelfTest(pool: pool, schema: schema, deadline: deadline).run()
      attempts += trials.map {
        SelfTestReport.Attempt(subject: $0.subject, attempt: $0.attempt, breach: $0.breach)
      }
    }
    return attempts
  }

  private func results() throws -> SelfTestResults {
    try SelfTestResults(pool: runtime.data, schema: runtime.name)
  }

  /// Verified again as it goes out: what was changed in the database is not passed on as ours.
  private func answer(
    _ signed: String, _ key: ServiceSigningKey
  ) throws -> IsolationSelfTestResult {
    let bytes = Array(signed.utf8)
    let report = try SignedDocument.verify(
      bytes, keys: [key.id: key.key.publicKey], as: SelfTestReport.self
    ).content
    return .with {
      if let date = try? Date(report.finishedAt, strategy: .iso8601) {
        $0.finishedAt = Google_Protobuf_Timestamp(date: date)
      }
      $0.passed = report.passed
      $0.attempts = UInt64(report.attempts)
      $0.breaches = report.breaches.map { breach in
        .with {
          $0.subject = breach.subject
          $0.attempt = breach.attempt
          $0.breach = breach.breach ?? ""
        }
      }
      $0.report = Data(bytes)
      $0.publicKey = Data(key.key.publicKey.rawBytes)
      $0.keyID = key.id
    }
  }

  private static func attempt(
    _ trial: IsolationTrial, at index: Int
  ) throws(RPCError) -> SelfTestReport.Attempt {
    let bytes = trial.subject.utf8.count + trial.attempt.utf8.count + trial.breach.utf8.count
    guard bytes <= maximumTrialBytes, !trial.subject.isEmpty else {
      throw .invalid(
        "methods[\(index)]", "must have a subject and at most \(maximumTrialBytes) bytes")
    }
    return SelfTestReport.Attempt(
      subject: trial.subject, attempt: trial.attempt,
      breach: trial.breach.isEmpty ? nil : trial.breach)
  }
}
