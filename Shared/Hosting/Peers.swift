package import Access
import FoundationEssentials
package import RPC
package import Reactor
import Schemas
import SwiftProtobuf
import HTTP2
import Synchronization
package import TLS

/// The clients of the other services, made on first use from `peers.<service>`.
package final class Peers: Sendable {
  private let configuration: ServiceConfiguration
  private let reactors: ReactorGroup
  package let tls: TLSContext
  private let clients = Mutex<[String: RPCClient]>([:])

  package init(configuration: ServiceConfiguration, reactors: ReactorGroup) throws {
    self.configuration = configuration
    self.reactors = reactors
    tls = try TLSContext.client(
      trustFile: configuration.string("tls.trust"),
      certificateChainFile: configuration.string("tls.certificate"),
      privateKeyFile: configuration.string("tls.key"),
      minimumVersion: configuration.minimumTLSVersion())
  }

  package func client(_ service: String) throws(LaunchError) -> RPCClient {
    let address = try configuration.string("peers.\(service)")
    guard let endpoint = Endpoint(address) else {
      throw LaunchError(
        "the setting peers.\(service) is '\(address)'", remedy: "give it as host:port")
    }
    return clients.withLock { clients in
      if let client = clients[service] { return client }
      let client = RPCClient(
        endpoint: endpoint, tls: tls, reactors: reactors, configuration: Self.configuration)
      clients[service] = client
      return client
    }
  }

  /// Calls that may be made twice are, while a neighbour is being restarted; not so many that they
  /// hold it down.
  private static let configuration: RPCClientConfiguration = {
    var configuration = RPCClientConfiguration()
    configuration.retryPolicy = RetryPolicy()
    configuration.retryThrottling = RetryThrottling()
    // A neighbour that is back is to be found soon, and few ask for it.
    configuration.backoff.maximum = .seconds(2)
    // The gateway's connection carries everybody's calls: four callers who do not read would use up
    // a window that is shared, and hold up all others.
    configuration.http2.connectionWindowBytes = ServiceConfiguration.highestWindow
    return configuration
  }()

  /// The keys that identity publishes for verifying tokens.
  package func publishedKeys() async throws -> [PublishedKey] {
    let keys = KeysServiceClient(try client("identity"))
    return try await keys.getSigningKeys(
      KeysGetSigningKeysRequest(), CallOptions(timeout: Limits.signingKeyFetch)
    ).keys.map { key in
      PublishedKey(
        id: key.keyID, publicKey: [UInt8](key.publicKey), notBefore: key.notBefore.date,
        notAfter: key.hasNotAfter ? key.notAfter.date : nil)
    }
  }

  package func shutdown() async {
    for client in clients.withLock({ Array($0.values) }) { await client.shutdown() }
  }
}

/// The issuer that tokens name unless `tokens.issuer` says otherwise.
package let defaultTokenIssuer = "https://identity.ikso.example"

extension ServiceConfiguration {
  /// Empty; `revocations.staleSeconds` is its patience.
  package func revocationList() throws(LaunchError) -> RevocationList {
    RevocationList(
      patience: .seconds(try int("revocations.staleSeconds", default: 60, in: 5...3_600)))
  }

  /// Empty; `purposes.staleSeconds` is its patience. More than clause 10 allows is refused.
  package func purposeList() throws(LaunchError) -> PurposeList {
    PurposeList(patience: .seconds(try int("purposes.staleSeconds", default: 60, in: 5...60)))
  }
}
