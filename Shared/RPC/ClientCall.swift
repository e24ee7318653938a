import Compression
import HTTP2
import Reactor
import SwiftProtobuf

/// One call at the client: waits for a connection, sends, and ends with one status. An attempt that
/// has failed may be followed by another one (`ClientCall+Retry`) until the call is committed.
final class ClientCall: MessageStream, @unchecked Sendable {
  // Invariant: as in `MessageStream`.

  /// Fields of the request that are known before its connection is.
  private let fields: [HeaderField]
  /// The request of a unary side; `nil` when it is a stream.
  let request: [UInt8]?
  let deadline: ContinuousClock.Instant?
  private let waitForReady: Bool
  private let compresses: Bool
  private let answerMetadata: AnswerMetadata?
  let channel: ClientChannel
  private let maxMessageBytes: Int

  private var timer: ReactorTimer?
  private var waiting: ClientChannel.Ticket?
  private var responseHeaders: HeaderBlock?
  private var trailers: HeaderBlock?
  private(set) var hasEnded = false
  private var requestHasEnded = false

  let retry: RetryPolicy?
  var attempts = Attempts()
  var retryTimer: ReactorTimer?

  init(
    fields: [HeaderField], request: [UInt8]?, deadline: ContinuousClock.Instant?,
    options: CallOptions, retry: RetryPolicy?, channel: ClientChannel
  ) {
    self.fields = fields
    self.request = request
    self.deadline = deadline
    waitForReady = options.waitForReady
    compresses = options.compressesRequests
    answerMetadata = options.answerMetadata
    self.retry = retry
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

  /// Serialises a message of the request's stream.
  func encode(_ message: some Message, compressed: Bool) throws(RPCError) -> [UInt8] {
    guard compresses, compressed else { return try RPC.encode(message) }
    let gzip = reactor.isCurrent ? channel.gzip : Gzip()
    return try WireProtocol.grpc.encode(message, gzip: gzip).bytes
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

  func connect() {
    waiting = channel.withConnection(
      deadline: deadline, waitForReady: waitForReady
    ) { result in
      self.waiting = nil
      guard !self.hasEnded else { return }
      switch result {
      case .success(let connection): self.send(on: connection)
      case .failure(let error): self.attemptFailed(error, nil)
      }
    }
  }

  private func send(on connection: HTTP2Connection) {
    var block = HeaderBlock(fields)
    if attempts.failed > 0 {
      block.append("grpc-previous-rpc-attempts", "\(attempts.failed)")
    }
    if let deadline { block.append("grpc-timeout", Timeout.format(deadline - .now)) }
    do throws(HTTP2Error) {
      let stream = try connection.request(block, endStream: false, handler: self)
      if let request {
        stream.send(data: request, endStream: true)
      } else {
        for frame in attempts.sent { stream.send(data: frame, endStream: false) }
      }
      attach(stream)
      if request == nil, requestHasEnded { stream.send(data: [], endStream: true) }
    } catch {
      requestFailed(error)
    }
  }

  private func requestFailed(_ error: HTTP2Error) {
    switch error {
    case .requestLimit(let limit):
      conclude(.resourceExhausted("\(limit) calls to \(channel.name) are open, the limit"))
    default:
      if repeatUnseen(wasSent: false) { return }
      attemptFailed(.unavailable("\(channel.name): \(error)", cause: error), nil)
    }
  }

  override func didSend(_ frame: [UInt8]) {
    attempts.keep(frame, atMost: channel.configuration.retryBufferBytes)
  }

  // MARK: Response

  override func headersReceived(_ headers: HeaderBlock, endStream: Bool) {
    guard !hasEnded else { return }
    if let error = ResponseStatus.refusal(in: headers) { return attemptFailed(error, headers) }
    if endStream {
      notePeerHasEnded()
      if let error = ResponseStatus.error(in: headers) { return attemptFailed(error, headers) }
      trailers = headers
      return conclude(nil)
    }
    attempts.commit()
    responseHeaders = headers
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
    if let error { attemptFailed(error, trailers) } else { conclude(nil) }
  }

  /// The server's data ended without trailers.
  override func inboundEnded() { conclude(ResponseStatus.error(in: HeaderBlock())) }

  override func inboundFailed(_ error: FramingError) {
    var answer = error.answer
    // The server's mistake, not a method that is missing: it was told what is understood here
    // (compression.md).
    if case .compressed = error { answer.code = .internalError }
    conclude(answer)
  }

  override func streamClosed(_ reason: HTTP2CloseReason) {
    let wasSent = stream?.wasSent ?? true
    detach()
    guard !hasEnded else { return }
    switch reason {
    case .refused:
      if repeatUnseen(wasSent: wasSent) { return }
      attemptFailed(.unavailable("\(channel.name) refused the call"), nil)
    case .connectionLost(let cause):
      attemptFailed(.unavailable("\(channel.name): \(cause)"), nil)
    case .reset(let code):
      let status = ResponseStatus.code(reset: code)
      attemptFailed(RPCError(status, "the server reset the call: \(code)"), nil)
    case .finished: conclude(ResponseStatus.error(in: HeaderBlock()))
    }
  }

  private func deadlinePassed() {
    conclude(.deadlineExceeded("\(channel.name) did not answer within the deadline"))
  }

  /// Ends the call as its last attempt has ended.
  func finish(_ error: RPCError?, _ block: HeaderBlock?) {
    if let block { trailers = block }
    conclude(error)
  }

  /// Lets go of a stream whose attempt has failed: what still comes on it is not for this call.
  func leaveAttempt() {
    guard let left = stream else { return }
    let isOpen = isStreamOpen
    detach()
    left.handler = nil
    if isOpen { left.reset(.cancel) }
  }

  /// A stream whose both sides have ended closes by itself.
  private var isStreamOpen: Bool { !peerHasEnded || !(requestHasEnded || request != nil) }

  private func conclude(_ error: RPCError?) {
    guard !hasEnded else { return }
    hasEnded = true
    timer?.cancel()
    timer = nil
    retryTimer?.cancel()
    retryTimer = nil
    if let waiting { channel.withdraw(waiting) }
    waiting = nil
    attempts.commit()
    if let stream, isStreamOpen { stream.reset(.cancel) }
    if error == nil { channel.retryTokens?.succeeded() }
    if let answerMetadata {
      let (initial, trailing) = received
      answerMetadata.set(initial: initial, trailing: trailing)
    }
    endOutbound(CallEnded())
    if let error { endInbound(.failure(error)) } else { endInbound(.success(())) }
  }

  private var received: (Metadata, Metadata) {
    (
      responseHeaders.map(ResponseStatus.metadata) ?? Metadata(),
      trailers.map(ResponseStatus.metadata) ?? Metadata()
    )
  }

  /// Initial and trailing metadata, as far as they have come. From any thread.
  func metadata() async -> (Metadata, Metadata) {
    await withCheckedContinuation { continuation in
      onReactor { continuation.resume(returning: self.received) }
    }
  }
}

/// Is thrown to who still sends messages: the server has ended the call, and the response says how.
package struct CallEnded: Error {
  package init() {}
}
