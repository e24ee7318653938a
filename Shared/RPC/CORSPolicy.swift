import HTTP2

/// Which pages of other origins a browser may let call this server (the Fetch standard, "HTTP CORS
/// protocol"). Without a policy: none.
package struct CORSPolicy: Sendable, Equatable {
  /// Exact origins, `https://app.example.com`; `*` alone allows any.
  package let allowedOrigins: Set<String>

  /// Time for which a browser need not ask again, in seconds.
  private static let maximumAge = "7200"
  /// Longest list of field names that is repeated to a browser, in bytes.
  private static let longestFieldList = 1_024

  /// - Throws: the first entry that is neither `*` nor `scheme://host` with an optional port.
  package init(allowedOrigins: [String]) throws(CORSError) {
    for origin in allowedOrigins where !CORSPolicy.isOrigin(origin) {
      throw CORSError(origin: origin)
    }
    self.allowedOrigins = Set(allowedOrigins)
  }

  private func allows(_ origin: String) -> Bool {
    allowedOrigins.contains(origin) || allowedOrigins.contains("*")
  }

  /// Fields of the answer to a request from `origin`.
  func responseFields(origin: String) -> [HeaderField] {
    // A shared cache may not give one origin's answer to another.
    let vary = HeaderField(name: "vary", value: "origin")
    guard allows(origin) else { return [vary] }
    return [
      vary,
      HeaderField(name: "access-control-allow-origin", value: origin),
      HeaderField(name: "access-control-expose-headers", value: "*"),
    ]
  }

  /// The answer to a browser that asks before it calls.
  func preflight(_ head: RequestHead) -> HTTPRefusal {
    guard let origin = head.origin, allows(origin) else {
      return HTTPRefusal(
        status: "403", text: "Calls from this origin are not allowed.\n", isPreflight: true)
    }
    var fields = [
      HeaderField(name: "access-control-allow-methods", value: "GET, POST"),
      HeaderField(name: "access-control-max-age", value: CORSPolicy.maximumAge),
    ]
    // Metadata may have any name, so what is asked for is allowed; `*` would not cover
    // authorization.
    if let asked = head.metadata.first(where: { $0.name == "access-control-request-headers" }),
      asked.value.utf8.count <= CORSPolicy.longestFieldList
    {
      fields.append(HeaderField(name: "access-control-allow-headers", value: asked.value))
    }
    return HTTPRefusal(status: "204", text: "", fields: fields, isPreflight: true)
  }

  /// An origin as browsers write it (RFC 6454, section 6.2), lower case and without a path.
  private static func isOrigin(_ text: String) -> Bool {
    if text == "*" { return true }
    for scheme in ["https://", "http://"] where text.hasPrefix(scheme) {
      let host = text.dropFirst(scheme.count)
      return !host.isEmpty && host == host.lowercased()
        && host.allSatisfy { $0.isASCII && !"/?#@ ".contains($0) }
    }
    return false
  }
}

/// An entry of the list of origins that no browser would send.
package struct CORSError: Error, Equatable, CustomStringConvertible {
  package let origin: String

  package var description: String { "\"\(origin)\" is no origin; \(remedy)" }

  package var remedy: String {
    "write an origin as https://app.example.com, lower case, without a path; or * alone for any"
  }
}

extension RequestHead {
  /// Whether a browser asks before a call.
  var isPreflight: Bool {
    origin != nil && metadata.contains { $0.name == "access-control-request-method" }
  }
}
