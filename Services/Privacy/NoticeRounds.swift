import Cryptography
import Foundation
import Logging
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Telemetry

/// Hands notices over to identity, for ever, the most urgent first. A notice is here until identity
/// has said that it has it, and identity takes each once: whatever dies or is away delays it and
/// neither drops nor doubles it.
struct NoticeRounds: Sendable {
  /// Taken at a time, and how long identity has for one: within the lease of the queue.
  static let batch = 10
  static let callTimeout: Duration = .seconds(5)
  /// Between two looks at what waits.
  static let pollInterval: Duration = .seconds(1)
  /// Seconds before a notice that failed by itself is tried again; doubled up to the longest.
  static let firstDelay: TimeInterval = 2
  static let longestDelay: TimeInterval = 900
  /// After identity, or the queue, could not be reached: the first, doubled up to the longest.
  static let firstPause: Duration = .seconds(1)
  static let longestPause: Duration = .seconds(15)
  static let countInterval: Duration = .seconds(30)

  private let queue: NoticeQueue
  private let identity: NoticeServiceClient
  private let logger: Logger
  private let now: @Sendable () -> Date
  private let delivered: Counter
  private let waiting: Gauge

  init(
    _ queue: NoticeQueue, to identity: NoticeServiceClient, metrics: MetricsRegistry,
    logger: Logger, now: @escaping @Sendable () -> Date
  ) {
    (self.queue, self.identity, self.logger, self.now) = (queue, identity, logger, now)
    delivered = metrics.counter(
      "ikso_notices_delivered_total", "Notices to people that identity has taken over.")
    waiting = metrics.gauge(
      "ikso_notices_waiting", "Notices whose time has come and that identity has not got.")
  }

  /// Ends with its task.
  func keepGoing() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await deliver() }
      group.addTask { try await count() }
      try await group.waitForAll()
    }
  }

  private func deliver() async throws {
    var pause = Self.firstPause
    while true {
      try Task.checkCancellation()
      do {
        switch try await round() {
        case .nothing: try await Task.sleep(for: Self.pollInterval)
        case .done: pause = Self.firstPause
        case .unreachable:
          try await Task.sleep(for: pause)
          pause = min(pause * 2, Self.longestPause)
        }
      } catch {
        try Task.checkCancellation()
        logger.warning("notices cannot be looked for", metadata: ["error": "\(error)"])
        try await Task.sleep(for: pause)
        pause = min(pause * 2, Self.longestPause)
      }
    }
  }

  enum Round: Sendable, Equatable {
    case nothing
    case done
    /// Identity is away, and what was taken is put back.
    case unreachable
  }

  func round() async throws -> Round {
    let claims = try await queue.claim(limit: Self.batch, at: now())
    guard !claims.isEmpty else { return .nothing }
    for (position, claim) in claims.enumerated() {
      let refusal = await send(claim)
      try Task.checkCancellation()
      switch refusal?.code {
      case nil:
        delivered.add()
        try await queue.remove(claim)
      case .notFound:
        log(.notice, "a notice has nobody left to tell", claim)
        try await queue.remove(claim)
      case .unavailable, .deadlineExceeded:
        try await queue.putOff(Array(claims[position...]), until: now())
        log(.warning, "notices wait: identity is away", claim)
        return .unreachable
      default:
        log(.error, "identity does not take a notice; it is tried again", claim, refusal)
        try await queue.putOff([claim], until: now() + Self.delay(after: claim.attempts))
      }
    }
    return .done
  }

  /// Why identity did not take it; nil: it did.
  private func send(_ claim: NoticeClaim) async -> RPCError? {
    do throws(RPCError) {
      _ = try await identity.sendNotice(
        NoticeSendNoticeRequest(claim), CallOptions(timeout: Self.callTimeout))
      return nil
    } catch {
      return error
    }
  }

  private static func delay(after attempts: Int) -> TimeInterval {
    let doublings = min(max(attempts - 1, 0), 20)
    return min(firstDelay * Double(1 << doublings), longestDelay) * Double.random(in: 1...1.2)
  }

  private func log(
    _ level: Logger.Level, _ message: Logger.Message, _ claim: NoticeClaim,
    _ error: RPCError? = nil
  ) {
    var metadata: Logger.Metadata = [
      "notice": "\(claim.notice.id.canonical)", "kind": "\(claim.notice.kind.rawValue)",
      "organisation": "\(claim.organisation.canonical)", "attempts": "\(claim.attempts)",
    ]
    if let error { metadata["error"] = "\(error)" }
    logger.log(level: level, message, metadata: metadata)
  }

  private func count() async throws {
    while true {
      // What cannot be read now is said by who delivers.
      if let count = try? await queue.waiting(at: now()) { waiting.set(Double(count)) }
      try await Task.sleep(for: Self.countInterval)
    }
  }
}

extension NoticeSendNoticeRequest {
  fileprivate init(_ claim: NoticeClaim) {
    let notice = claim.notice
    self = .with {
      $0.noticeID = notice.id.canonical
      $0.organisationID = claim.organisation.organisationText
      $0.audience =
        switch notice.audience {
        case .authorisedPersons: .authorisedPersons
        case .responsible: .responsible
        case .everyone: .everyone
        case .person: .person
        }
      $0.personID = notice.person?.canonical ?? ""
      $0.kind = notice.kind.message
      $0.referenceID = notice.reference?.canonical ?? ""
      $0.version = UInt32(clamping: notice.version ?? 0)
      if let moment = notice.moment { $0.moment = Google_Protobuf_Timestamp(date: moment) }
      $0.authorityLink = notice.authorityLink ?? ""
    }
  }
}

extension Notice.Kind {
  fileprivate var message: NoticeKind {
    switch self {
    case .requestReceived: .requestReceived
    case .requestForApproval: .requestForApproval
    case .requestSoon: .requestSoon
    case .requestUrgent: .requestUrgent
    case .requestOverdue: .requestOverdue
    case .requestExtended: .requestExtended
    case .requestCompleted: .requestCompleted
    case .requestRefused: .requestRefused
    case .breach: .breach
    case .breachChanged: .breachChanged
    case .subProcessor: .subProcessor
    case .statement: .statement
    case .complaintReceived: .complaintReceived
    case .complaintAnswered: .complaintAnswered
    }
  }
}
