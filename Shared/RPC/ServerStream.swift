import HTTP2
import Reactor

/// One call at the server: starts the handler's task, ends with one status.
final class ServerStream: MessageStream, @unchecked Sendable {
  // Invariant: as in `MessageStream`; `call` and `method` are immutable.

  let call: ServerCall
  private let method: RPCMethod
  private let shard: ServerShard
  private let started: ContinuousClock.Instant
  private var task: Task<Void, Never>?
  private var timer: ReactorTimer?
  private var headersAreSent = false
  /// Set when the answer is complete or cannot be given any more.
  private var outcome: StatusCode?

  init(
    _ call: ServerCall, _ method: RPCMethod, encoding: String?, shard: ServerShard,
    started: ContinuousClock.Instant
  ) {
    self.call = call
    self.method = method
    self.shard = shard
    self.started = started
    let decoder = MessageDecoder(limit: shard.maxMessageBytes, encoding: encoding)
    super.init(reactor: shard.reactor, decoder: decoder, isReading: false)
  }

  /// Starts the handler on the stream's reactor. It runs in a later step of this turn, when the
  /// request's message is likely to have arrived too.
  func begin(on stream: HTTP2Stream, endStream: Bool) {
    attach(stream, peerHasEnded: endStream)
    if endStream { inboundEnded() }
    shard.callBegan()
    if let deadline = call.deadline {
      timer = reactor.schedule(after: deadline - started) { [unowned self] in deadlinePassed() }
    }
    // The one place that starts a handler: its task ends with the call or is cancelled by it.
    task = Task(executorPreference: reactor) { await self.run() }
  }

  private func run() async {
    do {
      try await method.serve(self)
      handlerEnded(nil)
    } catch {
      handlerEnded(error)
    }
  }

  private func handlerEnded(_ error: (any Error)?) {
    reactor.preconditionCurrent()
    task = nil
    if outcome == nil {
      conclude(error.map { RPCError.answering($0, requestID: call.requestID) })
    }
    shard.callEnded(call, code: outcome ?? .unknown, started: started, error: error)
  }

  // MARK: For the handler (reactor thread)

  func admitted() { startReading() }

  /// The whole answer of a call with one response.
  func answer(_ frame: [UInt8]) {
    guard outcome == nil, let stream else { return }
    willSend(on: stream)
    stream.send(data: frame, endStream: false)
    conclude(nil)
  }

  override func willSend(on stream: HTTP2Stream) {
    guard !headersAreSent else { return }
    headersAreSent = true
    let block = ResponseHead.initial(requestID: call.requestID, call.initialMetadata)
    stream.send(headers: block, endStream: false)
  }

  // MARK: Ends

  private func conclude(_ error: RPCError?) {
    guard outcome == nil else { return }
    outcome = error?.code ?? .ok
    release()
    guard let stream else { return }
    let trailing = call.trailingMetadata
    if !headersAreSent, error == nil { willSend(on: stream) }
    if headersAreSent {
      stream.send(trailers: ResponseHead.trailers(error, trailing))
    } else {
      headersAreSent = true
      let block = ResponseHead.trailersOnly(
        requestID: call.requestID, error, initial: call.initialMetadata, trailing: trailing)
      stream.send(headers: block, endStream: true)
    }
    // The answer is complete: what the client still sends is not wanted.
    if !peerHasEnded { stream.reset(.noError) }
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
    conclude(.deadlineExceeded("the deadline passed before the call was answered"))
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
    do throws(FramingError) { try checkInboundIsWhole() } catch { return inboundFailed(error) }
    inboundEnded()
  }

  override func inboundEnded() { endInbound(.success(())) }

  override func inboundFailed(_ error: FramingError) { endInbound(.failure(error.answer)) }
}
