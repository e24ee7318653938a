import FoundationEssentials

/// The agreement that makes us the organisation's processor (GDPR Art. 28).
struct ProcessingAgreement: Equatable, Sendable {
  let reference: AgreementReference
  let signedOn: Day
}

/// The contract and the processing agreement with a client organisation (clauses 5 and 29).
struct Contract: Equatable, Sendable {
  /// Nil while nothing is agreed.
  var period: Period?
  /// Nil until it is signed.
  var agreement: ProcessingAgreement?
  var erasedAt: Date?
  /// When its erasure began in all services: from then on it is carried through.
  var erasureOrderedAt: Date?

  init(period: Period? = nil, agreement: ProcessingAgreement? = nil, erasedAt: Date? = nil) {
    (self.period, self.agreement, self.erasedAt) = (period, agreement, erasedAt)
  }

  enum State: Equatable {
    /// Nothing of people is taken yet.
    case draft(Lack)
    case active
    /// Ended with this day: export and support only.
    case terminated(Day)
    case erased
  }

  /// What a draft waits for.
  enum Lack: Equatable {
    case period
    case agreement
    case begin(Day)
  }

  /// - Parameter day: as the organisation counts its days.
  func state(on day: Day) -> State {
    if erasedAt != nil { return .erased }
    guard let period else { return .draft(.period) }
    if let end = period.end, end < day { return .terminated(end) }
    guard let agreement else { return .draft(.agreement) }
    let begin = max(period.begin, agreement.signedOn)
    return day < begin ? .draft(.begin(begin)) : .active
  }

  /// The last day on which the data are kept: one calendar month after the contract's last day
  /// (clause 29). With its end comes the erasure.
  var keptUntil: Day? { period?.end?.oneMonthLater }

  /// Without an active contract and agreement nothing is written about people (clause 5).
  func requireActive(on day: Day) throws(IdentityError) {
    switch state(on: day) {
    case .active: return
    case .draft(.period): throw .contractMissing
    case .draft(.agreement): throw .agreementMissing
    case .draft(.begin(let begin)): throw .contractNotBegun(begin)
    case .terminated(let end): throw .contractEnded(end)
    case .erased: throw .organisationErased
    }
  }

  /// Whether the data must be gone. An erasure before would break the promise of the month after.
  func requireErasureDue(on day: Day) throws(IdentityError) {
    switch state(on: day) {
    case .erased: return
    case .draft, .active: throw .erasureOfLivingContract
    case .terminated:
      guard let keptUntil, keptUntil < day else { throw .erasureNotDue(after: keptUntil ?? day) }
    }
  }
}

/// A change of the contract of an organisation.
extension Contract {
  /// The same with another period and agreement; an erased organisation has no contract any more.
  /// A contract does not end in the past: the month after would be cut short.
  func agreed(
    _ period: Period, _ agreement: ProcessingAgreement?, on today: Day
  ) throws(IdentityError) -> Contract {
    guard erasedAt == nil else { throw .organisationErased }
    guard erasureOrderedAt == nil else { throw .erasureBegun }
    if let end = period.end, end < today { throw .field(.contractEnd, .past) }
    return Contract(period: period, agreement: agreement ?? self.agreement)
  }

  /// The same, ending with `last`. What has ended stays as it is.
  func ending(_ last: Day, on today: Day) throws(IdentityError) -> Contract {
    guard let period else { throw .contractMissing }
    if case .terminated(let end) = state(on: today) { throw .contractEnded(end) }
    guard let shorter = Period(begin: period.begin, end: last) else {
      throw .endsBeforeItBegins(.lastDay)
    }
    guard last >= today else { throw .field(.lastDay, .past) }
    return try agreed(shorter, nil, on: today)
  }
}
