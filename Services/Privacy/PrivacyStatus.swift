import Foundation
import RPC

/// What callers are told; the one place that knows status codes.
extension StatementError: PublicError {
  var status: RPCError {
    switch self {
    case .empty: .invalid("markdown", "is empty; give the statement's text")
    case .tooLarge(let bytes):
      .invalid(
        "markdown", "has \(bytes) bytes; at most \(StatementText.maximumBytes) are allowed")
    case .notUTF8(let offset):
      .invalid("markdown", "is not UTF-8 at byte \(offset); save the file as UTF-8")
    case .nulByte(let offset):
      .invalid("markdown", "has a NUL byte at \(offset); give plain text")
    case .badContact:
      .invalid("contact", "must be an e-mail address or a web address (https://…)")
    case .nonePublished:
      .failedPrecondition("the organisation has published no privacy statement yet")
    case .versionAbsent: .notFound("statement version not found")
    case .beforeAnother(let version):
      .failedPrecondition(
        "version \(version) counts from later on: a version cannot count before the one before it")
    case .tooFarAhead: .invalid("valid_from", "must be at most 366 days from now")
    case .publishedMeanwhile:
      .aborted("another version was published at the same moment; look at it and try again")
    case .notCurrent(let version):
      .failedPrecondition(
        "the current privacy statement is version \(version): show it and accept that version"
      ).missing(
        precondition: "STATEMENT_CURRENT", of: "statement version \(version)",
        "show it and accept that version")
    }
  }
}

extension AccessLogError: PublicError {
  var status: RPCError {
    switch self {
    case .tooManyEvents(let limit): .invalid("events", "must be at most \(limit)")
    case .detailTooLarge(let limit): .invalid("detail", "must be at most \(limit) bytes")
    case .badCommitment:
      .invalid("subject_commitment", "must be SHA-256 over the ids of event and subject")
    case .timeOutOfRange: .invalid("occurred_at", "must be a time from 2000 until 2200")
    // As for somebody who doesn't exist.
    case .notOwn: .notFound("person not found")
    case .beyondEnd(let size):
      .outOfRange("the log has \(size) entries: name a place or a size of it")
    case .backwards: .invalid("from_size", "must not be more than to_size")
    }
  }
}
