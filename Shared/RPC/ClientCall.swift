import HTTP2
import Reactor

/// One call at the client: waits for a connection, sends, and ends with one status.
final class ClientCall: MessageStream, @unchecked Sendable {
  // Invariant: as in `MessageStream`.

  /// Fields of the request that are known before its connection is.
  private let fields: [HeaderField]
  /// The request of a unary side; `nil` when it is a stream.
  private let request: [UInt8]?
  private let deadline: ContinuousClock.Instant?
  private let waitForReady: Bool
  private let channel: ClientChannel
  private let maxMessageBytes: Int

  private var timer: ReactorTimer?
  private var waiting: ClientChannel.Ticket?
  private var responseHeaders: HeaderBlock?
  private var trailers: HeaderBlock?
  private var hasEnded = false
  private var requestHasEnded = false
  private var wasRetried = false

  init(
    fields: [HeaderField], request: [UInt8]?, deadline: ContinuousClock.Instant?,
    waitForReady: Bool, channel: ClientChannel
  ) {
    self.fields = fields
    self.request = request
    self.deadline = deadline
    self.waitForReady = waitForReady
    self.channel = channel
    maxMessageBytes = channel.configuration.maxMessageBytes
    let decoder = MessageDecoder(limit: maxMessageBytes)
    super.init(
      reactor: channel.reactor, decoder: decoder, maxMessageBytes: maxMessageBytes,
      gzip: channel.gzip, isReading: true)
  }

  // MARK: From any thread

  func start() { onReactor { self.begin() } }

  /// Ends the call with CANCELLED unless it has ended.
  func cancel() { onReactor { self.conclude(.cancelled("the caller cancelled the call")) } }

  /// No further messages are sent.
  func endRequest() {
    onReactor {
      guard !self.requestHasEnded else { return }
      self.requestHasEnded = true
      self.stream?.send(data: [], endStream: true)
    }
  }

  // MARK: Start (reactor thread)

  private func begin() {
    if let deadline {
      let left = deadline - .now
      guard left > .zero else { return deadlinePassed() }
      timer = reactor.schedule(after: left) { [unowned self] in deadlinePassed() }
    }
    connect()
  }

  private func connect() {
    waiting = channel.withConnection(
      deadline: deadline, waitForReady: waitForReady
    ) { result in
      self.waiting = nil
      guard !self.hasEnded else { return }
      switch result {
      case .success(let connection): self.send(on: connection)
      case .failure(let error): self.conclude(error)
      }
    }
  }

  private func send(on connection: HTTP2Connection) {
    var block = HeaderBlock(fields)
    if let deadline { block.append("grpc-timeout", Timeout.format(deadline - .now)) }
    do throws(HTTP2Error) {
      let stream = try connection.request(block, endStream: false, handler: self)
      if let request { stream.send(data: request, endStream: true) }
      attach(stream)
      if request == nil, requestHasEnded { stream.send(data: [], endStream: true) }
    } catch {
      requestFailed(error)
    }
  }

  private func requestFailed(_ error: HTTP2Error) {
    switch error {
    case .requestLimit(let limit):
      conclude(.resourceExhausted("\(limit) calls to \(channel.endpoint) are open, the limit"))
    case .draining where !wasRetried:
      wasRetried = true
      connect()
    default: conclude(.unavailable("\(channel.endpoint): \(error)", cause: error))
    }
  }

  // MARK: Response

  override func headersReceived(_ headers: HeaderBlock, endStream: Bool) {
    guard !hasEnded else { return }
    responseHeaders = headers
    if let error = ResponseStatus.refusal(in: headers) {
      trailers = headers
      return conclude(error)
    }
    if endStream {
      notePeerHasEnded()
      trailers = headers
      return conclude(ResponseStatus.error(in: headers))
    }
    decoder = MessageDecoder(limit: maxMessageBytes, encoding: headers[first: "grpc-encoding"])
  }

  override func trailersReceived(_ trailers: HeaderBlock) {
    notePeerHasEnded()
    guard !hasEnded else { return }
    self.trailers = trailers
    var error = ResponseStatus.error(in: trailers)
    if error == nil {
      do throws(FramingError) {
        try endDecoding()
      } catch let framing {
        error = framing.answer
      }
    }
    conclude(error)
  }

  /// The server's data ended without trailers.
  override func inboundEnded() { conclude(ResponseStatus.error(in: HeaderBlock())) }

  override func inboundFailed(_ error: FramingError) { conclude(error.answer) }

  override func streamClosed(_ reason: HTTP2CloseReason) {
    detach()
    guard !hasEnded else { return }
    switch reason {
    case .refused where request != nil && !wasRetried && responseHeaders == nil:
      // The server has not processed it: sending it once more is safe (RFC 9113 section 8.7).
      wasRetried = true
      connect()
    case .refused: conclude(.unavailable("\(channel.endpoint) refused the call"))
    case .connectionLost(let cause): conclude(.unavailable("\(channel.endpoint): \(cause)"))
    case .reset(let code):
      conclude(RPCError(ResponseStatus.code(reset: code), "the server reset the call: \(code)"))
    case .finished: conclude(ResponseStatus.error(in: HeaderBlock()))
    }
  }

  private func deadlinePassed() {
    conclude(.deadlineExceeded("\(channel.endpoint) did not answer within the deadline"))
  }

  private func conclude(_ error: RPCError?) {
    guard !hasEnded else { return }
    hasEnded = true
    timer?.cancel()
    timer = nil
    if let waiting { channel.withdraw(waiting) }
    waiting = nil
    // A stream whose both sides have ended closes by itself.
    if let stream, !peerHasEnded || !(requestHasEnded || request != nil) { stream.reset(.cancel) }
    endOutbound(CallEnded())
    if let error { endInbound(.failure(error)) } else { endInbound(.success(())) }
  }

  /// Initial and trailing metadata, as far as they have come. From any thread.
  func metadata() async -> (Metadata, Metadata) {
    await withCheckedContinuation { continuation in
      onReactor {
        let initial = self.responseHeaders.map(ResponseStatus.metadata) ?? Metadata()
        let trailing = self.trailers.map(ResponseStatus.metadata) ?? Metadata()
        continuation.resume(returning: (initial, trailing))
      }
    }
  }
}

/// Is thrown to who still sends messages: the server has ended the call, and the response says how.
package struct CallEnded: Error {
  package init() {}
}
