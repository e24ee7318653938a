import RPC
import TLS

extension Call {
  /// Where the call comes from, for counting: as the gateway saw it, or the peer of this
  /// connection, without the port, which changes with each connection.
  package var source: String {
    guard rpc.peer?.serviceName == AccessGuard.gateway,
      let forwarded = rpc.metadata[first: AccessGuard.forwardedName],
      let last = forwarded.split(separator: ",").last
    else { return rpc.remoteHost }
    return String(last.filter { $0 != " " }.prefix(64))
  }
}

extension ServerCall {
  fileprivate var remoteHost: String {
    guard let colon = remoteAddress.lastIndex(of: ":") else { return remoteAddress }
    return String(remoteAddress[..<colon])
  }
}
