import CSocket
import Glibc

/// A host, by name or by IPv4 or IPv6 literal, and a TCP port.
package struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  package var host: String
  package var port: Int

  package init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads `host:port`, with an IPv6 literal in brackets: `[::1]:8443`.
  package init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"),
      let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port)
    else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty else { return nil }
    self.init(host: String(host), port: port)
  }

  package var description: String {
    host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}

/// Where a listener listens; port 0 lets the system choose one.
package typealias SocketAddress = Endpoint

/// A resolved address, with its port, in the system's form.
package struct ResolvedAddress: Sendable, Hashable {
  private let bytes: [UInt8]
  let family: Int32

  /// The address that a literal names; nil for a host's name.
  package init?(literal endpoint: Endpoint) {
    guard
      case .success(let found) = ResolvedAddress.resolve(endpoint, literalOnly: true),
      let first = found.first
    else { return nil }
    self = first
  }

  init(_ storage: UnsafeRawPointer, count: Int, family: Int32) {
    bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: storage, count: count))
    self.family = family
  }

  func withAddress<T>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> T) -> T {
    unsafe bytes.withUnsafeBytes { raw in
      // An array's storage is aligned for 16 bytes and the family's length was copied in full.
      unsafe body(
        raw.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count))
    }
  }

  /// Resolves a host and a port; blocks on names, not on literals.
  static func resolve(_ endpoint: Endpoint, literalOnly: Bool, passive: Bool = false)
    -> Result<[ResolvedAddress], HTTP2Error>
  {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags =
      AI_NUMERICSERV | (literalOnly ? AI_NUMERICHOST : 0) | (passive ? AI_PASSIVE : 0)
    var list: UnsafeMutablePointer<addrinfo>?
    let failed = unsafe getaddrinfo(endpoint.host, String(endpoint.port), &hints, &list)
    guard failed == 0 else {
      let reason = unsafe String(cString: gai_strerror(failed))
      return .failure(.hostNotFound(endpoint.host, reason: reason))
    }
    defer { unsafe freeaddrinfo(list) }
    var addresses: [ResolvedAddress] = []
    var next = unsafe list
    while let entry = unsafe next {
      let info = unsafe entry.pointee
      if let address = unsafe info.ai_addr {
        unsafe addresses.append(
          ResolvedAddress(address, count: Int(info.ai_addrlen), family: info.ai_family))
      }
      unsafe next = info.ai_next
    }
    return .success(addresses)
  }

  /// `address:port` of an accepted socket's peer.
  static func text(_ storage: inout sockaddr_storage, _ length: socklen_t) -> String {
    var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let family = Int32(storage.ss_family)
    let failed = unsafe withUnsafePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe getnameinfo(
          address, length, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST)
      }
    }
    guard failed == 0 else { return "unknown" }
    let port = unsafe withUnsafeBytes(of: &storage) { unsafe Int($0[2]) << 8 | Int($0[3]) }
    let name = String(
      decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    return family == AF_INET6 ? "[\(name)]:\(port)" : "\(name):\(port)"
  }
}

extension ResolvedAddress: CustomStringConvertible {
  /// `address:port`
  package var description: String {
    var storage = sockaddr_storage()
    let length = min(bytes.count, MemoryLayout<sockaddr_storage>.size)
    unsafe withUnsafeMutableBytes(of: &storage) { raw in
      unsafe raw.copyBytes(from: bytes[..<length])
    }
    return ResolvedAddress.text(&storage, socklen_t(length))
  }
}

/// One of the addresses at which an endpoint can be reached.
package struct ServerAddress: Sendable, Hashable {
  /// What the address was resolved from: its host is the name that a certificate has to carry.
  package let endpoint: Endpoint
  package let address: ResolvedAddress

  package init(endpoint: Endpoint, address: ResolvedAddress) {
    self.endpoint = endpoint
    self.address = address
  }
}

extension String {
  /// The system's text for an errno value.
  init(systemError code: Int32) { self = unsafe String(cString: strerror(code)) }
}
