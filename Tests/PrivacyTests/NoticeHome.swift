import Access
import Foundation
import HTTP2
import Logging
import Postgres
import RPC
import Schemas
import Storage
import StorageSupport
import SwiftProtobuf
import Synchronization
import Telemetry

@testable import Privacy

/// The registers beside an identity that takes notices over a real connection, or does not.
struct NoticeHome: Sendable {
  let home: RegisterHome
  let rounds: NoticeRounds
  let identity: NoticeTaker

  var clock: MovableClock { home.clock }
  var database: Database { home.base.database }

  static func with(_ body: @Sendable (NoticeHome) async throws -> Void) async throws {
    try await RegisterHome.with { home in
      let taker = NoticeTaker()
      let server = RPCServer(
        methods: [taker.method],
        configuration: RPCServerConfiguration(
          address: SocketAddress(host: "127.0.0.1", port: 0), tls: nil),
        reactors: home.reactors)
      try server.start()
      let client = RPCClient(
        endpoint: Endpoint(host: "127.0.0.1", port: server.boundPort), tls: nil,
        reactors: home.reactors)
      let clock = home.clock
      let rounds = NoticeRounds(
        NoticeQueue(database: home.base.database), to: NoticeServiceClient(client),
        metrics: MetricsRegistry(), logger: quiet, now: { clock.now })
      var failure: (any Error)?
      do {
        try await body(NoticeHome(home: home, rounds: rounds, identity: taker))
      } catch {
        failure = error
      }
      await client.shutdown()
      await server.shutdown(grace: .zero)
      if let failure { throw failure }
    }
  }

  static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// Hands over all that is due.
  func deliver() async throws {
    while try await rounds.round() == .done {}
  }

  /// Those that wait, whether their time has come or not.
  func waiting() async throws -> Int {
    try await home.base.admin.run(["SELECT count(*) AS n FROM privacy.notice"])[0][0].get("n")
  }

  /// Stores a request as the desk does.
  func receive(_ request: PrivacyRequest, _ tenant: UUID) async throws {
    try await database.transaction(tenant: tenant) { transaction in
      try await RequestStore.insert(request, in: transaction)
      try NoticeStore.put(
        RequestNotices(received: request), about: request.id, in: transaction)
    }
  }

  func change(
    _ before: PrivacyRequest, to after: PrivacyRequest, _ tenant: UUID
  ) async throws {
    try await database.transaction(tenant: tenant) { transaction in
      try await RequestStore.update(after, at: clock.now, in: transaction)
      try NoticeStore.put(
        RequestNotices(
          from: before, to: after, at: clock.now,
          authorityLink: RegisterHome.contacts.authorityLink),
        about: before.id, in: transaction)
    }
  }
}

/// Stands in for identity: remembers what it took, or is not to be had.
final class NoticeTaker: Sendable {
  private struct State {
    var refusal: RPCError?
    /// Takes it, and dies before it can say so.
    var isForgetful = false
    var taken: [NoticeSendNoticeRequest] = []
  }

  private let state = Mutex(State())

  var taken: [NoticeSendNoticeRequest] { state.withLock(\.taken) }
  var kinds: [NoticeKind] { taken.map(\.kind) }
  /// Each once, as identity does.
  var ids: Set<String> { Set(taken.map(\.noticeID)) }

  func refuse(_ refusal: RPCError?) { state.withLock { $0.refusal = refusal } }
  func forget(_ isForgetful: Bool) { state.withLock { $0.isForgetful = isForgetful } }

  var method: RPCMethod {
    .unary(NoticeServiceMethods.sendNotice, admit: { $0.requestID }) {
      (request: NoticeSendNoticeRequest, _: String) in
      try self.take(request)
      return NoticeSendNoticeResponse()
    }
  }

  private func take(_ request: NoticeSendNoticeRequest) throws {
    try state.withLock { state in
      if let refusal = state.refusal { throw refusal }
      state.taken.append(request)
      if state.isForgetful { throw RPCError.unavailable("gone") }
    }
  }
}
