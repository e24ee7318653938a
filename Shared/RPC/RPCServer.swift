import HTTP2
package import Reactor
import Synchronization

/// Serves methods over gRPC (PROTOCOL-HTTP2) on all reactors of a group.
///
/// Create, `start`, and `shutdown` once each.
package final class RPCServer: Sendable {
  private let configuration: RPCServerConfiguration
  private let reactors: ReactorGroup
  private let router: Router
  private let listener = Mutex<HTTP2Listener?>(nil)

  /// - Parameters:
  ///   - methods: each path once.
  ///   - unmatched: gets raw streams of other paths, whatever their content type.
  package init(
    methods: [RPCMethod], configuration: RPCServerConfiguration, reactors: ReactorGroup,
    observer: (any CallObserver)? = nil, unmatched: UnmatchedHandler? = nil
  ) {
    self.configuration = configuration
    self.reactors = reactors
    let shards = reactors.reactors.map {
      ServerShard(reactor: $0, configuration: configuration, observer: observer)
    }
    router = Router(methods: methods, shards: shards, unmatched: unmatched)
  }

  /// Listens from now on.
  /// - Throws: `HTTP2Error` when the address cannot be had.
  package func start() throws {
    let router = router
    let new = try HTTP2Listener(
      address: configuration.address, reactors: reactors, tls: configuration.tls,
      limits: configuration.http2
    ) { connection, stream, headers, endStream in
      router.accept(connection, stream, headers, endStream)
    }
    listener.withLock { current in
      precondition(current == nil, "a server starts once")
      current = new
    }
  }

  /// The port that is listened on; 0 before `start`.
  package var boundPort: Int { listener.withLock { $0?.boundPort ?? 0 } }

  /// Takes no more connections and calls, lets open calls finish for `grace`, then cuts them off:
  /// their tasks are cancelled.
  package func shutdown(grace: Duration) async {
    guard let listener = listener.withLock({ $0 }) else { return }
    listener.stopAccepting()
    await listener.drain(grace: grace)
  }
}

/// Finds the method of a request.
private struct Router: Sendable {
  private let methods: [String: RPCMethod]
  private let shards: [ServerShard]
  private let unmatched: UnmatchedHandler?

  init(methods: [RPCMethod], shards: [ServerShard], unmatched: UnmatchedHandler?) {
    self.methods = Dictionary(
      methods.map { ($0.descriptor.path, $0) },
      uniquingKeysWith: { one, _ in preconditionFailure("\(one.descriptor.path) is there twice") })
    self.shards = shards
    self.unmatched = unmatched
  }

  /// On the connection's reactor.
  func accept(
    _ connection: HTTP2Connection, _ stream: HTTP2Stream, _ headers: HeaderBlock, _ endStream: Bool
  ) -> (any HTTP2StreamHandler)? {
    let path = headers[first: ":path"] ?? ""
    let method = methods[path]
    if method == nil, let handler = unmatched?(connection, stream, headers, endStream) {
      return handler
    }
    let started = ContinuousClock.now
    let head = RequestHead(headers)
    let shard = shards[connection.reactor.index]
    if let refusal = head.httpRefusal {
      shard.refused(path: path, code: .unknown, started: started, error: nil)
      return refuse(stream, refusal)
    }
    let requestID = head.requestID ?? shard.newRequestID()
    guard let method else {
      let error = RPCError.unimplemented("unknown method \(path)")
      return refuse(stream, error, path, shard, requestID, started)
    }
    if let error = head.refusal ?? shard.overload {
      return refuse(stream, error, path, shard, requestID, started)
    }
    let call = ServerCall(
      method: method.descriptor, metadata: Metadata(received: head.metadata),
      deadline: head.timeout.flatMap(Timeout.parse).map { started + $0 },
      peer: connection.peer, remoteAddress: connection.remoteAddress, requestID: requestID)
    let server = ServerStream(
      call, method, encoding: head.encoding, shard: shard, started: started)
    server.begin(on: stream, endStream: endStream)
    return server
  }

  private func refuse(
    _ stream: HTTP2Stream, _ error: RPCError, _ path: String, _ shard: ServerShard,
    _ requestID: String, _ started: ContinuousClock.Instant
  ) -> (any HTTP2StreamHandler)? {
    shard.refused(path: path, code: error.code, started: started, error: error)
    let block = ResponseHead.trailersOnly(requestID: requestID, error)
    stream.send(headers: block, endStream: true)
    return stopClient(stream)
  }

  private func refuse(
    _ stream: HTTP2Stream, _ refusal: HTTPRefusal
  ) -> (any HTTP2StreamHandler)? {
    var block: HeaderBlock = [":status": refusal.status, "content-type": "text/plain"]
    if refusal.status == "405" { block.append("allow", "POST") }
    stream.send(headers: block, endStream: false)
    stream.send(data: Array(refusal.text.utf8), endStream: true)
    return stopClient(stream)
  }

  /// The answer is complete: what the client still sends is not wanted.
  private func stopClient(_ stream: HTTP2Stream) -> (any HTTP2StreamHandler)? {
    if !stream.isRemoteEnded { stream.reset(.noError) }
    return Discard()
  }
}

/// Takes what a refused client still sends, without room for more than an initial window.
private final class Discard: HTTP2StreamHandler {
  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {}
  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {}
  func trailersReceived(_ trailers: HeaderBlock) {}
  func streamWritable() {}
  func streamClosed(_ reason: HTTP2CloseReason) {}
}
