import Foundation
import HTTP2
import RPC
import Reactor
import Synchronization
import TLS
import TestSchemas

/// The clients that the calls so far have needed: one for each server and way to reach it.
final class Clients: Sendable {
  private struct Key: Hashable {
    let endpoint: Endpoint
    let trust: Data
    let certificate: Data
    let key: Data
    let limit: UInt32
  }

  private let reactors: ReactorGroup
  private let folder: URL
  private let clients = Mutex<[Key: RPCClient]>([:])

  /// - Parameter folder: for certificates; it outlives the clients.
  init(reactors: ReactorGroup, folder: URL) {
    self.reactors = reactors
    self.folder = folder
  }

  func client(for request: ConformanceClientCompatRequest) throws -> RPCClient {
    let key = Key(
      endpoint: Endpoint(host: request.host, port: Int(request.port)),
      trust: request.serverTlsCert, certificate: request.clientTlsCreds.cert,
      key: request.clientTlsCreds.key, limit: request.messageReceiveLimit)
    return try clients.withLock { clients in
      if let client = clients[key] { return client }
      var configuration = RPCClientConfiguration()
      if key.limit > 0 { configuration.maxMessageBytes = Int(key.limit) }
      let client = RPCClient(
        endpoint: key.endpoint, tls: try tls(key), reactors: reactors,
        configuration: configuration)
      clients[key] = client
      return client
    }
  }

  private func tls(_ key: Key) throws -> TLSContext? {
    if key.trust.isEmpty { return nil }
    let own = key.certificate.isEmpty ? nil : key.certificate
    return try .client(
      trustFile: try file(key.trust), certificateChainFile: try own.map(file),
      privateKeyFile: try own.map { _ in try file(key.key) })
  }

  private func file(_ contents: Data) throws -> String {
    let file = folder.appending(path: "\(UUID().uuidString).pem")
    try contents.write(to: file)
    return file.path
  }
}
