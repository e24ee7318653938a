import Foundation

/// An access that is to stand in the log.
struct NewAccess: Sendable {
  var event: UUID
  /// Nil for somebody who was erased before it could be brought.
  var subject: UUID?
  var commitment: [UInt8]
  var occurredAt: Date
  /// An `AccessDetail`, serialised; nil as well then.
  var detail: [UInt8]?

  /// Bytes of a detail at most.
  static let detailLimit = 4 << 10
  /// Events of one call at most.
  static let limit = 100
}

enum AccessLogError: Error, Equatable {
  case tooManyEvents(limit: Int)
  case detailTooLarge(limit: Int)
  /// What stands for the subject does not fit the subject.
  case badCommitment
  case timeOutOfRange
  case notOwn
  /// The log holds no entry there, or had no such size.
  case beyondEnd(size: Int)
  case backwards
}
