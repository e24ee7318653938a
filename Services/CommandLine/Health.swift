import ArgumentParser
import Foundation
import HTTP2
import RPC
import Reactor
import Schemas
import TLS

struct Health: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask a process whether it serves (grpc.health.v1).",
    discussion: "Exits with 0 when it does, with 1 and the reason when it does not.")

  @Option(help: "The process's address, host:port.")
  var address: String

  @Option(help: "The certificate authority to trust, a PEM file.")
  var ca: String

  @Option(help: "A client certificate, for a service behind the gateway.")
  var certificate: String?

  @Option(help: "The private key of the client certificate.")
  var key: String?

  @Option(help: "Seconds to wait for the answer.")
  var timeout = 5

  func run() async throws {
    guard let endpoint = Endpoint(address) else {
      throw ValidationError("'\(address)' is not an address; give host:port")
    }
    try await withReactors { reactors in
      let tls = try TLSContext.client(
        trustFile: ca, certificateChainFile: certificate, privateKeyFile: key)
      let client = RPCClient(endpoint: endpoint, tls: tls, reactors: reactors)
      let answer = try await HealthClient(client).check(
        HealthHealthCheckRequest(), CallOptions(timeout: .seconds(timeout)))
      await client.shutdown()
      guard answer.status == .serving else {
        throw CleanFailure("\(address) does not serve: \(answer.status)")
      }
      print("\(address) serves")
    }
  }
}
