package import SwiftProtobuf

/// The messages of a streaming response, for one reader.
///
/// A message that has been taken makes room for more: a slow reader stops the server. When the last
/// reference to the stream is gone before its end, the call is cancelled.
package struct ResponseStream<Response: Message>: AsyncSequence, Sendable {
  package typealias Element = Response
  private let call: ClientCall

  init(_ call: ClientCall) { self.call = call }

  package func makeAsyncIterator() -> Iterator { Iterator(call: call) }

  package struct Iterator: AsyncIteratorProtocol {
    fileprivate let call: ClientCall

    /// The next message; `nil` after the last when the call ended with OK.
    /// - Throws: `RPCError` for any other end.
    package mutating func next() async throws -> Response? {
      guard let bytes = try await call.nextMessage() else { return nil }
      return try decode(bytes)
    }
  }
}
