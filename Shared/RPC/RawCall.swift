package import HTTP2

/// What a proxy of raw streams needs to know of the protocol: nothing of messages.
package enum RawCall {
  package static let requestIDName = ResponseHead.requestIDName

  /// The caller's request id if it is a sane one, else a new one.
  package static func requestID(of headers: HeaderBlock) -> String {
    if let id = headers[first: requestIDName], RequestHead.isRequestID(id) { return id }
    var random = RequestIDs()
    return random.next()
  }

  /// The `grpc-timeout` of a call; nil without one.
  package static func timeout(of headers: HeaderBlock) throws(RPCError) -> Duration? {
    guard let text = headers[first: "grpc-timeout"] else { return nil }
    guard let timeout = Timeout.parse(text) else {
      throw .internalError(
        "grpc-timeout \"\(text)\" is malformed; at most eight digits and one of H M S m u n")
    }
    return timeout
  }

  /// As `grpc-timeout` gives it; what has passed is one nanosecond.
  package static func format(timeout: Duration) -> String {
    Timeout.format(max(timeout, .nanoseconds(1)))
  }

  /// The token of `authorization: Bearer …`; nil without the header.
  package static func bearerToken(of headers: HeaderBlock) throws(RPCError) -> String? {
    guard let value = headers[first: "authorization"] else { return nil }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else {
      throw .unauthenticated("the header must read \"authorization: Bearer <token>\"")
    }
    return String(parts[1])
  }

  /// The status that trailers, or headers that are trailers too, carry.
  package static func status(of trailers: HeaderBlock) -> StatusCode {
    trailers[first: "grpc-status"].flatMap { Int($0) }.flatMap(StatusCode.init) ?? .unknown
  }

  /// Ends `stream` with `error`, as trailers alone or after what was sent already.
  package static func end(
    _ stream: HTTP2Stream, with error: RPCError, requestID: String, hasAnswered: Bool
  ) {
    if hasAnswered {
      stream.send(trailers: ResponseHead.trailers(error, Metadata()))
    } else {
      stream.send(
        headers: ResponseHead.trailersOnly(requestID: requestID, error), endStream: true)
    }
    // The rest of the request is of no use to anybody (RFC 9113, section 8.1).
    if !stream.isRemoteEnded { stream.reset(.noError) }
  }
}

extension RPCError {
  /// What the public may know of `error`: its own status, or INTERNAL.
  package init(publicly error: any Error) {
    switch error {
    case let error as RPCError: self = error
    case let error as any PublicError: self = error.status
    default: self = .internalError("internal error", cause: error)
    }
  }
}
