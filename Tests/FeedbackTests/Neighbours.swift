import Access
import Cryptography
import Foundation
import HTTP2
import Launch
import Logging
import Mail
import ProgramSupport
import RPC
import Reactor
import Schemas
import Storage
import StorageSupport
import SwiftProtobuf
import Synchronization
import Telemetry
import Testing

@testable import Feedback

/// The service's methods on a real database, with their mail in a folder, beside an identity and a
/// privacy service that answer over a real connection.
struct Practice: Sendable {
  let service: FeedbackService
  let neighbours: Neighbours
  let postman: Postman
  let folder: URL
  /// Of what is written down for the organisation's log.
  let accesses: AccessOutbox

  static let now = Date(timeIntervalSince1970: 1_800_000_000.5)

  static func with(_ body: @Sendable (Practice) async throws -> Void) async throws {
    try await ServiceDatabase.with(schema: "feedback", migrations: migrations) { base in
      let reactors = try ReactorGroup(count: 1)
      reactors.start()
      let neighbours = Neighbours()
      let server = RPCServer(
        methods: neighbours.methods(),
        configuration: RPCServerConfiguration(
          address: SocketAddress(host: "127.0.0.1", port: 0), tls: nil),
        reactors: reactors)
      try server.start()
      let client = RPCClient(
        endpoint: Endpoint(host: "127.0.0.1", port: server.boundPort), tls: nil,
        reactors: reactors)
      let folder = FileManager.default.temporaryDirectory
        .appending(path: "ikso-mail-\(UUID().uuidString)")
      let outbox = try Outbox(
        database: base.database, vault: base.vault, schema: "feedback")
      let accesses = try AccessOutbox(
        database: base.database, vault: base.vault, schema: "feedback")
      let sender = try #require(MailAddress("noreply@ikso.example"))
      let postman = Postman(
        outbox, MailSettings(route: .folder(try MailFolder(folder.path)), sender: sender),
        metrics: MetricsRegistry(),
        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { now })
      let practice = Practice(
        service: FeedbackService(
          store: FeedbackStore(database: base.database, vault: base.vault),
          answers: try KeptAnswers(database: base.database, vault: base.vault, schema: "feedback"),
          identity: IdentityServiceClient(client),
          statements: StatementDeskServiceClient(client),
          outbox: outbox,
          accesses: AccessJournal(accesses, vault: base.vault, now: { now }),
          linksBase: "https://ikso.example/", now: { now }),
        neighbours: neighbours, postman: postman, folder: folder,
        accesses: accesses)
      var failure: (any Error)?
      do { try await body(practice) } catch { failure = error }
      await client.shutdown()
      await server.shutdown(grace: .zero)
      postman.shutdown()
      reactors.shutdown()
      try? FileManager.default.removeItem(at: folder)
      if let failure { throw failure }
    }
  }

  func call(_ person: UUID) -> Call {
    let token = Token(
      issuer: "https://identity.test", subject: person, tenant: neighbours.tenant,
      roles: [.participant], session: UUID(), authenticatedAt: Practice.now,
      issuedAt: Practice.now, expiresAt: Practice.now + 900, statementHash: "")
    let rpc = ServerCall(
      method: FeedbackServiceMethods.askFeedback,
      metadata: ["authorization": "Bearer the caller's token"])
    return Call(
      caller: .person(token), rpc: rpc, policy: FeedbackServicePolicies.askFeedback)
  }

  var anyone: Call { anyone(key: nil) }

  /// With an idempotency key, if not nil.
  func anyone(key: String?) -> Call {
    Call(
      caller: .anonymous,
      rpc: ServerCall(
        method: FeedbackServiceMethods.openGuestLink,
        metadata: key.map { ["idempotency-key": $0] } ?? [:]),
      policy: FeedbackServicePolicies.openGuestLink)
  }

  /// The mails that were sent, after those that are due.
  func mails() async throws -> [MailFile] {
    while try await postman.round() == .done {}
    return try FileManager.default.contentsOfDirectory(
      at: folder.appending(path: "new"), includingPropertiesForKeys: nil
    ).map { try MailFile($0) }
  }
}

/// Stands in for identity, with three people, and for privacy, with one statement.
final class Neighbours: Sendable {
  let tenant = UUID()
  let people = [UUID(), UUID(), UUID()]
  let names = ["Bo Beer", "Cy Claes", "Di Dael"]
  static let hash = Data(repeating: 7, count: 32)
  private let accepted = Mutex<[String]>([])

  /// The subjects who accepted the statement.
  var acceptances: [String] { accepted.withLock(\.self) }

  func methods() -> [RPCMethod] {
    [
      .unary(
        IdentityServiceMethods.getColleagues, admit: { $0 },
        { [self] (request: IdentityGetColleaguesRequest, _: ServerCall) in
          try colleagues(request)
        }),
      .unary(
        IdentityServiceMethods.getOrganisation, admit: { $0.bearerToken },
        { [self] (request: IdentityGetOrganisationRequest, token: String?) in
          guard token == nil else { throw RPCError.permissionDenied("not for participants") }
          guard request.organisationID == tenant.canonical else { throw Call.organisationNotFound }
          return IdentityOrganisation.with { $0.name = "Voorbeeld BV" }
        }),
      .unary(
        StatementDeskServiceMethods.renderStatement, admit: { $0.bearerToken },
        { (request: PrivacyRenderStatementRequest, _: String?) in
          PrivacyPersonalStatement.with {
            $0.version = 3
            $0.sha256 = Neighbours.hash
            $0.personName = request.personName
            $0.organisationName = request.organisationName
          }
        }),
      .unary(
        StatementDeskServiceMethods.recordAcceptance, admit: { $0.bearerToken },
        { [self] (request: PrivacyRecordAcceptanceRequest, _: String?) in
          guard request.version == 3, request.sha256 == Neighbours.hash else {
            throw RPCError.failedPrecondition("version 3 must be accepted")
          }
          accepted.withLock { $0.append(request.subjectID) }
          return PrivacyRecordAcceptanceResponse.with { $0.version = 3 }
        }),
    ]
  }

  private func colleagues(
    _ request: IdentityGetColleaguesRequest
  ) throws -> IdentityGetColleaguesResponse {
    let found = try request.personIds.map { id in
      guard let place = people.firstIndex(where: { $0.canonical == id }) else {
        throw RPCError.notFound("person not found")
      }
      return IdentityColleague.with {
        $0.personID = id
        $0.name = names[place]
      }
    }
    return .with { $0.colleagues = found }
  }
}

/// The code and the text that a caller gets.
func refusal<Value>(_ body: () async throws -> Value) async throws -> String? {
  do {
    _ = try await body()
    return nil
  } catch let error as RPCError {
    return error.description
  } catch let error as any PublicError {
    return error.status.description
  }
}
