import Glibc
import RPC
import TLS

extension Call {
  /// Where the call comes from, for counting: as the gateway saw it, or the peer of this
  /// connection, without the port, which changes with each connection, and of an IPv6 address the
  /// network alone.
  package var source: String {
    guard rpc.peer?.serviceName == AccessGuard.gateway,
      let forwarded = rpc.metadata[first: AccessGuard.forwardedName],
      let last = forwarded.split(separator: ",").last
    else { return CountedAddress.of(rpc.remoteHost) }
    return CountedAddress.of(String(last.filter { $0 != " " }.prefix(64)))
  }
}

/// What of a network address attempts are counted by.
enum CountedAddress {
  /// Whoever has one IPv6 address has 2^64 of them: the first 64 bits count (RFC 4291 section
  /// 2.5.1; RFC 6177: a site has as many or fewer). An IPv4 address counts as it is, also where it
  /// comes in the form of IPv6 (RFC 4291 section 2.5.5.2). Anything else is as it was given.
  static func of(_ host: String) -> String {
    let bare = host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host[...]
    // Without the zone of an address that is local to a link (RFC 4007 section 11).
    guard let text = bare.split(separator: "%").first.map(String.init),
      let bytes = ipv6(text)
    else { return host }
    let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
    if bytes.starts(with: mapped) {
      return bytes.dropFirst(mapped.count).map { "\($0)" }.joined(separator: ".")
    }
    let groups = stride(from: 0, to: 8, by: 2).map {
      String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16)
    }
    return groups.joined(separator: ":") + "::/64"
  }

  private static func ipv6(_ text: String) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 16)
    // Safe: an IPv6 address is 16 bytes, and that many are there.
    let parsed = unsafe bytes.withUnsafeMutableBytes { buffer in
      unsafe inet_pton(AF_INET6, text, buffer.baseAddress)
    }
    return parsed == 1 ? bytes : nil
  }
}

extension ServerCall {
  fileprivate var remoteHost: String {
    guard let colon = remoteAddress.lastIndex(of: ":") else { return remoteAddress }
    return String(remoteAddress[..<colon])
  }
}
