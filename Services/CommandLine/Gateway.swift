import ArgumentParser
import Foundation
import HTTP2
import RPC
import Reactor
import Schemas
import TLS

/// Where the running system is.
struct GatewayOptions: ParsableArguments {
  @Option(help: "The gateway's address, host:port. [environment: IKSO_GATEWAY]")
  var gateway = ProcessInfo.processInfo.environment["IKSO_GATEWAY"] ?? "localhost:8443"

  @Option(help: "The certificate authority to trust, a PEM file. [environment: IKSO_CA]")
  var ca: String?

  /// The clients of all services, by way of the gateway.
  func connect(_ reactors: ReactorGroup) throws -> Gateway {
    guard let endpoint = Endpoint(gateway) else {
      throw ValidationError("the gateway '\(gateway)' is not an address; give host:port")
    }
    guard let ca = ca ?? ProcessInfo.processInfo.environment["IKSO_CA"] else {
      throw ValidationError(
        "no certificate authority is given; use Deploy/ikso, or --ca FILE, or IKSO_CA")
    }
    let tls = try TLSContext.client(
      trustFile: ca, certificateChainFile: nil, privateKeyFile: nil)
    return Gateway(RPCClient(endpoint: endpoint, tls: tls, reactors: reactors))
  }
}

/// Who may register organisations, and where the mail goes: what a demonstration needs besides.
struct OperatorOptions: ParsableArguments {
  @Option(
    name: .customLong("operator"),
    help: "A JSON file with the operator's email and password. [environment: IKSO_OPERATOR]")
  var file: String?

  @Option(help: "The spool folder that mail is written to. [environment: IKSO_MAIL]")
  var mail: String?

  func account() throws -> OperatorAccount {
    guard let file = file ?? ProcessInfo.processInfo.environment["IKSO_OPERATOR"] else {
      throw ValidationError(
        "no operator is given; use Deploy/ikso, or --operator FILE, or IKSO_OPERATOR")
    }
    do {
      return try JSONDecoder().decode(
        OperatorAccount.self, from: Data(contentsOf: URL(filePath: file)))
    } catch {
      throw ValidationError(
        "the operator's file \(file) cannot be read; it is JSON with email and password")
    }
  }

  func mailbox() throws -> Mailbox {
    guard let folder = mail ?? ProcessInfo.processInfo.environment["IKSO_MAIL"] else {
      throw ValidationError("no mail folder is given; use Deploy/ikso, or --mail, or IKSO_MAIL")
    }
    return Mailbox(folder: URL(filePath: folder).appending(path: "new"))
  }
}

struct OperatorAccount: Decodable {
  let email: String
  let password: String
  /// Operators are of the platform's own organisation, the nil UUID.
  static let organisationID = "00000000-0000-0000-0000-000000000000"
}

/// All services by way of the gateway.
struct Gateway: Sendable {
  let identity: IdentityServiceClient
  let signIn: SignInServiceClient
  let feedback: FeedbackServiceClient
  let goals: GoalsServiceClient
  let privacy: PrivacyServiceClient
  let requests: RequestServiceClient
  /// For calls of any method.
  let client: RPCClient

  init(_ client: RPCClient) {
    self.client = client
    identity = IdentityServiceClient(client)
    signIn = SignInServiceClient(client)
    feedback = FeedbackServiceClient(client)
    goals = GoalsServiceClient(client)
    privacy = PrivacyServiceClient(client)
    requests = RequestServiceClient(client)
  }

  var selfTests:
    (
      identity: IdentitySelfTestServiceClient, feedback: FeedbackSelfTestServiceClient,
      goals: GoalsSelfTestServiceClient, privacy: PrivacySelfTestServiceClient
    )
  {
    (
      IdentitySelfTestServiceClient(client), FeedbackSelfTestServiceClient(client),
      GoalsSelfTestServiceClient(client), PrivacySelfTestServiceClient(client)
    )
  }

  func close() async { await client.shutdown() }
}

/// Runs `body` with a reactor and ends the process with 0, or with 1 and the reason.
func withReactors(_ body: (ReactorGroup) async throws -> Void) async throws {
  let reactors = try ReactorGroup(count: 1)
  reactors.start()
  do {
    try await body(reactors)
  } catch let error as RPCError {
    throw CleanFailure("\(error.code): \(error.message)")
  }
  reactors.shutdown()
}

/// An error that is told in one line.
struct CleanFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
