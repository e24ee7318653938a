import Cryptography
package import Foundation
package import Logging
import Mail
import Reactor
package import Storage
import Synchronization
package import Telemetry

/// Sends what waits in a service's outbox, for ever: what was just put there at once, what was put
/// off when it is due.
///
/// At least once: a process that dies between the relay's yes and writing it down leaves the
/// message to be sent again, under the same Message-ID.
package struct Postman: Sendable {
  /// Taken at a time by one of the connections, and of them of one organisation.
  static let batch = 50
  static let share = 20
  /// No message of a batch is begun after so long; with the last one's own limit well within the
  /// outbox's lease.
  static let batchTime: Duration = .seconds(20)
  /// Between two looks for what other processes have put into the outbox.
  static let pollInterval: Duration = .seconds(1)
  /// Before the second attempt at one; doubled each time, up to the longest, and by lot up to a
  /// fifth longer.
  static let firstDelay: TimeInterval = 60
  static let longestDelay: TimeInterval = 3_600
  /// Between two rounds while no mail goes at all, and before the next attempt at the one by which
  /// that was found out.
  static let longestPause: Duration = .seconds(15)
  static let closedDelay: TimeInterval = 15
  /// What was given up is shown, and can be tried again, for so long.
  static let deadLifetime: TimeInterval = 30 * 86_400
  static let countInterval: Duration = .seconds(30)

  private let outbox: Outbox
  private let settings: MailSettings
  private let meter: PostmanMeter
  private let logger: Logger
  private let now: @Sendable () -> Date
  /// Its own threads: a relay that is slow holds nothing else up.
  private let blocking: BlockingPool

  package init(
    _ outbox: Outbox, _ settings: MailSettings, metrics: MetricsRegistry, logger: Logger,
    now: @escaping @Sendable () -> Date
  ) {
    self.outbox = outbox
    self.settings = settings
    self.logger = logger
    self.now = now
    meter = PostmanMeter(metrics)
    blocking = BlockingPool(threads: settings.connections, queueLimit: settings.connections)
  }

  /// Ends with its task; what is on its way then is finished, and nothing more begun.
  package func keepGoing() async throws {
    defer { shutdown() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<settings.connections { group.addTask { try await deliver() } }
      group.addTask { try await count() }
      try await group.waitForAll()
    }
  }

  /// Ends its threads; for who asks for single rounds.
  package func shutdown() { blocking.shutdown() }

  /// What one round has found.
  package enum Round: Sendable, Equatable {
    case nothingDue
    case done
    /// Why no mail goes now.
    case closed(String)
  }

  private func deliver() async throws {
    var pause = Duration.seconds(1)
    while true {
      try Task.checkCancellation()
      do {
        switch try await round() {
        case .done: pause = .seconds(1)
        case .nothingDue: await outbox.wait(orFor: Self.pollInterval)
        case .closed(let reason):
          logger.warning("no mail goes; it waits", metadata: ["reason": "\(reason)"])
          try await Task.sleep(for: pause)
          pause = min(pause * 2, Self.longestPause)
        }
      } catch {
        try Task.checkCancellation()
        logger.warning("the outbox cannot be read", metadata: ["error": "\(error)"])
        try await Task.sleep(for: pause)
        pause = min(pause * 2, Self.longestPause)
      }
    }
  }

  /// Takes what is due, up to a batch, sends it and writes down what came of it.
  package func round() async throws -> Round {
    let claims = try await outbox.claim(limit: Self.batch, share: Self.share, at: now())
    guard !claims.isEmpty else { return .nothingDue }
    var parcels: [Parcel] = []
    var results: [UUID: [UUID: OutboxResult]] = [:]
    for (tenant, claims) in Dictionary(grouping: claims, by: \.tenant) {
      do {
        results[tenant] = try await open(claims.map(\.id), of: tenant, &parcels)
      } catch {
        try Task.checkCancellation()
        // One organisation's trouble is not the others': its mail waits for the lease to end.
        logger.warning(
          "an organisation's mail cannot be read",
          metadata: ["organisation": "\(tenant.canonical)", "error": "\(error)"])
      }
    }
    let outcomes = try await send(&parcels)
    var closed: String?
    for (parcel, outcome) in zip(parcels, outcomes) {
      if case .failed(.closed(let reason)) = outcome { closed = reason }
      results[parcel.tenant]?[parcel.piece.id] = result(of: outcome, parcel)
    }
    // Also when the process is told to stop meanwhile: what was sent must not be sent again.
    let settled = Task { [outbox, results] in
      for (tenant, results) in results { try await outbox.settle(results, of: tenant) }
    }
    try await settled.value
    return closed.map { .closed($0) } ?? .done
  }

  /// Adds what is to be sent to `parcels`, and says what becomes of the rest.
  private func open(
    _ ids: [UUID], of tenant: UUID, _ parcels: inout [Parcel]
  ) async throws -> [UUID: OutboxResult] {
    // A row that is gone: its person was erased.
    var results = Dictionary(uniqueKeysWithValues: ids.map { ($0, OutboxResult.gone) })
    for piece in try await outbox.open(ids, of: tenant) {
      // Its key is destroyed, or it was given up long ago.
      guard let content = piece.content, !piece.isDead else { continue }
      if let mail = try? JSONDecoder().decode(Mail.self, from: Data(content)) {
        parcels.append(Parcel(tenant: tenant, piece: piece, mail: mail))
      } else {
        results[piece.id] = dead(piece, of: tenant, "unreadable")
      }
    }
    return results
  }

  private struct Parcel: Sendable {
    let tenant: UUID
    let piece: OutboxPiece
    let mail: Mail
  }

  /// One outcome for each that is left in `parcels`: not for those that have expired.
  private func send(_ parcels: inout [Parcel]) async throws -> [MailOutcome] {
    let time = now()
    let expired = parcels.filter { $0.piece.expiresAt <= time }
    for parcel in expired {
      log(.warning, "mail expired before it was sent", parcel.piece, of: parcel.tenant)
    }
    meter.expired.add(Double(expired.count))
    parcels.removeAll { $0.piece.expiresAt <= time }
    guard !parcels.isEmpty else { return [] }
    var messages: [MailMessage] = []
    var refused: [Int: MailFault] = [:]
    for (place, parcel) in parcels.enumerated() {
      do throws(MailFault) {
        messages.append(
          try MailMessage(
            parcel.mail, from: settings.sender, id: parcel.piece.id,
            date: parcel.piece.createdAt))
      } catch {
        refused[place] = error
      }
    }
    let (route, ready, stop) = (settings.route, messages, StopFlag())
    var outcomes = try await withTaskCancellationHandler {
      try await blocking.run {
        let end = ContinuousClock.now + Self.batchTime
        return route.send(ready) { .now < end && !stop.isSet }
      }
    } onCancel: {
      stop.set()
    }
    for (place, fault) in refused.sorted(by: { $0.key < $1.key }) {
      outcomes.insert(.failed(fault), at: place)
    }
    return outcomes
  }

  private func result(of outcome: MailOutcome, _ parcel: Parcel) -> OutboxResult {
    let time = now()
    switch outcome {
    case .sent:
      meter.sent.add()
      return .gone
    case .untried: return .untried(time)
    // Behind the others, in case it is this one that the relay chokes on.
    case .failed(.closed): return .untried(time + Self.closedDelay)
    case .failed(.postponed(let reason)) where parcel.piece.attempts < settings.attempts:
      meter.retried.add()
      log(.notice, "mail put off", parcel.piece, of: parcel.tenant, reason)
      return .later(time + Self.delay(after: parcel.piece.attempts), reason: reason)
    case .failed(let fault): return dead(parcel.piece, of: parcel.tenant, fault.reason)
    }
  }

  private func dead(_ piece: OutboxPiece, of tenant: UUID, _ reason: String) -> OutboxResult {
    let time = now()
    meter.dead.add()
    log(.warning, "mail given up", piece, of: tenant, reason)
    return .dead(at: time, reason: reason, keptUntil: time + Self.deadLifetime)
  }

  /// Up to a fifth more than it says, by lot.
  static func delay(after attempts: Int) -> TimeInterval {
    let doublings = min(max(attempts - 1, 0), 10)
    return min(firstDelay * Double(1 << doublings), longestDelay) * Double.random(in: 1...1.2)
  }

  /// Who it goes to is nobody's to read in a log.
  private func log(
    _ level: Logger.Level, _ message: Logger.Message, _ piece: OutboxPiece, of tenant: UUID,
    _ reason: String? = nil
  ) {
    var metadata: Logger.Metadata = [
      "mail": "\(piece.id.canonical)", "kind": "\(piece.kind)",
      "organisation": "\(tenant.canonical)", "attempts": "\(piece.attempts)",
    ]
    if let reason { metadata["reason"] = "\(reason)" }
    logger.log(level: level, message, metadata: metadata)
  }

  private func count() async throws {
    while true {
      // What cannot be read now is said by those who deliver.
      if let counts = try? await outbox.counts() {
        meter.waiting.set(Double(counts.waiting))
        meter.given.set(Double(counts.dead))
      }
      try await Task.sleep(for: Self.countInterval)
    }
  }
}

/// That no message more is to be begun.
private final class StopFlag: Sendable {
  private let flag = Mutex(false)

  var isSet: Bool { flag.withLock(\.self) }
  func set() { flag.withLock { $0 = true } }
}

/// What a process counts of its mail.
private struct PostmanMeter: Sendable {
  let sent: Counter
  let retried: Counter
  let dead: Counter
  let expired: Counter
  let waiting: Gauge
  let given: Gauge

  init(_ metrics: MetricsRegistry) {
    sent = metrics.counter("ikso_mail_sent_total", "Mails that were handed over.")
    retried = metrics.counter(
      "ikso_mail_retried_total", "Attempts at a mail that was put off, to be tried again.")
    dead = metrics.counter("ikso_mail_dead_total", "Mails that were given up.")
    expired = metrics.counter(
      "ikso_mail_expired_total", "Mails that had become useless before they could be sent.")
    waiting = metrics.gauge("ikso_mail_waiting", "Mails that wait, of all processes.")
    given = metrics.gauge("ikso_mail_dead", "Mails that were given up and are still kept.")
  }
}
