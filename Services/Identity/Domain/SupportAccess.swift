import FoundationEssentials

/// Access of one of IKSO's staff to an organisation, from the request to its end (clause 22).
struct SupportAccess: Equatable, Sendable {
  let id: UUID
  let reason: String
  /// As a token carries them (see `ServiceScopes`).
  let scopes: [String]
  /// From the approval on.
  let minutes: Int
  /// The operator.
  let requestedBy: UUID
  let requestedAt: Date
  var state = State.requested
  /// Somebody of the organisation; nil before, and when they were erased.
  var decidedBy: UUID?
  var decidedAt: Date?
  var endsAt: Date?
  var lastUsedAt: Date?

  enum State: String, Equatable, Sendable {
    case requested, approved, refused, ended, expired
  }

  /// What is stored may be behind: time ends an access by itself.
  func state(at time: Date) -> State {
    switch state {
    case .requested:
      time < requestedAt + SupportLimits.patience ? .requested : .expired
    case .approved: endsAt.map { time < $0 } ?? false ? .approved : .expired
    case .refused, .ended, .expired: state
    }
  }
}

/// Bounds of support access, all refused beyond.
enum SupportLimits {
  static let minutes: ClosedRange<UInt32> = 5...1_440
  static let reasonCharacters = 500
  /// Requests and approved accesses of an organisation at a time.
  static let open = 10
  /// Seconds that a request waits for the organisation.
  static let patience: TimeInterval = 7 * 86_400
}

extension SupportAccess {
  /// One that is approved already stays as it is: nothing prolongs an access.
  func approved(by person: UUID, at time: Date) throws(SupportError) -> SupportAccess {
    switch state(at: time) {
    case .approved: return self
    case .requested:
      var access = self
      access.state = .approved
      access.decidedBy = person
      access.decidedAt = time
      access.endsAt = time + 60 * TimeInterval(minutes)
      return access
    case .refused, .ended, .expired: throw .over(state(at: time))
    }
  }

  func refused(by person: UUID, at time: Date) throws(SupportError) -> SupportAccess {
    switch state(at: time) {
    case .refused: return self
    case .requested:
      var access = self
      access.state = .refused
      access.decidedBy = person
      access.decidedAt = time
      return access
    case .approved: throw .approvedBefore
    case .ended, .expired: throw .over(state(at: time))
    }
  }

  /// One that is over already stays as it is.
  func ended(at time: Date) -> SupportAccess {
    switch state(at: time) {
    case .refused, .ended, .expired: return self
    case .requested, .approved:
      var access = self
      access.state = .ended
      access.endsAt = time
      return access
    }
  }

  /// Until when `person` may read.
  func end(for person: UUID, at time: Date) throws(SupportError) -> Date {
    guard person == requestedBy else { throw .notTheirs }
    switch state(at: time) {
    case .approved: break
    case .requested: throw .notApproved
    case .refused, .ended, .expired: throw .over(state(at: time))
    }
    guard let endsAt else { throw .notApproved }
    return endsAt
  }
}

/// Every way in which a request about support can fail by its rules.
enum SupportError: Error, Equatable {
  case notFound
  case tooManyOpen(limit: Int)
  case notApproved
  /// Too late to be refused: it can be ended.
  case approvedBefore
  case over(SupportAccess.State)
  /// Another operator asked for it.
  case notTheirs
}
