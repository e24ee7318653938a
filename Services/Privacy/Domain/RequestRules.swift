import Foundation

enum RequestKind: String, Sendable {
  case access
  case erasure
}

enum RequestState: String, Sendable {
  case running
  case completed
  case incomplete
}

/// What one service did for a request.
struct RequestStep: Sendable, Equatable {
  var service: String
  var done: Bool
  var rows: [TableCount]
  var found: [TableCount]
  var problem: String?
}

struct TableCount: Sendable, Equatable {
  var table: String
  var rows: Int
}

/// A request on behalf of a person.
struct PrivacyRequest: Sendable, Equatable {
  var id: UUID
  var kind: RequestKind
  var state: RequestState
  /// Nil once an erasure is complete.
  var subject: UUID?
  var receivedAt: Date
  var completedAt: Date?
  var archiveBytes: Int

  /// Receipt plus 28 days (clause 38), to the second: a change of the clocks does not move it.
  var dueAt: Date { receivedAt.addingTimeInterval(28 * 86_400) }

  /// The state that follows from what the services did.
  static func state(after steps: [RequestStep]) -> RequestState {
    steps.allSatisfy(\.done) ? .completed : .incomplete
  }
}

enum RequestError: Error, Equatable {
  case kindMissing
  case requestAbsent
  case personAbsent
  /// One of the same kind for the same person is not complete.
  case openAlready(UUID)
  case notAccess
  case notCompleted
  /// The archive was deleted with the person.
  case archiveGone
  case completedAlready
  /// The person's data were erased, and with them whom the request is about.
  case personGone
  case archiveTooLarge(bytes: Int, limit: Int)
}

/// A piece of an archive as it is stored and sent.
enum ArchiveChunk {
  static let bytes = 64 * 1_024
}
