import Postgres
package import RPC
import Storage

// What a caller is told when the database or the key store does not answer, or a page of a list
// cannot be had. Anything that is our own mistake, or the data's, stays INTERNAL: the detail goes
// to the log with the request id.

extension PostgresError: PublicError {
  /// What RetryInfo says: long enough for a connection to be made anew.
  private static let retryDelay = Duration.seconds(1)

  package var status: RPCError {
    switch self {
    case .connectFailed, .connectionLost, .poolClosed:
      .unavailable("the database cannot be reached; try again", cause: self)
        .retrying(after: Self.retryDelay)
    case .outcomeUnknown:
      .unavailable(
        "the database went away while it stored this: look whether it did before trying again",
        cause: self)
    case .poolTimeout, .poolQueueFull:
      .resourceExhausted("too many calls wait for the database; try again in a moment", cause: self)
        .retrying(after: Self.retryDelay)
    case .cancelled: .cancelled("the call was cancelled", cause: self)
    case .deadlineExceeded:
      .deadlineExceeded("the deadline of the call has passed", cause: self).because("DEADLINE")
    // 57014 query_canceled: statement_timeout, which is what was left of the call's deadline.
    case .server(let error) where error.sqlstate == "57014":
      .deadlineExceeded("the deadline of the call has passed", cause: self).because("DEADLINE")
    // 53xxx insufficient resources, 57Pxx the server is being stopped.
    case .server(let error) where ["53", "57"].contains(error.sqlstate.prefix(2)):
      .unavailable("the database cannot serve now; try again", cause: self)
        .retrying(after: Self.retryDelay)
    // 40001 serialization_failure, 40P01 deadlock_detected.
    case .server(let error) where error.sqlstate.hasPrefix("40"):
      .aborted("another call changed the same at the same moment; try again", cause: self)
    case .server, .decoding, .tooManyParameters, .invalidIdentifier, .nestedTransaction,
      .transactionMisused:
      .internalError("internal error", cause: self)
    }
  }
}

extension VaultError: PublicError {
  package var status: RPCError {
    switch self {
    case .store(let error): error.status
    case .absent, .destroyed, .tenantAbsent, .tenantDestroyed, .corrupt:
      .internalError("internal error", cause: self)
    }
  }
}

extension PageError: PublicError {
  package var status: RPCError {
    switch self {
    case .size(let limit):
      .invalid("page_size", "must be at most \(limit), or 0 for the standard")
    case .token:
      .invalid("page_token", "must be a next_page_token of this method, or empty")
    }
  }
}
