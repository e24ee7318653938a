import Compression
import HTTP2
import Reactor
import SwiftProtobuf

/// One call at the server: starts the handler's task, ends with one status.
final class ServerStream: MessageStream, @unchecked Sendable {
  // Invariant: as in `MessageStream`; `call` and `method` are immutable.

  let call: ServerCall
  let wire: WireProtocol
  private let answering: Answer
  private let method: RPCMethod
  private let shard: ServerShard
  private let started: ContinuousClock.Instant
  private var task: Task<Void, Never>?
  private var timer: ReactorTimer?
  private var headersAreSent = false
  /// Set when the answer is complete or cannot be given any more.
  private var outcome: StatusCode?

  init(
    _ call: ServerCall, _ method: RPCMethod, answering: Answer, encoding: String?,
    shard: ServerShard, started: ContinuousClock.Instant
  ) {
    self.call = call
    self.method = method
    self.shard = shard
    self.started = started
    wire = call.wireProtocol
    self.answering = answering
    let limit = shard.maxMessageBytes
    let decoder = MessageDecoder(
      limit: limit, encoding: encoding, isEnveloped: wire.isEnveloped)
    super.init(
      reactor: shard.reactor, decoder: decoder, maxMessageBytes: limit, gzip: shard.gzip,
      isReading: false)
    if wire.family == .grpcWebText { textDecoder = Base64Decoder() }
  }

  /// Starts the handler on the stream's reactor. It runs in a later step of this turn, when the
  /// request's message is likely to have arrived too.
  /// - Parameter message: what came with the headers (Connect GET); no other is read then.
  func begin(on stream: HTTP2Stream, endStream: Bool, message: ReceivedMessage?) {
    attach(stream, peerHasEnded: endStream)
    if let message {
      receive(message)
      inboundEnded()
    } else if endStream {
      requestEnded()
    } else if method.descriptor.kind == .unary || method.descriptor.kind == .serverStreaming {
      stream.expectBody()
    }
    shard.callBegan()
    if let deadline = call.deadline {
      timer = reactor.schedule(at: deadline) { [unowned self] in deadlinePassed() }
    }
    task = tasks.begin(self)
  }

  var tasks: CallTasks { shard.tasks }

  /// Serves the call, in its task; `handlerEnded` is told of the end.
  var serve: RPCMethod.Serve { method.serve }

  func handlerEnded(_ error: (any Error)?) {
    reactor.preconditionCurrent()
    task = nil
    if outcome == nil {
      conclude(error.map { RPCError.answering($0, requestID: call.requestID) })
    }
    shard.callEnded(call, code: outcome ?? .unknown, started: started, error: error)
  }

  // MARK: For the handler (reactor thread)

  func admitted() { startReading() }

  /// Serialises a message in the caller's protocol. From any thread.
  func encode(_ message: some Message) throws(RPCError) -> EncodedMessage {
    guard call.compressesResponse else { return try wire.encode(message) }
    return try wire.encode(message, gzip: reactor.isCurrent ? shard.gzip : Gzip())
  }

  /// The whole answer of a call with one response.
  func answer(_ message: EncodedMessage) {
    guard outcome == nil, let stream else { return }
    guard wire.isEnveloped else { return answerWhole(message, on: stream) }
    willSend(on: stream)
    stream.send(data: message.bytes, endStream: false)
    conclude(nil)
  }

  private func answerWhole(_ message: EncodedMessage, on stream: HTTP2Stream) {
    outcome = .ok
    release()
    let block = answering.unaryHeaders(
      call.initialMetadata, call.trailingMetadata, isCompressed: message.isCompressed)
    stream.send(headers: block, endStream: false)
    stream.send(data: message.bytes, endStream: true)
    if !peerHasEnded { stream.reset(.noError) }
  }

  override func willSend(on stream: HTTP2Stream) {
    guard !headersAreSent else { return }
    headersAreSent = true
    answering.begin(
      stream, call.initialMetadata, mayCompress: call.mayCompressResponse,
      hasReadGzip: call.requestIsCompressed)
  }

  override func willTake(_ message: ReceivedMessage) {
    if message.isCompressed != call.lastRequestWasCompressed {
      call.noteRequest(isCompressed: message.isCompressed)
    }
  }

  // MARK: Ends

  private func conclude(_ error: RPCError?) {
    guard outcome == nil else { return }
    outcome = error?.code ?? .ok
    release()
    guard let stream else { return }
    if !headersAreSent, error == nil { willSend(on: stream) }
    answering.end(
      stream, error, initial: call.initialMetadata, trailing: call.trailingMetadata,
      headersAreSent: headersAreSent)
    headersAreSent = true
  }

  /// Made once: each conversion to an error is an allocation.
  private static let cancellation: any Error = CancellationError()

  /// Lets go of whoever waits for a call that has ended.
  private func release() {
    timer?.cancel()
    timer = nil
    endInbound(.failure(ServerStream.cancellation))
    endOutbound(ServerStream.cancellation)
  }

  private func deadlinePassed() {
    conclude(
      .deadlineExceeded("the deadline passed before the call was answered").because("DEADLINE"))
    task?.cancel()
  }

  override func streamClosed(_ reason: HTTP2CloseReason) {
    if outcome == nil { outcome = .cancelled }
    release()
    dropMessages()
    detach()
    task?.cancel()
  }

  // MARK: Requests

  /// Trailers of a request are allowed and have no meaning.
  override func trailersReceived(_ trailers: HeaderBlock) {
    notePeerHasEnded()
    requestEnded()
  }

  /// The request has ended without a last byte that told so.
  private func requestEnded() {
    do throws(FramingError) { try endDecoding() } catch { return inboundFailed(error) }
    inboundEnded()
  }

  override func partialMessageChanged(_ bytes: Int) { shard.partial.note(bytes, of: self) }

  override func inboundEnded() { endInbound(.success(())) }

  override func inboundFailed(_ error: FramingError) {
    if let bound = error.bound { stream?.crossed(bound, error.answer.description) }
    endInbound(.failure(error.answer))
  }
}
