package import HTTP2

/// A call that no method of the server's own serves, for a proxy: it knows the protocol and nothing
/// of messages. On the reactor of its connection.
package struct RawCall {
  package static let requestIDName = Answer.requestIDName

  package let stream: HTTP2Stream
  /// As they came.
  package let headers: HeaderBlock
  /// Whether there is no body.
  package let requestEnded: Bool
  let head: RequestHead
  let answer: Answer

  /// Without the query.
  package var path: String { head.path }
  /// The caller's request id if it is a sane one, else a new one.
  package var requestID: String { answer.requestID ?? "" }
  package var wireProtocol: WireProtocol { answer.wire }

  /// The time that the caller gives the call; nil for any.
  /// - Throws: what makes the request wrong in its own protocol.
  package func timeout() throws(RPCError) -> Duration? {
    if let refusal = head.refusal { throw refusal }
    return head.timeout
  }

  /// The field that carries a time in the caller's protocol; what has passed is the shortest time.
  package func timeoutField(_ timeout: Duration) -> HeaderField {
    if wireProtocol.isConnect {
      let left = max(timeout, .milliseconds(1))
      return HeaderField(
        name: "connect-timeout-ms", value: Timeout.format(milliseconds: left))
    }
    return HeaderField(
      name: "grpc-timeout", value: Timeout.format(max(timeout, .nanoseconds(1))))
  }

  /// The token of `authorization: Bearer …`; nil without the header.
  package func bearerToken() throws(RPCError) -> String? {
    guard let value = headers[first: "authorization"] else { return nil }
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else {
      throw .unauthenticated("the header must read \"authorization: Bearer <token>\"")
    }
    return String(parts[1])
  }

  /// The status that an answer's headers or trailers tell of; where the body tells it, OK.
  package func status(of block: HeaderBlock) -> StatusCode {
    if let status = block[first: "grpc-status"] {
      return Int(status).flatMap(StatusCode.init) ?? .unknown
    }
    guard let status = block[first: ":status"] else {
      return wireProtocol.family == .grpc ? .unknown : .ok
    }
    if status == "200" { return wireProtocol.family == .grpc ? .unknown : .ok }
    return StatusCode.allCases.first { ConnectError.httpStatus($0) == status } ?? .unknown
  }

  /// Ends the call with `error`: as all of the answer, or after what was sent already.
  package func end(with error: RPCError, hasAnswered: Bool) {
    switch wireProtocol.family {
    case .connectUnary, .connectGet:
      // Half a message has no end that tells of an error.
      if hasAnswered { return stream.reset(.internalError) }
    case .grpc, .grpcWeb, .grpcWebText, .connectStream: break
    }
    answer.end(stream, error, headersAreSent: hasAnswered)
  }
}

extension RPCError {
  /// What the public may know of `error`: its own status, or INTERNAL.
  package init(publicly error: any Error) {
    switch error {
    case let error as RPCError: self = error
    case let error as any PublicError: self = error.answer
    default: self = .internalError("internal error", cause: error)
    }
  }
}
