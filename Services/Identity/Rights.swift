import Access

/// What somebody may do in their organisation, and when.
struct Rights: Equatable, Sendable {
  struct Dated: Equatable, Sendable {
    let role: Role
    let period: Period
  }

  /// Held until further notice.
  var standing: Set<Role> = []
  var dated: [Dated] = []

  /// An auditor only reads: while somebody is one, their other rights rest.
  func on(_ day: Day) -> Set<Role> {
    let held = standing.union(dated.filter { $0.period.contains(day) }.map(\.role))
    return held.contains(.auditor) ? [.auditor] : held
  }

  /// Until when somebody holds a right who holds it on `day`.
  enum End: Equatable {
    case furtherNotice
    case last(Day)

    /// Whether a right that ends with `day`, nil: not at all, is no longer than this one.
    func covers(_ day: Day?) -> Bool {
      switch self {
      case .furtherNotice: true
      case .last(let last): day.map { $0 <= last } ?? false
      }
    }
  }

  /// Nil if they do not hold it on `day`.
  func end(of role: Role, on day: Day) -> End? {
    if standing.contains(role) { return .furtherNotice }
    let ends = dated.filter { $0.role == role && $0.period.contains(day) }.map(\.period.end)
    guard !ends.isEmpty else { return nil }
    let known = ends.compactMap(\.self)
    guard known.count == ends.count, let last = known.max() else { return .furtherNotice }
    return .last(last)
  }
}

/// What keeps an account from being used, whatever rights it has.
struct Standing: Equatable, Sendable {
  var isSuspended = false
  var isUnder16 = false
  var hasParentalConsent = false
  /// Somebody has reported that they may be under 16, and nobody has decided yet.
  var isReported = false

  /// Without it nobody signs in and no session goes on (clause 20).
  func requireUsable() throws(IdentityError) {
    if isReported { throw .accountFrozen }
    if isSuspended { throw .accountSuspended }
    if isUnder16, !hasParentalConsent { throw .parentalConsentMissing }
  }
}

extension Contract {
  /// The rights that a token carries on `day`, of those that somebody holds. In the month after
  /// the contract only those who can export the data and admit support are left.
  func usable(_ roles: Set<Role>, on day: Day) throws(IdentityError) -> Set<Role> {
    guard case .terminated(let end) = state(on: day) else {
      try requireActive(on: day)
      return roles
    }
    let left = roles.intersection(Self.rolesAfterTheEnd)
    guard !left.isEmpty, let keptUntil, day <= keptUntil else { throw .contractEnded(end) }
    return left
  }

  private static let rolesAfterTheEnd: Set<Role> = [.administrator, .privacyOfficer, .auditor]
}
