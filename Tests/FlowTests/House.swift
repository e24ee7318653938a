import Cryptography
import Foundation
import HTTP2
import Postgres
import RPC
import Reactor
import Schemas
import Synchronization
import SwiftProtobuf
import TLS

/// The running system that all tests of this target share: real processes, a real PostgreSQL.
///
/// `Deploy/test` starts it and names it in the environment. It outlives the test process, so
/// nothing here is shut down.
final class House: Sendable {
  static func current() throws -> House { try opened.get() }
  private static let opened = Result { try House() }

  let plan: HousePlan
  let reactors: ReactorGroup
  /// By way of the gateway, as people and their tools call; without a client certificate.
  let gateway: RPCClient
  /// A superuser's, on the database of the services: row security does not hold for it.
  let superuser: PostgresPool
  let mailbox: Mailbox
  let operators: OperatorSession
  private let clients = Mutex<[[String]: RPCClient]>([:])

  private init() throws {
    plan = try HousePlan.read()
    reactors = try ReactorGroup(count: 1)
    reactors.start()
    guard let endpoint = Endpoint(plan.gateway) else {
      throw HouseMissing("house.json names the gateway '\(plan.gateway)', which is no address")
    }
    let tls = try TLSContext.client(
      trustFile: plan.ca, certificateChainFile: nil, privateKeyFile: nil)
    gateway = RPCClient(endpoint: endpoint, tls: tls, reactors: reactors)
    var configuration = PostgresConfiguration(
      dsn: "\(try HousePlan.variable("IKSO_TEST_POSTGRES")) dbname=ikso")
    configuration.acquireTimeout = .seconds(120)
    configuration.queueLimit = 4_096
    superuser = PostgresPool(configuration: configuration, reactors: reactors)
    mailbox = Mailbox(folder: URL(filePath: plan.mail).appending(path: "new"))
    operators = OperatorSession(
      identity: IdentityServiceClient(gateway), file: URL(filePath: plan.operator))
  }

  var identity: IdentityServiceClient { IdentityServiceClient(gateway) }
  var signIn: SignInServiceClient { SignInServiceClient(gateway) }
  var factors: FactorServiceClient { FactorServiceClient(gateway) }
  var passwords: PasswordServiceClient { PasswordServiceClient(gateway) }
  var feedback: FeedbackServiceClient { FeedbackServiceClient(gateway) }
  var goals: GoalsServiceClient { GoalsServiceClient(gateway) }
  var privacy: PrivacyServiceClient { PrivacyServiceClient(gateway) }
  var requests: RequestServiceClient { RequestServiceClient(gateway) }
  var ownRequests: OwnRequestServiceClient { OwnRequestServiceClient(gateway) }
  var holds: LegalHoldServiceClient { LegalHoldServiceClient(gateway) }
  var downloads: DownloadServiceClient { DownloadServiceClient(gateway) }
  var proofs: ProofServiceClient { ProofServiceClient(gateway) }

  /// A client of one process, past the gateway, with the certificate of `peer`; the same each time.
  func direct(_ service: String, as peer: String) throws -> RPCClient {
    if let client = clients.withLock({ $0[[service, peer]] }) { return client }
    let client = RPCClient(
      endpoint: try endpoint(of: service), tls: try tls(as: peer), reactors: reactors)
    return clients.withLock { clients in
      if let earlier = clients[[service, peer]] { return earlier }
      clients[[service, peer]] = client
      return client
    }
  }

  func endpoint(of service: String) throws -> Endpoint {
    Endpoint(host: "127.0.0.1", port: try plan.process(service).port)
  }

  /// The TLS of a caller with the certificate of `peer`, a service or "tools".
  func tls(as peer: String) throws -> TLSContext {
    let (certificate, key) = try plan.certificate(of: peer)
    return try TLSContext.client(
      trustFile: plan.ca, certificateChainFile: certificate, privateKeyFile: key)
  }
}

/// What `house.json` says about the running system.
struct HousePlan: Decodable, Sendable {
  struct Process: Decodable, Sendable {
    let port: Int
    let pid: Int
    let config: String
    let certificate: String
    let key: String
    let log: String
  }

  let gateway: String
  let ca: String
  let `operator`: String
  let mail: String
  let binaries: String
  let toolsCertificate: String
  let toolsKey: String
  let services: [String: Process]

  /// Those that have a schema, a key store and a client certificate demanded.
  static let stores = ["identity", "feedback", "goals", "privacy"]

  static func read() throws -> HousePlan {
    let file = URL(filePath: try variable("IKSO_TEST_HOME")).appending(path: "house.json")
    do {
      return try JSONDecoder().decode(HousePlan.self, from: Data(contentsOf: file))
    } catch {
      throw HouseMissing("\(file.path) cannot be read as the plan of a house: \(error)")
    }
  }

  static func variable(_ name: String) throws -> String {
    guard let value = ProcessInfo.processInfo.environment[name], !value.isEmpty else {
      throw HouseMissing("\(name) is not set")
    }
    return value
  }

  func process(_ name: String) throws -> Process {
    guard let process = services[name] else {
      throw HouseMissing("house.json names no process \(name)")
    }
    return process
  }

  func certificate(of peer: String) throws -> (file: String, key: String) {
    if peer == "tools" { return (toolsCertificate, toolsKey) }
    let process = try process(peer)
    return (process.certificate, process.key)
  }

  /// The settings of a process as a JSON object.
  func settings(of name: String) throws -> Settings {
    Settings(try Data(contentsOf: URL(filePath: try process(name).config)))
  }

  func binary(_ name: String) -> URL { URL(filePath: binaries).appending(path: name) }
}

/// A JSON object of settings, read and changed by dotted names.
struct Settings {
  private var object: [String: Any]

  init(_ data: Data) {
    object = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
  }

  subscript(_ name: String) -> Any? {
    get {
      name.split(separator: ".").reduce(object as Any?) { part, key in
        (part as? [String: Any])?[String(key)]
      }
    }
    set {
      let parts = name.split(separator: ".").map(String.init)
      var section = object[parts[0]] as? [String: Any] ?? [:]
      section[parts[1]] = newValue
      object[parts[0]] = section
    }
  }

  func string(_ name: String) throws -> String {
    guard let text = self[name] as? String else { throw HouseMissing("the setting \(name)") }
    return text
  }

  func data() throws -> Data { try JSONSerialization.data(withJSONObject: object) }
}

/// There is no house to test.
struct HouseMissing: Error, CustomStringConvertible {
  let problem: String

  init(_ problem: String) { self.problem = problem }

  var description: String {
    """
    \(problem). These tests need the whole system: run Deploy/test, which starts a throw-away one, \
    or Deploy/test --prepare and set what it prints.
    """
  }
}

/// The operator's sign-in, done once and again before the token expires.
actor OperatorSession {
  private struct Account: Decodable {
    let email: String
    let password: String
  }

  private let identity: IdentityServiceClient
  private let file: URL
  private var current: Task<(token: String, until: Date), any Error>?

  init(identity: IdentityServiceClient, file: URL) {
    (self.identity, self.file) = (identity, file)
  }

  /// Those who ask while it goes on wait for the one sign-in: attempts are throttled.
  func options() async throws -> CallOptions {
    if let signedIn = try await current?.value,
      signedIn.until > Date().addingTimeInterval(120)
    {
      return .bearer(signedIn.token)
    }
    let (identity, file) = (identity, file)
    let task = Task {
      let account = try JSONDecoder().decode(Account.self, from: Data(contentsOf: file))
      let answer = try await identity.login(
        .with {
          $0.organisationID = Organisation.platformID
          $0.email = account.email
          $0.password = account.password
        })
      return (token: answer.accessToken, until: answer.expiresAt.date)
    }
    current = task
    return .bearer(try await task.value.token)
  }
}
