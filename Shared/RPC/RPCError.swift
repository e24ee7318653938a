package import SwiftProtobuf

/// The error that ends a call: what the caller may read, and apart from it what only we may read.
///
/// `message`, `metadata` and `details` go over the wire. `cause` goes to the call observer, never
/// to the peer.
package struct RPCError: Error {
  package var code: StatusCode
  /// Text for the caller: what was wrong, with which field, and what would be right.
  package var message: String
  /// Sent as trailing metadata, or received as such.
  package var metadata: Metadata
  /// What a program may read of the error: messages of google.rpc's error_details.proto, or others.
  package var details: [Google_Protobuf_Any]
  /// Why, in UPPER_SNAKE_CASE: stays the same when the text is reworded. Sent by a server that
  /// names a domain for it (google.rpc.ErrorInfo).
  package var reason: String?
  /// What happened inside, for the log.
  package var cause: (any Error)?

  package init(
    _ code: StatusCode, _ message: String, metadata: Metadata = Metadata(),
    details: [Google_Protobuf_Any] = [], cause: (any Error)? = nil
  ) {
    self.code = code
    self.message = message
    self.metadata = metadata
    self.details = details
    self.cause = cause
  }
}

extension RPCError: CustomStringConvertible {
  /// Code and public message; without `cause`, so that no careless interpolation leaks it.
  package var description: String { "\(code.name): \(message)" }
}

/// An error of a service's domain that has an answer for the caller.
///
/// Each domain's errors conform in one exhaustive `switch`.
package protocol PublicError: Error {
  var status: RPCError { get }
  /// What the error is called for programs, in UPPER_SNAKE_CASE; by default the case's name.
  var reason: String? { get }
}

extension RPCError {
  /// The answer to a call whose handler threw `error`.
  ///
  /// An error that is neither an `RPCError` nor a `PublicError` becomes INTERNAL with a fixed text
  /// and the request id by which the log finds the detail.
  static func answering(_ error: any Error, requestID: String) -> RPCError {
    switch error {
    case let error as RPCError: error
    case let error as any PublicError where error.status.code != .internalError: error.answer
    case is CancellationError: .cancelled("the call was cancelled", cause: error)
    default: .internalError("internal error (request \(requestID))", cause: error)
    }
  }

  package static func cancelled(_ message: String, cause: (any Error)? = nil) -> RPCError {
    RPCError(.cancelled, message, cause: cause)
  }

  package static func unknown(
    _ message: String, cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(.unknown, message, cause: cause)
  }

  package static func invalidArgument(
    _ message: String, cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(.invalidArgument, message, cause: cause)
  }

  package static func deadlineExceeded(
    _ message: String, cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(.deadlineExceeded, message, cause: cause)
  }

  package static func notFound(
    _ message: String, cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(.notFound, message, cause: cause)
  }

  package static func alreadyExists(
    _ message: String, cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(.alreadyExists, message, cause: cause)
  }

  package static func permissionDenied(
    _ message: String, cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(.permissionDenied, message, cause: cause)
  }

  package static func resourceExhausted(
    _ message: String, cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(.resourceExhausted, message, cause: cause)
  }

  package static func failedPrecondition(
    _ message: String, cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(.failedPrecondition, message, cause: cause)
  }

  package static func aborted(
    _ message: String, cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(.aborted, message, cause: cause)
  }

  package static func outOfRange(
    _ message: String, cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(.outOfRange, message, cause: cause)
  }

  package static func unimplemented(
    _ message: String, cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(.unimplemented, message, cause: cause)
  }

  package static func internalError(
    _ message: String, cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(.internalError, message, cause: cause)
  }

  package static func unavailable(
    _ message: String, cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(.unavailable, message, cause: cause)
  }

  package static func dataLoss(
    _ message: String, cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(.dataLoss, message, cause: cause)
  }

  package static func unauthenticated(
    _ message: String, cause: (any Error)? = nil
  ) -> RPCError {
    RPCError(.unauthenticated, message, cause: cause)
  }
}
