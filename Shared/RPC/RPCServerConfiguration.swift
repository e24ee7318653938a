package import HTTP2
package import TLS

/// Where a server listens and what it allows.
package struct RPCServerConfiguration: Sendable {
  package var address: SocketAddress
  /// `nil` is plaintext, for tests and benchmarks only: a service refuses to start so (clause 21).
  package var tls: TLSContext?
  /// Bytes of one request message.
  package var maxMessageBytes = 4 * 1024 * 1024
  /// Bytes of messages that have not come whole, of all calls on one reactor; beyond it the call of
  /// which most is held gets RESOURCE_EXHAUSTED.
  package var maxPartialBytes = 256 * 1024 * 1024
  /// Calls that are open at a time on one reactor; more are answered with RESOURCE_EXHAUSTED.
  package var maxOpenCalls = 10_000
  /// Pages of other origins that browsers may let call; nil: none.
  package var cors: CORSPolicy?
  /// The domain of the reasons that errors carry (google.rpc.ErrorInfo); nil: they carry none.
  package var errorDomain: String?
  package var http2: HTTP2Limits
  /// Told of each connection that was refused or ended because its peer crossed a bound.
  package var onExcess: HTTP2Listener.OnExcess?

  package init(address: SocketAddress, tls: TLSContext?, http2: HTTP2Limits = HTTP2Limits()) {
    self.address = address
    self.tls = tls
    self.http2 = http2
  }
}

/// Is told of each call that has ended, for logs and figures.
package protocol CallObserver: Sendable {
  /// Is called once a call, on its reactor's thread, when the handler has returned.
  ///
  /// - Parameters:
  ///   - call: `nil` when the request was refused before it became a call.
  ///   - code: what the client was told; CANCELLED when it had gone.
  ///   - error: what the handler threw, with the detail that the client was not told.
  func callEnded(
    _ call: ServerCall?, path: String, code: StatusCode, duration: Duration, error: (any Error)?)
}

/// Takes calls whose path is no method of the server; `nil` lets the server refuse them.
package typealias UnmatchedHandler = @Sendable (RawCall) -> (any HTTP2StreamHandler)?
