import Access

/// A right that an administrator gives somebody.
struct Granting: Equatable, Sendable {
  let role: Role
  let period: Period

  /// Of a role that a method can give; the privacy officer is named, operators are not of a client.
  static let roles: Set<Role> = [.participant, .coach, .manager, .administrator, .auditor]

  /// Until further notice from today on: kept with the person.
  func isStanding(on today: Day) -> Bool { period.begin <= today && period.end == nil }

  /// Whether somebody with the rights of `granter` may give it to one with those of `holder`.
  ///
  /// Nobody gives what goes beyond their own right: an administrator whose right ends makes none
  /// whose right lasts longer. An auditor only reads, until a day: they hold nothing else then.
  func check(by granter: Rights, for holder: Rights, on today: Day) throws(IdentityError) {
    guard Self.roles.contains(role) else { throw .roleNotGiven }
    guard let own = granter.end(of: .administrator, on: today) else { throw .notAdministrator }
    guard period.begin >= today else { throw .field(.validFrom, .past) }
    if let end = period.end, end < today { throw .field(.validUntil, .past) }
    if role == .administrator, !own.covers(period.end) { throw .beyondOwnRight }
    guard role == .auditor else {
      if holder.held(from: today).contains(.auditor) { throw .auditorHoldsNothingElse }
      return
    }
    guard let end = period.end else { throw .field(.validUntil, .empty) }
    guard end <= period.begin.oneYearLater else { throw .auditTooLong }
    guard holder.held(from: today).isSubset(of: [.participant, .auditor]) else {
      throw .auditorHoldsNothingElse
    }
  }
}

extension Rights {
  /// Those held today or some day later.
  func held(from today: Day) -> Set<Role> {
    standing.union(dated.filter { $0.period.end.map { $0 >= today } ?? true }.map(\.role))
  }
}
