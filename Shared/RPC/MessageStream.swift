import Compression
import DequeModule
import HTTP2
import Reactor
import Synchronization

/// The messages of one call over one HTTP/2 stream: what server and client have in common.
///
/// Arriving messages wait for one reader; the receive window is returned as they are taken.
/// Departing messages wait while the stream holds more than its high-water mark.
class MessageStream: HTTP2StreamHandler, @unchecked Sendable {
  // Invariant: all stored state is touched on the thread of `reactor` only; the async functions
  // and `onReactor` get there by message when they are called elsewhere.

  let reactor: Reactor
  /// `nil` before the stream is open and after it has closed.
  final private(set) var stream: HTTP2Stream?
  final var decoder: MessageDecoder
  /// What the body of gRPC-Web text goes through first.
  final var textDecoder: Base64Decoder?
  /// Bytes of one message, decompressed.
  private let maxMessageBytes: Int
  private let gzip: Gzip
  /// Whether the peer has ended its side.
  final private(set) var peerHasEnded = false

  private var messages = MessageQueue()
  private var inboundEnd: Result<Void, any Error>?
  private var reader: Reader?
  /// Whether the receive window is returned; before that a peer can send an initial window.
  private var isReading: Bool
  /// Bytes received whose window has not been returned.
  private var unreturned = 0
  /// As `partialMessageChanged` was told.
  private var partialBytes = 0

  private var writers: Deque<Writer> = []
  private var outboundEnd: (any Error)?

  private enum Demand {
    case message
    /// The only message of a unary side, once that side has ended.
    case only
  }

  private final class Reader: Sendable {
    let demand: Demand
    let ticket: Ticket
    let continuation: CheckedContinuation<[UInt8]?, any Error>

    init(
      demand: Demand, ticket: Ticket, continuation: CheckedContinuation<[UInt8]?, any Error>
    ) {
      self.demand = demand
      self.ticket = ticket
      self.continuation = continuation
    }
  }

  private final class Writer: Sendable {
    let frame: [UInt8]
    let ticket: Ticket
    let continuation: CheckedContinuation<Void, any Error>

    init(
      frame: [UInt8], ticket: Ticket, continuation: CheckedContinuation<Void, any Error>
    ) {
      self.frame = frame
      self.ticket = ticket
      self.continuation = continuation
    }
  }

  /// Stands for one suspended function, so that its cancellation is not lost when it comes before
  /// the suspension has reached the reactor.
  private final class Ticket: Sendable {
    let isCancelled = Atomic<Bool>(false)
  }

  /// - Parameter gzip: shared by the streams of the reactor.
  init(
    reactor: Reactor, decoder: MessageDecoder, maxMessageBytes: Int, gzip: Gzip, isReading: Bool
  ) {
    self.reactor = reactor
    self.decoder = decoder
    self.maxMessageBytes = maxMessageBytes
    self.gzip = gzip
    self.isReading = isReading
  }

  // MARK: For subclasses (reactor thread)

  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {}
  func trailersReceived(_ trailers: HeaderBlock) {}
  func streamClosed(_ reason: HTTP2CloseReason) {}
  /// The peer has ended its side after a whole message, without trailers.
  func inboundEnded() {}
  func inboundFailed(_ error: FramingError) {}
  /// So many bytes are held of a message that has not come whole.
  func partialMessageChanged(_ bytes: Int) {}
  /// Is called before each message that is sent.
  func willSend(on stream: HTTP2Stream) {}
  /// Is called after each message that was given to the stream.
  func didSend(_ frame: [UInt8]) {}
  /// Is called before each message that is handed to the reader.
  func willTake(_ message: ReceivedMessage) {}

  final func attach(_ stream: HTTP2Stream, peerHasEnded: Bool = false) {
    self.stream = stream
    self.peerHasEnded = peerHasEnded
    streamWritable()
  }

  final func detach() {
    returnWindow()
    stopDecoding()
    stream = nil
  }

  final func startReading() {
    isReading = true
    returnWindow()
  }

  /// Sets the end that the reader sees behind the messages that have arrived; the first one counts.
  final func endInbound(_ end: Result<Void, any Error>) {
    guard inboundEnd == nil else { return }
    inboundEnd = end
    // What arrives after a failure is not wanted: the peer runs out of window.
    if case .failure = end {
      isReading = false
      stopDecoding()
    }
    wakeReader()
  }

  /// Nothing more is sent: present and future writers get `error`.
  final func endOutbound(_ error: any Error) {
    guard outboundEnd == nil else { return }
    outboundEnd = error
    while let writer = writers.popFirst() { writer.continuation.resume(throwing: error) }
  }

  /// Messages that have arrived are not wanted any more.
  final func dropMessages() { messages.removeAll() }

  /// Checks that the peer's last message is whole, and takes it in if the end makes it so.
  final func endDecoding() throws(FramingError) {
    if textDecoder?.isAtBoundary == false { throw .notBase64 }
    if let message = try decoder.end() { messages.append(message) }
  }

  private func stopDecoding() {
    decoder.close()
    notePartialMessage()
  }

  private func notePartialMessage() {
    guard decoder.partialBytes != partialBytes else { return }
    partialBytes = decoder.partialBytes
    partialMessageChanged(partialBytes)
  }

  /// A message that came with the headers.
  final func receive(_ message: ReceivedMessage) { messages.append(message) }

  final func onReactor(_ body: @escaping @Sendable () -> Void) {
    if reactor.isCurrent { body() } else { reactor.execute(body) }
  }

  // MARK: Events of the HTTP/2 stream

  final func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    unreturned += bytes.count
    if endStream { peerHasEnded = true }
    if inboundEnd == nil {
      do throws(FramingError) {
        if textDecoder == nil {
          unsafe try decode(bytes)
        } else {
          unsafe try decodeText(bytes)
        }
        if endStream { try endDecoding() }
      } catch {
        inboundFailed(error)
      }
      if endStream { inboundEnded() }
      notePartialMessage()
    }
    wakeReader()
    returnWindow()
  }

  private func decode(_ bytes: UnsafeRawBufferPointer) throws(FramingError) {
    var rest = unsafe bytes
    while unsafe !rest.isEmpty, let message = unsafe try decoder.next(&rest) {
      messages.append(message)
    }
  }

  private func decodeText(_ bytes: UnsafeRawBufferPointer) throws(FramingError) {
    guard let decoded = unsafe textDecoder?.decode(bytes) else { throw .notBase64 }
    var failure: FramingError?
    unsafe decoded.withUnsafeBytes { bytes in
      do throws(FramingError) { unsafe try decode(bytes) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  final func streamWritable() {
    while let stream, stream.isWritable, outboundEnd == nil, let writer = writers.popFirst() {
      write(writer.frame, on: stream)
      writer.continuation.resume()
    }
  }

  /// The peer's trailers end its side.
  final func notePeerHasEnded() { peerHasEnded = true }

  // MARK: Reading (any thread)

  /// The next message; `nil` after the last.
  final nonisolated(nonsending) func nextMessage() async throws -> [UInt8]? {
    try await receive(.message)
  }

  /// The message of a side that sends exactly one.
  final nonisolated(nonsending) func onlyMessage() async throws -> [UInt8] {
    try Self.demand(try await receive(.only))
  }

  /// The same without waiting; nil if it has not come yet, or on another thread.
  final func arrivedMessage() throws -> [UInt8]? {
    guard reactor.isCurrent, reader == nil, let ready = take(.only) else { return nil }
    return try Self.demand(try ready.get())
  }

  private static func demand(_ message: [UInt8]?) throws(RPCError) -> [UInt8] {
    guard let message else {
      throw RPCError(.unimplemented, "one message is expected here, and none came")
    }
    return message
  }

  private nonisolated(nonsending) func receive(_ demand: Demand) async throws -> [UInt8]? {
    if reactor.isCurrent, reader == nil, let ready = take(demand) { return try ready.get() }
    let ticket = Ticket()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let reader = Reader(demand: demand, ticket: ticket, continuation: continuation)
        onReactor { self.wait(reader) }
      }
    } onCancel: {
      ticket.isCancelled.store(true, ordering: .relaxed)
      reactor.execute { self.abandonReader(ticket) }
    }
  }

  private func wait(_ new: Reader) {
    if new.ticket.isCancelled.load(ordering: .relaxed) {
      new.continuation.resume(throwing: CancellationError())
    } else if reader != nil {
      let error = RPCError.internalError("internal error", cause: ReaderError.secondReader)
      new.continuation.resume(throwing: error)
    } else {
      reader = new
      wakeReader()
    }
  }

  private func abandonReader(_ ticket: Ticket) {
    guard let reader, reader.ticket === ticket else { return }
    self.reader = nil
    reader.continuation.resume(throwing: CancellationError())
  }

  private func wakeReader() {
    guard let reader else { return }
    // Taken out first: a message that cannot be decompressed ends the stream, which comes here.
    self.reader = nil
    guard let ready = take(reader.demand) else {
      self.reader = reader
      return
    }
    reader.continuation.resume(with: ready)
  }

  private func take(_ demand: Demand) -> Result<[UInt8]?, any Error>? {
    switch demand {
    case .message:
      if let message = messages.popFirst() {
        returnWindow(of: message.bytes)
        return contents(of: message)
      }
      return inboundEnd.map { end in end.map { nil } }
    case .only:
      if messages.count > 1 || (messages.count == 1 && decoder.isInsideMessage) {
        return .failure(RPCError(.unimplemented, "one message is expected here, and more came"))
      }
      switch inboundEnd {
      case nil: return nil
      case .failure(let error): return .failure(error)
      case .success: return messages.popFirst().map(contents) ?? .success(nil)
      }
    }
  }

  /// The message decompressed, if it has to be. It waited as it came, so that what a peer can make
  /// this side hold is bounded by the receive window.
  private func contents(of message: ReceivedMessage) -> Result<[UInt8]?, any Error> {
    willTake(message)
    // There is nothing to decompress in nothing (Connect, Unary-Request).
    guard message.isCompressed, !message.bytes.isEmpty else { return .success(message.bytes) }
    do throws(GzipError) {
      return .success(try gzip.decompress(message.bytes, limit: maxMessageBytes))
    } catch {
      let framing: FramingError =
        switch error {
        case .malformed: .notGzip
        case .tooLarge(let limit): .decompressedTooLarge(limit: limit)
        }
      inboundFailed(framing)
      return .failure(framing.answer)
    }
  }

  /// A message that was taken makes room for as many bytes.
  private func returnWindow(of message: [UInt8]) {
    let bytes = min(message.count + MessageDecoder.prefixBytes, unreturned)
    if isReading, bytes > 0, let stream {
      unreturned -= bytes
      stream.consumed(bytes)
    }
    returnWindow()
  }

  /// With no message waiting, what has arrived is part of one that is still to be completed.
  private func returnWindow() {
    guard isReading, messages.isEmpty, unreturned > 0, let stream else { return }
    stream.consumed(unreturned)
    unreturned = 0
  }

  // MARK: Writing (any thread)

  /// Sends `frame` in its turn, once the stream holds less than its high-water mark.
  final nonisolated(nonsending) func send(_ frame: [UInt8]) async throws {
    try Task.checkCancellation()
    if reactor.isCurrent, writers.isEmpty {
      if let outboundEnd { throw outboundEnd }
      if let stream, stream.isWritable { return write(frame, on: stream) }
    }
    let ticket = Ticket()
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let writer = Writer(frame: frame, ticket: ticket, continuation: continuation)
        onReactor { self.wait(writer) }
      }
    } onCancel: {
      ticket.isCancelled.store(true, ordering: .relaxed)
      reactor.execute { self.abandonWriter(ticket) }
    }
  }

  private func wait(_ writer: Writer) {
    if writer.ticket.isCancelled.load(ordering: .relaxed) {
      writer.continuation.resume(throwing: CancellationError())
    } else if let outboundEnd {
      writer.continuation.resume(throwing: outboundEnd)
    } else {
      writers.append(writer)
      streamWritable()
    }
  }

  private func abandonWriter(_ ticket: Ticket) {
    guard let position = writers.firstIndex(where: { $0.ticket === ticket }) else { return }
    writers.remove(at: position).continuation.resume(throwing: CancellationError())
  }

  private func write(_ frame: [UInt8], on stream: HTTP2Stream) {
    willSend(on: stream)
    stream.send(data: frame, endStream: false)
    didSend(frame)
  }
}

/// A mistake of the code that reads a stream.
enum ReaderError: Error {
  /// A stream of messages has one reader at a time.
  case secondReader
}
