import HTTP2
import Reactor

/// Finds the method of a request, or refuses it in the caller's protocol.
struct Router: Sendable {
  private let methods: [String: RPCMethod]
  private let shards: [ServerShard]
  private let cors: CORSPolicy?
  private let unmatched: UnmatchedHandler?
  private let plain: PlainHandler?

  init(
    methods: [RPCMethod], shards: [ServerShard], cors: CORSPolicy?, unmatched: UnmatchedHandler?,
    plain: PlainHandler?
  ) {
    self.methods = Dictionary(
      methods.map { ($0.descriptor.path, $0) },
      uniquingKeysWith: { one, _ in preconditionFailure("\(one.descriptor.path) is there twice") })
    self.shards = shards
    self.cors = cors
    self.unmatched = unmatched
    self.plain = plain
  }

  /// On the connection's reactor.
  func accept(
    _ connection: HTTP2Connection, _ stream: HTTP2Stream, _ headers: HeaderBlock, _ endStream: Bool
  ) -> (any HTTP2StreamHandler)? {
    let started = ContinuousClock.now
    let head = RequestHead.reading(headers, of: stream)
    let shard = shards[connection.reactor.index]
    let request = Request(stream: stream, shard: shard, started: started)
    if let origin = head.origin, let cors {
      stream.responseFields = cors.responseFields(origin: origin)
    }
    guard let wire = head.wire, !stream.isHeaderListTooLarge else {
      if let handler = plainHandler(stream, head, endStream) { return handler }
      return refuse(request, head, httpRefusal(head, stream), endStream: endStream)
    }
    let requestID = head.requestID ?? shard.newRequestID()
    let answer = Answer(wire: wire, requestID: requestID, domain: shard.errorDomain)
    guard let method = method(of: head) else {
      let call = RawCall(
        stream: stream, headers: headers, requestEnded: endStream, head: head, answer: answer)
      if let handler = unmatched?(call) { return handler }
      let error = RPCError.unimplemented("unknown method \(head.path)").because("METHOD_UNKNOWN")
      return refuse(request, head, error, answer, httpStatus: "404")
    }
    if let refusal = Router.mismatch(wire, method.descriptor) {
      return refuse(request, head, refusal, endStream: endStream)
    }
    if let error = head.refusal ?? shard.overload {
      return refuse(request, head, error, answer)
    }
    do throws(RPCError) {
      return try begin(method, request, head, answer, connection, endStream: endStream)
    } catch {
      return refuse(request, head, error, answer)
    }
  }

  private func method(of head: RequestHead) -> RPCMethod? {
    if let found = head.served { return found }
    head.served = methods[head.path]
    return head.served
  }

  /// What goes with a request's head.
  private struct Request {
    let stream: HTTP2Stream
    let shard: ServerShard
    let started: ContinuousClock.Instant
  }

  private func begin(
    _ method: RPCMethod, _ request: Request, _ head: RequestHead, _ answer: Answer,
    _ connection: HTTP2Connection, endStream: Bool
  ) throws(RPCError) -> ServerStream {
    let wire = answer.wire
    let timeout = head.timeout
    let encoding = head.encoding
    let message = wire.family == .connectGet ? try head.queryMessage() : nil
    let call = ServerCall(
      method: method.descriptor, metadata: Metadata(received: head.metadata),
      deadline: timeout.map { request.started + $0 }, peer: connection.peer,
      remoteAddress: connection.remoteAddress, requestID: answer.requestID ?? "",
      wire: ServerCall.Wire(
        wireProtocol: wire, timeout: timeout, query: head.parameters,
        acceptsGzip: head.acceptsGzip, requestIsCompressed: encoding != nil))
    let server = ServerStream(
      call, method, answering: answer, encoding: encoding, shard: request.shard,
      started: request.started)
    server.begin(on: request.stream, endStream: endStream, message: message)
    return server
  }

  private func plainHandler(
    _ stream: HTTP2Stream, _ head: RequestHead, _ endStream: Bool
  ) -> (any HTTP2StreamHandler)? {
    guard let plain, head.wire == nil, !stream.isHeaderListTooLarge else { return nil }
    return plain(
      PlainRequest(
        stream: stream, method: head.method, path: head.path, contentType: head.contentType,
        requestEnded: endStream))
  }

  // MARK: Refusals

  private func refuse(
    _ request: Request, _ head: RequestHead, _ error: RPCError, _ answer: Answer,
    httpStatus: String? = nil
  ) -> (any HTTP2StreamHandler)? {
    request.shard.refused(
      path: head.path, code: error.code, started: request.started, error: error)
    answer.end(request.stream, error, httpStatus: httpStatus)
    return Discard()
  }

  private func refuse(
    _ request: Request, _ head: RequestHead, _ refusal: HTTPRefusal, endStream: Bool
  ) -> (any HTTP2StreamHandler)? {
    if let wire = head.wire, let error = refusal.error {
      let answer = Answer(
        wire: wire, requestID: head.requestID, domain: request.shard.errorDomain)
      return refuse(request, head, error, answer, httpStatus: refusal.status)
    }
    // A preflight is the browser's, no call.
    if !refusal.isPreflight {
      request.shard.refused(
        path: head.path, code: .unknown, started: request.started, error: nil)
    }
    let handler = RefusalStream(request.stream, refusal, isHead: head.method == "HEAD")
    if endStream { handler.answer() }
    return handler
  }

  /// What is answered to a request that is none of the three protocols', or has too large headers.
  private func httpRefusal(_ head: RequestHead, _ stream: HTTP2Stream) -> HTTPRefusal {
    if stream.isHeaderListTooLarge { return .headersTooLarge }
    if head.method == "OPTIONS", let cors, head.isPreflight { return cors.preflight(head) }
    let method = methods[head.path]?.descriptor
    if method == nil, unmatched == nil { return .noSuchMethod }
    switch head.method {
    case "POST": return .unsupportedMediaType
    case "GET" where method?.hasNoSideEffects == true: return .unsupportedEncoding
    // Who passes calls on knows no methods; a query makes it one.
    case "GET" where method == nil: return head.query == nil ? .noSuchMethod : .unsupportedEncoding
    default: return .methodNotAllowed(method)
    }
  }

  /// What is answered to a method that is not called by such a request.
  private static func mismatch(_ wire: WireProtocol, _ method: MethodDescriptor) -> HTTPRefusal? {
    guard wire.isConnect else { return nil }
    if wire.family == .connectGet, !method.hasNoSideEffects { return .methodNotAllowed(method) }
    return wire.serves(method.kind) ? nil : .unsupportedMediaType
  }
}

extension RequestHead {
  /// The message of a Connect GET.
  func queryMessage() throws(RPCError) -> ReceivedMessage {
    let text = parameters?["message"] ?? ""
    guard parameters?["base64"] == "1" else {
      return ReceivedMessage(bytes: Array(text.utf8), isCompressed: encoding != nil)
    }
    guard let bytes = Base64.decode(text) else {
      throw .invalidArgument("the query parameter message is not base64")
    }
    return ReceivedMessage(bytes: bytes, isCompressed: encoding != nil)
  }
}
