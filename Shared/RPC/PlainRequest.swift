package import HTTP2

/// A request that is no call of any of the protocols: a browser's, or a mail program's. On the
/// reactor of its connection.
package struct PlainRequest {
  package let stream: HTTP2Stream
  package let method: String
  /// Without the query.
  package let path: String
  package let contentType: String
  /// Whether there is no body.
  package let requestEnded: Bool

  package init(
    stream: HTTP2Stream, method: String, path: String, contentType: String, requestEnded: Bool
  ) {
    (self.stream, self.method, self.path) = (stream, method, path)
    (self.contentType, self.requestEnded) = (contentType, requestEnded)
  }
}

/// Answers requests that are no calls; `nil` lets the server refuse them.
package typealias PlainHandler = @Sendable (PlainRequest) -> (any HTTP2StreamHandler)?
