import Foundation

/// What people may ask about their data, by the article of the GDPR.
enum RequestKind: String, Sendable, CaseIterable {
  /// Art. 15.
  case access
  /// Art. 17.
  case erasure
  /// Art. 16.
  case rectification
  /// Art. 20.
  case portability
  /// Art. 21.
  case objection
  /// Of consent, Art. 7(3).
  case withdrawal
  /// Art. 18.
  case restriction

  /// Whether every service takes part in carrying it out; else an officer does it.
  var isCarriedOut: Bool { isCollected || self == .erasure }
  /// Whether it ends with an archive.
  var isCollected: Bool { self == .access || self == .portability }
  /// Whether it is about one purpose; a restriction is about all that can be stopped.
  var namesPurpose: Bool { self == .objection || self == .withdrawal }
  /// Whether it stops purposes, which every service confirms.
  var stopsPurposes: Bool { namesPurpose || self == .restriction }
}

enum RequestState: String, Sendable, CaseIterable {
  case waitingForAcceptance = "waiting_for_acceptance"
  case waitingForApproval = "waiting_for_approval"
  /// An officer does it.
  case inHand = "in_hand"
  /// Approved, and put off by a legal hold.
  case onHold = "on_hold"
  case running
  /// Running, and a step has failed: it is tried again.
  case incomplete
  case completed
  case refused
  case withdrawn

  var isClosed: Bool { [.completed, .refused, .withdrawn].contains(self) }
  var isRunning: Bool { self == .running || self == .incomplete }
}

/// What one service did for a request.
struct RequestStep: Sendable, Equatable {
  var service: String
  var done: Bool
  var rows: [TableCount]
  var found: [TableCount]
  var problem: String?
  /// Of an erasure, signed by the service; empty before it is done.
  var receipts = StepReceipts()
  /// When it was stored last; nil before.
  var updatedAt: Date?
}

struct StepReceipts: Sendable, Equatable {
  var erasure = ""
  var scan = ""
  var publicKey: [UInt8] = []
}

struct TableCount: Sendable, Equatable {
  var table: String
  var rows: Int
}

/// A request about a person's data.
struct PrivacyRequest: Sendable, Equatable {
  var id: UUID
  var kind: RequestKind
  var state: RequestState
  /// Nil once an erasure is complete.
  var subject: UUID?
  /// Nil once that person was erased.
  var requestedBy: UUID?
  /// By the person, not by an officer on their behalf.
  var askedBySubject: Bool
  /// Empty where the kind has none.
  var purpose = ""
  /// Of a request from before it was sealed; of others it is one of the texts.
  var recipient = ""
  var receivedAt: Date
  var dueAt: Date
  var extendedAt: Date?
  /// When a service was first asked for it.
  var begunAt: Date?
  var decidedBy: UUID?
  var decidedAt: Date?
  var refusalGround: RefusalGround?
  var completedAt: Date?
  var archiveBytes = 0
  /// When it is worked at next; nil unless it waits for that.
  var nextAttemptAt: Date?

  /// As it is received. What a person asks for themselves goes to the controller, whose officer
  /// accepts it; the erasure that an officer asks for needs another officer.
  init(
    _ kind: RequestKind, about subject: UUID, by asker: UUID, asOfficer: Bool, at time: Date,
    purpose: String = "", id: UUID = UUID()
  ) {
    self.id = id
    self.kind = kind
    self.subject = subject
    requestedBy = asker
    askedBySubject = !asOfficer
    self.purpose = purpose
    receivedAt = time
    dueAt = RequestClock.due(receivedAt: time)
    if !asOfficer {
      state = .waitingForAcceptance
    } else if kind == .erasure {
      state = .waitingForApproval
    } else {
      state = kind.isCarriedOut ? .running : .inHand
    }
  }

  init(stored id: UUID, _ kind: RequestKind, _ state: RequestState, receivedAt: Date, dueAt: Date) {
    (self.id, self.kind, self.state) = (id, kind, state)
    (self.receivedAt, self.dueAt) = (receivedAt, dueAt)
    askedBySubject = false
  }
}

// MARK: Decisions

extension PrivacyRequest {
  /// Neither refused nor withdrawn: what it stops stays so.
  var isInForce: Bool { state != .refused && state != .withdrawn }

  /// Accepted by `officer`, who must not be the one who asked when it is an erasure (dual control).
  /// Approved before: as it is.
  func approved(by officer: UUID, at time: Date) throws(RequestError) -> PrivacyRequest {
    guard !isApproved else { return self }
    guard state == .waitingForAcceptance || state == .waitingForApproval else {
      throw .stateForbids(state)
    }
    guard kind != .erasure || requestedBy != officer else { throw .sameOfficer }
    var request = self
    request.state = kind.isCarriedOut ? .running : .inHand
    (request.decidedBy, request.decidedAt) = (officer, time)
    return request
  }

  /// That it was accepted, and not refused or withdrawn since.
  private var isApproved: Bool {
    decidedAt != nil && (state.isRunning || [.inHand, .onHold, .completed].contains(state))
  }

  func refused(
    on ground: RefusalGround, by officer: UUID, at time: Date
  ) throws(RequestError) -> PrivacyRequest {
    if state == .refused, refusalGround == ground { return self }
    guard !state.isClosed, !state.isRunning, begunAt == nil else { throw .stateForbids(state) }
    guard ground.kinds.contains(kind) else { throw .groundForbidden(ground, kind) }
    var request = self
    request.state = .refused
    request.refusalGround = ground
    (request.decidedBy, request.decidedAt) = (officer, time)
    return request
  }

  /// Taken back by who asked: the person, or on their behalf an officer, whose colleagues may as
  /// well. Not once a service was asked for it.
  func withdrawn(
    by person: UUID, asOfficer: Bool, at time: Date
  ) throws(RequestError) -> PrivacyRequest {
    guard askedBySubject != asOfficer else { throw .askedByAnother }
    if state == .withdrawn { return self }
    guard !state.isClosed, begunAt == nil else { throw .stateForbids(state) }
    var request = self
    request.state = .withdrawn
    (request.decidedBy, request.decidedAt) = (person, time)
    return request
  }

  /// With two months more, once, before it is due. Extended before: as it is.
  func extended(in zone: TimeZone, at time: Date) throws(RequestError) -> PrivacyRequest {
    guard extendedAt == nil else { return self }
    guard !state.isClosed else { throw .stateForbids(state) }
    guard time <= dueAt else { throw .overdue }
    var request = self
    request.extendedAt = time
    request.dueAt = RequestClock.extendedDue(receivedAt: receivedAt, in: zone)
    return request
  }

  /// For an officer to do: what is collected is too much for an archive, now and at a repetition.
  func leftToOfficer() -> PrivacyRequest {
    var request = self
    (request.state, request.nextAttemptAt) = (.inHand, nil)
    return request
  }

  /// Done by an officer.
  func done(at time: Date) throws(RequestError) -> PrivacyRequest {
    guard state == .inHand else { throw .stateForbids(state) }
    var request = self
    request.state = .completed
    request.completedAt = time
    return request
  }
}

enum RequestError: Error, Equatable {
  case kindMissing
  case requestAbsent
  case personAbsent
  case holdAbsent
  case notCollected
  case notCompleted
  /// The archive was deleted with the person.
  case archiveGone
  /// The data were too many for an archive: an officer handed them over.
  case handedOver
  case completedAlready
  case stateForbids(RequestState)
  /// Whoever asked for the erasure cannot approve it.
  case sameOfficer
  /// There is nobody else who could.
  case secondOfficerMissing
  case groundMissing
  case groundForbidden(RefusalGround, RequestKind)
  case overdue
  /// Only who asked can take it back: an officer refuses instead.
  case askedByAnother
  case onHold(HoldGround, until: Date)
  case erasureBegun
  case textMissing(field: String)
  case textTooLong(field: String, limit: Int)
  case textForeign(field: String, RequestKind)
  case citizenNumber(field: String)
  case purposeUnknown
  /// Nothing that the field can hold.
  case newValueRefused
  case tooManyOpen(limit: Int)
  case holdDayOutside
  case certificateAbsent
  case codeUnknown
  case hoursOutside(limit: Int)
  case notPortability
  case proofAbsent
  case proofChecked
  case proof(ProofFault)
}

/// A piece of an archive as it is stored and sent.
enum ArchiveChunk {
  static let bytes = 64 * 1_024
}
