package import SwiftProtobuf

/// The messages of a streaming response, for one reader.
///
/// A message that has been taken makes room for more: a slow reader stops the server. When the last
/// reference to the stream is gone before its end, the call is cancelled.
package struct ResponseStream<Response: Message>: AsyncSequence, Sendable {
  package typealias Element = Response
  private let handle: CallHandle

  init(_ call: ClientCall) { handle = CallHandle(call) }

  package func makeAsyncIterator() -> Iterator { Iterator(handle: handle) }

  /// Initial and trailing metadata, as far as they have come.
  package func metadata() async -> (initial: Metadata, trailing: Metadata) {
    await handle.call.metadata()
  }

  /// Ends the call: CANCELLED follows the messages that have come, unless it has ended already.
  package func cancel() { handle.call.cancel() }

  package struct Iterator: AsyncIteratorProtocol {
    fileprivate let handle: CallHandle

    /// The next message; `nil` after the last when the call ended with OK.
    /// - Throws: `RPCError` for any other end, `CancellationError` when this task was cancelled.
    package mutating func next() async throws -> Response? {
      guard let bytes = try await handle.call.nextMessage() else { return nil }
      return try decode(bytes)
    }
  }
}

/// Cancels its call when nobody is left to read it.
final class CallHandle: Sendable {
  let call: ClientCall

  init(_ call: ClientCall) { self.call = call }

  deinit { call.cancel() }
}
