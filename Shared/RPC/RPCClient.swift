import Compression
package import HTTP2
package import Reactor
package import SwiftProtobuf
package import TLS

/// Calls methods of one endpoint over gRPC, with a connection for each reactor.
///
/// A call made on a reactor of the group stays on it; any other goes to one of them by message.
package final class RPCClient: Sendable {
  /// The first of its endpoints, whose name is the `:authority` of its calls.
  package let endpoint: Endpoint
  private let reactors: ReactorGroup
  private let channels: [ClientChannel]
  private let configuration: RPCClientConfiguration

  /// Connects when the first call is made.
  package convenience init(
    endpoint: Endpoint, tls: TLSContext?, reactors: ReactorGroup,
    configuration: RPCClientConfiguration = RPCClientConfiguration()
  ) {
    self.init(endpoints: [endpoint], tls: tls, reactors: reactors, configuration: configuration)
  }

  /// The same for a server that several endpoints stand for; there is one at least.
  package init(
    endpoints: [Endpoint], tls: TLSContext?, reactors: ReactorGroup,
    configuration: RPCClientConfiguration = RPCClientConfiguration()
  ) {
    endpoint = endpoints[0]
    self.reactors = reactors
    self.configuration = configuration
    let fields = [
      HeaderField(name: ":method", value: "POST"),
      HeaderField(name: ":scheme", value: tls == nil ? "http" : "https"),
      HeaderField(name: ":authority", value: endpoint.description),
      HeaderField(name: "te", value: "trailers"),
      HeaderField(name: "content-type", value: "application/grpc"),
      HeaderField(name: "grpc-accept-encoding", value: ContentCoding.supported),
      HeaderField(name: "user-agent", value: "grpc-swift-ikso/1"),
    ]
    let tokens = configuration.retryThrottling.map(RetryTokens.init)
    channels = reactors.reactors.map {
      ClientChannel(
        reactor: $0, endpoints: endpoints, tls: tls, commonFields: fields, retryTokens: tokens,
        configuration: configuration)
    }
  }

  /// A call with one request and one response.
  package func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ request: Request, _ options: CallOptions = CallOptions(),
    as type: Response.Type = Response.self
  ) async throws(RPCError) -> Response {
    let call = open(method, options, request: try encode(request, options), timeout: true)
    return try await response(of: call)
  }

  /// The same, with the metadata of the answer.
  package func unaryWithMetadata<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ request: Request, _ options: CallOptions = CallOptions(),
    as type: Response.Type = Response.self
  ) async throws(RPCError) -> UnaryResponse<Response> {
    let call = open(method, options, request: try encode(request, options), timeout: true)
    let message: Response = try await response(of: call)
    let (initial, trailing) = await call.metadata()
    return UnaryResponse(message: message, initialMetadata: initial, trailingMetadata: trailing)
  }

  /// A call with one request and a stream of responses. Errors come from the stream.
  package func serverStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ request: Request, _ options: CallOptions = CallOptions(),
    as type: Response.Type = Response.self
  ) async throws(RPCError) -> ResponseStream<Response> {
    ResponseStream(open(method, options, request: try encode(request, options), timeout: false))
  }

  /// A call with a stream of requests and one response. The stream of requests ends when `send`
  /// returns; the call is cancelled when it throws.
  package func clientStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ options: CallOptions = CallOptions(),
    as type: Response.Type = Response.self,
    _ send: (RequestWriter<Request>) async throws -> Void
  ) async throws -> Response {
    let call = open(method, options, request: nil, timeout: false)
    do {
      try await send(RequestWriter(call))
    } catch is CallEnded {
      // The response tells why.
    } catch {
      call.cancel()
      throw error
    }
    call.endRequest()
    return try await response(of: call)
  }

  /// A call with a stream each way, open while `body` runs.
  package func bidirectional<Request: Message, Response: Message, Value>(
    _ method: MethodDescriptor, _ options: CallOptions = CallOptions(),
    request: Request.Type = Request.self, as type: Response.Type = Response.self,
    _ body: (RequestWriter<Request>, ResponseStream<Response>) async throws -> Value
  ) async throws -> Value {
    let call = open(method, options, request: nil, timeout: false)
    defer { call.cancel() }
    return try await body(RequestWriter(call), ResponseStream(call))
  }

  /// Calls `body` once with the connection of `reactor`, on its thread: for a proxy, which opens
  /// streams of its own. `reactor` is of the client's group and the current one.
  package func withConnection(
    on reactor: Reactor, deadline: ContinuousClock.Instant?,
    _ body: @escaping (Result<HTTP2Connection, RPCError>) -> Void
  ) {
    reactor.preconditionCurrent()
    let channel = channels[reactor.index]
    _ = channel.withConnection(deadline: deadline, waitForReady: false, body)
  }

  /// Takes no more calls, lets open ones finish for `grace`, and closes the connections.
  package func shutdown(grace: Duration = .seconds(5)) async {
    for channel in channels { await channel.shutdown(grace: grace) }
  }

  // MARK: One call

  private static let gzipEncoding = HeaderField(name: "grpc-encoding", value: "gzip")

  private func encode(
    _ request: some Message, _ options: CallOptions
  ) throws(RPCError) -> [UInt8] {
    guard options.compressesRequests else { return try RPC.encode(request) }
    // The caller's reactor is the call's, if it is one of ours (`open`).
    let reactor = Reactor.current.flatMap { current in
      reactors.reactors.first { $0 === current }
    }
    let gzip = reactor.map { channels[$0.index].gzip } ?? Gzip()
    return try WireProtocol.grpc.encode(request, gzip: gzip).bytes
  }

  private func open(
    _ method: MethodDescriptor, _ options: CallOptions, request: [UInt8]?, timeout: Bool
  ) -> ClientCall {
    let channel = channels[reactors.next().index]
    var deadline = options.deadline(from: .now)
    if timeout, deadline == nil {
      deadline = configuration.defaultTimeout.map { .now + $0 }
    }
    var fields: [HeaderField] = []
    // More than now: the compression, `grpc-timeout` and the number of attempts may follow.
    fields.reserveCapacity(channel.commonFields.count + options.metadata.entries.count + 4)
    fields.append(HeaderField(name: ":path", value: method.path))
    fields.append(contentsOf: channel.commonFields)
    for entry in options.metadata.entries {
      fields.append(HeaderField(name: entry.name, value: entry.value))
    }
    if options.compressesRequests { fields.append(Self.gzipEncoding) }
    let call = ClientCall(
      fields: fields, request: request, deadline: deadline, options: options,
      retry: configuration.retryPolicy(of: method), channel: channel)
    call.start()
    return call
  }

  private func response<Response: Message>(
    of call: ClientCall
  ) async throws(RPCError) -> Response {
    do {
      return try decode(try await call.onlyMessage())
    } catch let error as RPCError {
      call.cancel()
      throw error
    } catch {
      call.cancel()
      throw .cancelled("the caller cancelled the call", cause: error)
    }
  }
}

/// The answer of a unary call, whole.
package struct UnaryResponse<Response: Message>: Sendable {
  package let message: Response
  package let initialMetadata: Metadata
  package let trailingMetadata: Metadata
}

/// Sends the messages of a streaming request.
package struct RequestWriter<Request: Message>: Sendable {
  private let call: ClientCall

  init(_ call: ClientCall) { self.call = call }

  /// Suspends while more than the high-water mark of this stream waits to be sent.
  /// - Throws: `CallEnded` when the server has ended the call, `CancellationError` when this task
  ///   was cancelled.
  package func send(_ message: Request) async throws {
    try await call.send(try call.encode(message, compressed: true))
  }

  /// The same, uncompressed whatever the call's options say.
  package func sendUncompressed(_ message: Request) async throws {
    try await call.send(try call.encode(message, compressed: false))
  }

  /// No further messages follow.
  package func finish() { call.endRequest() }

  /// Ends the call: its answer is CANCELLED unless it was there already.
  package func cancel() { call.cancel() }
}
