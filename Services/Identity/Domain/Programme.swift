import FoundationEssentials

/// What an organisation has its people take part in (clause 12a).
struct Programme: Equatable, Sendable {
  enum Kind: String, CaseIterable, Sendable {
    case training
    case coaching
    case assessment
    case scan
    case project
  }

  static let learningPathLimit = 20

  let id: UUID
  let name: ProgrammeName
  let kind: Kind
  let begin: Day
  var end: Day
  /// What its people may enter while they take part (clause 12e).
  let learningPaths: [LearningPath]

  /// The same, ending early. What has ended stays as it is.
  func ending(_ last: Day, on today: Day) throws(IdentityError) -> Programme {
    guard end >= today else { throw .programmeEnded(end) }
    guard last >= today else { throw .field(.lastDay, .past) }
    guard last >= begin else { throw .endsBeforeItBegins(.lastDay) }
    guard last <= end else { throw .programmeNotProlonged(end) }
    var programme = self
    programme.end = last
    return programme
  }

  /// From when somebody takes part who is enrolled on `today`.
  func firstDay(enrolledOn today: Day) throws(IdentityError) -> Day {
    guard end >= today else { throw .programmeEnded(end) }
    return max(begin, today)
  }
}

/// That somebody takes part in a programme. It ends with it, whatever is stored here.
struct Enrolment: Equatable, Sendable {
  let enrolledOn: Day
  /// The day from which they take part no more.
  let leftOn: Day?

  func isActive(in programme: Programme, on day: Day) -> Bool {
    enrolledOn <= day && day <= programme.end && leftOn.map { day < $0 } ?? true
  }
}

/// 1 to 200 characters.
struct ProgrammeName: Equatable, Sendable {
  static let limit = 200
  let text: String

  init(_ source: String) throws(FieldProblem) {
    text = try PlainText(source, limit: Self.limit).text
  }
}

/// What a learning platform knows a path by; 1 to 200 characters.
struct LearningPath: Equatable, Sendable {
  static let limit = 200
  let text: String

  init(_ source: String) throws(FieldProblem) {
    text = try PlainText(source, limit: Self.limit).text
  }
}
