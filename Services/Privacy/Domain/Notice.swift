import Foundation

/// What people of an organisation are told by mail, by way of identity, which has their addresses.
struct Notice: Sendable, Equatable {
  enum Kind: String, Sendable, CaseIterable {
    case requestReceived = "request_received"
    case requestForApproval = "request_for_approval"
    case requestSoon = "request_soon"
    case requestUrgent = "request_urgent"
    case requestOverdue = "request_overdue"
    case requestExtended = "request_extended"
    case requestCompleted = "request_completed"
    case requestRefused = "request_refused"
    case breach
    case breachChanged = "breach_changed"
    case subProcessor = "sub_processor"
    case statement
    case complaintReceived = "complaint_received"
    case complaintAnswered = "complaint_answered"

    /// That somebody has to decide; of no use once somebody has.
    static let forDecision: [Kind] = [.requestReceived, .requestForApproval]
    /// That time runs out; of no use once the request is closed.
    static let reminders: [Kind] = [.requestSoon, .requestUrgent, .requestOverdue]
  }

  enum Audience: String, Sendable {
    /// The Authorised Person and the deputy; the administrators where there is neither.
    case authorisedPersons = "authorised_persons"
    /// These and the administrators.
    case responsible
    case everyone
    case person
  }

  var id = UUID()
  var kind: Kind
  var audience: Audience
  /// With the audience `person` alone.
  var person: UUID?
  /// What it is about.
  var reference: UUID?
  var version: Int?
  var moment: Date?
  var authorityLink: String?
  /// When it is sent.
  var dueAt: Date
  /// From when on another notice tells more, and this one is not sent.
  var supersededAt: Date?

  /// The highest is handed over first: a breach before everything else (clause 39).
  var urgency: Int16 { kind == .breach || kind == .breachChanged ? 1 : 0 }
}

/// What is told of a request (clauses 38 and 44).
struct RequestNotices: Sendable, Equatable {
  /// Waiting notices about the request that are of no use any more.
  var cancelled: [Notice.Kind] = []
  var notices: [Notice] = []

  /// Of one that has come in.
  init(received request: PrivacyRequest) {
    switch request.state {
    case .waitingForAcceptance:
      notices = [request.notice(.requestReceived, at: request.receivedAt)]
    case .waitingForApproval:
      notices = [request.notice(.requestForApproval, at: request.receivedAt)]
    default: break
    }
    notices += request.reminders
  }

  /// Of a change. What was decided on their own request the person is told; what an officer asked
  /// for on their behalf the officer tells them. Whoever is erased is told nothing: nobody is left.
  init(
    from before: PrivacyRequest, to request: PrivacyRequest, at time: Date, authorityLink: String
  ) {
    guard before != request else { return }
    if before.state != request.state { cancelled += Notice.Kind.forDecision }
    if request.dueAt != before.dueAt {
      cancelled += Notice.Kind.reminders
      notices += request.reminders
      if let told = request.toPerson(.requestExtended, at: time) { notices.append(told) }
    }
    guard request.state.isClosed, !before.state.isClosed else { return }
    cancelled += Notice.Kind.reminders
    notices.removeAll { Notice.Kind.reminders.contains($0.kind) }
    switch request.state {
    case .completed where request.kind != .erasure:
      if let told = request.toPerson(.requestCompleted, at: time) { notices.append(told) }
    case .refused:
      if var told = request.toPerson(.requestRefused, at: time) {
        told.authorityLink = authorityLink
        notices.append(told)
      }
    default: break
    }
  }

  /// Of one that was carried out.
  static func completed(_ request: PrivacyRequest, at time: Date) -> RequestNotices {
    var done = request
    (done.state, done.completedAt) = (.completed, time)
    return RequestNotices(from: request, to: done, at: time, authorityLink: "")
  }
}

extension PrivacyRequest {
  /// One for each distance from the due date. Only the latest is sent of those that could not be
  /// when it was their time.
  fileprivate var reminders: [Notice] {
    var soon = notice(.requestSoon, at: dueAt - RequestClock.soon)
    var urgent = notice(.requestUrgent, at: dueAt - RequestClock.urgent)
    var overdue = notice(.requestOverdue, at: dueAt)
    (soon.supersededAt, urgent.supersededAt) = (urgent.dueAt, overdue.dueAt)
    overdue.audience = .responsible
    return [soon, urgent, overdue]
  }

  fileprivate func notice(_ kind: Notice.Kind, at time: Date) -> Notice {
    Notice(kind: kind, audience: .authorisedPersons, reference: id, moment: dueAt, dueAt: time)
  }

  /// Nil unless they asked for themselves.
  fileprivate func toPerson(_ kind: Notice.Kind, at time: Date) -> Notice? {
    guard askedBySubject, let subject else { return nil }
    return Notice(
      kind: kind, audience: .person, person: subject, reference: id,
      moment: kind == .requestExtended ? dueAt : nil, dueAt: time)
  }
}
