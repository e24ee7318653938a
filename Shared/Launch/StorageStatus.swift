import Postgres
package import RPC
import Storage

// What a caller is told when the database or the key store does not answer, or a page of a list
// cannot be had. Anything that is our own mistake, or the data's, stays INTERNAL: the detail goes
// to the log with the request id.

extension PostgresError: PublicError {
  /// What RetryInfo says: long enough for a connection to be made anew.
  private static let retryDelay = Duration.seconds(1)
  /// Long enough for somebody to make room.
  private static let longRetryDelay = Duration.seconds(30)

  package var status: RPCError {
    switch self {
    case .connectFailed, .connectTimedOut, .connectionLost, .poolClosed:
      .unavailable("the database cannot be reached; try again", cause: self)
        .retrying(after: Self.retryDelay)
    case .outcomeUnknown:
      .unavailable(
        "the database went away while it stored this, and perhaps it did: look before trying "
          + "again, or use an idempotency-key where the method takes one",
        cause: self)
    case .poolTimeout, .poolQueueFull:
      .resourceExhausted("too many calls wait for the database; try again in a moment", cause: self)
        .retrying(after: Self.retryDelay)
    case .poolShareFull:
      .resourceExhausted("too many calls of your organisation wait; try again", cause: self)
        .exceeding(quotaOf: "organisation", "calls that wait for the database")
        .retrying(after: Self.retryDelay)
    case .cancelled: .cancelled("the call was cancelled", cause: self)
    case .deadlineExceeded:
      .deadlineExceeded("the deadline of the call has passed", cause: self).because("DEADLINE")
    case .resultTooLarge:
      .resourceExhausted("this would be more than one answer holds; ask for less", cause: self)
    // 57014 query_canceled: statement_timeout, which is what was left of the call's deadline.
    case .server(let error) where error.sqlstate == "57014":
      .deadlineExceeded("the deadline of the call has passed", cause: self).because("DEADLINE")
    // 53100 disk_full and the others of class 53, insufficient resources.
    case .server(let error) where error.sqlstate.hasPrefix("53"):
      .resourceExhausted("the database has no room for this now; try again later", cause: self)
        .retrying(after: Self.longRetryDelay)
    // 57Pxx the server is being stopped; 25006 it is a replica, the primary is elsewhere; 58030 its
    // disk does not answer.
    case .server(let error)
    where error.sqlstate.hasPrefix("57") || ["25006", "58030"].contains(error.sqlstate):
      .unavailable("the database cannot serve now; try again", cause: self)
        .retrying(after: Self.retryDelay)
    // What the policies of all tables of a service say of a row of an erased organisation.
    case .server(let error) where error.constraint == "living_tenant": .erasedOrganisation(self)
    // 40001 serialization_failure, 40P01 deadlock_detected.
    case .server(let error) where error.sqlstate.hasPrefix("40"):
      .aborted("another call changed the same at the same moment; try again", cause: self)
        .retrying(after: Self.retryDelay)
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
    case .tenantDestroyed: .erasedOrganisation(self)
    case .absent, .destroyed, .tenantAbsent, .corrupt, .masterAbsent, .journal:
      .internalError("internal error", cause: self)
    }
  }
}

extension RPCError {
  fileprivate static func erasedOrganisation(_ cause: any Error) -> RPCError {
    .failedPrecondition(
      "the organisation's data were erased after the end of its contract", cause: cause
    ).because("ORGANISATION_ERASED")
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
