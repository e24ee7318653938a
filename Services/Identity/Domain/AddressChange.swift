import FoundationEssentials

/// When a new e-mail address counts. Whoever has somebody's address can have their password
/// replaced, so that nobody gets it for them without their having had time to stop it.
enum AddressChangeRules {
  /// From the mail to the opening of its link, in seconds; where it has to wait, after that.
  static let linkLifetime: TimeInterval = 86_400
  /// Seconds until the link works of a change that somebody else asks for: a weekend, and a day to
  /// read the mail to the old address.
  static let delay: TimeInterval = 72 * 3_600

  /// From when on the link counts; nil: at once. Somebody without a password has no account yet
  /// that could be taken: a mistyped address is put right at once.
  static func effective(from time: Date, isOwn: Bool, hasPassword: Bool) -> Date? {
    isOwn || !hasPassword ? nil : time + delay
  }

  /// Whether the link counts at `time`.
  /// - Throws: `addressChangeWaits`; `linkExpired` where somebody else asked for it before the
  ///   account had a password, and it has one by now.
  static func requireEffective(
    _ effective: Date?, isOwn: Bool, hasPassword: Bool, at time: Date
  ) throws(IdentityError) {
    if let effective, effective > time { throw .addressChangeWaits(until: effective) }
    if effective == nil, !isOwn, hasPassword { throw .linkExpired }
  }
}
