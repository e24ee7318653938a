import Hosting
import RPC

/// Which service a full service name leads to; what is not listed does not exist outside.
struct Routes: Sendable {
  struct Route: Sendable {
    /// The peer's name, for messages and logs.
    let peer: String
    let client: RPCClient
  }

  private let routes: [Substring: Route]

  /// Reads `routes`, a list of "full.service.Name=peer".
  init(_ configuration: ServiceConfiguration, _ peers: Peers) throws(LaunchError) {
    var routes: [Substring: Route] = [:]
    for entry in configuration.strings("routes") {
      let parts = entry.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw LaunchError(
          "the route '\(entry)' cannot be read",
          remedy: "write it as ikso.goals.v1.GoalsService=goals")
      }
      let peer = String(parts[1])
      routes[parts[0]] = Route(peer: peer, client: try peers.client(peer))
    }
    guard !routes.isEmpty else {
      throw LaunchError(
        "the setting routes is empty", remedy: "list the services that the gateway leads to")
    }
    self.routes = routes
  }

  /// Full names of the services that callers reach.
  var services: [String] { routes.keys.map(String.init) }

  /// The route of a path `/full.service.Name/Method`.
  func route(path: String) -> Route? {
    guard path.utf8.first == UInt8(ascii: "/"), let end = path.dropFirst().firstIndex(of: "/")
    else { return nil }
    return routes[path[path.index(after: path.startIndex)..<end]]
  }
}

/// The gateway's own bounds.
struct GatewayLimits: Sendable {
  /// Calls that one organisation may have open on one reactor.
  let openCallsPerTenant: Int
  /// Calls without a token that may be open on one reactor.
  let openAnonymousCalls: Int
  /// The longest deadline that is passed on, in seconds; also that of a call without one.
  let deadline: Duration
  /// Bytes of a request that are kept until the service has answered, so that a call which the
  /// service has refused unread (it is being restarted) can be sent again.
  let replayBytes = 64 * 1_024

  init(_ configuration: ServiceConfiguration) throws(LaunchError) {
    openCallsPerTenant = try configuration.int(
      "limits.openCallsPerTenant", default: 1_000, in: 1...1_000_000)
    openAnonymousCalls = try configuration.int(
      "limits.openAnonymousCalls", default: 500, in: 1...1_000_000)
    deadline = .seconds(
      try configuration.int("limits.deadlineSeconds", default: 120, in: 1...86_400))
  }
}
