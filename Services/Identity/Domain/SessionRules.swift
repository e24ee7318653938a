import FoundationEssentials

/// How long a session lasts (NIST SP 800-63B-4 section 2.2.3).
struct SessionLimits: Equatable, Sendable {
  /// That any session may last, in seconds.
  static let longest: TimeInterval = 90 * 86_400

  /// Seconds without a new access token.
  var idle: TimeInterval = 3_600
  /// Seconds from the sign-in.
  var absolute: TimeInterval = 24 * 3_600
  /// Seconds from the last check of the password (clause 41); nil: as long as the session lasts.
  var passwordCheck: TimeInterval?

  /// As an organisation decides, where it does.
  func under(_ policy: OrganisationPolicy?) -> SessionLimits {
    guard let policy else { return self }
    return SessionLimits(
      idle: policy.sessionIdle.map { $0 / .seconds(1) } ?? idle,
      absolute: policy.sessionAbsolute.map { $0 / .seconds(1) } ?? absolute,
      passwordCheck: policy.passwordCheck.map { $0 / .seconds(1) } ?? passwordCheck)
  }
}

extension OrganisationPolicy {
  /// Whether a session that may go on under `earlier` can be one that may not under this policy,
  /// where the service's `usual` limits hold that neither sets.
  func isStricter(than earlier: OrganisationPolicy, _ usual: SessionLimits) -> Bool {
    let (new, old) = (usual.under(self), usual.under(earlier))
    return secondFactor.reach > earlier.secondFactor.reach || new.idle < old.idle
      || new.absolute < old.absolute
      || (new.passwordCheck ?? .infinity) < (old.passwordCheck ?? .infinity)
  }
}

extension OrganisationPolicy.SecondFactor {
  /// More for whom more people must have one.
  fileprivate var reach: Int {
    switch self {
    case .optional: 0
    case .administrators: 1
    case .everybody: 2
    }
  }
}

/// A sign-in, by its times.
struct Session: Equatable, Sendable {
  let signedInAt: Date
  let authenticatedAt: Date
  /// When an access token was last issued for it.
  let lastUsedAt: Date
  let endedAt: Date?

  func idleAt(_ limits: SessionLimits) -> Date {
    min(lastUsedAt + limits.idle, expiresAt(limits))
  }

  func expiresAt(_ limits: SessionLimits) -> Date {
    let end = signedInAt + limits.absolute
    return limits.passwordCheck.map { min(end, authenticatedAt + $0) } ?? end
  }

  func isOpen(at time: Date, _ limits: SessionLimits) -> Bool {
    endedAt == nil && time < idleAt(limits)
  }
}

/// Why a session ended, as it is stored.
enum SessionEnd: String, Sendable {
  case signedOut = "signed_out"
  /// By its person, from another session.
  case endedByPerson = "ended_by_person"
  case endedByAdministrator = "ended_by_administrator"
  /// An earlier refresh token came again: two know the session.
  case refreshTokenReused = "refresh_token_reused"
  case passwordChanged = "password_changed"
  case factorChanged = "factor_changed"
  case suspended
}

/// How the second factor was given when a session began, as it is stored; it stays so.
enum FactorProof: String, Sendable {
  case given
  /// A remembered device stood in for it.
  case device
}

/// The refresh token of a session, or the token of a device, that counts, and the one before it.
struct RefreshState: Equatable, Sendable {
  /// For so long the answer to a refresh may be asked for again, in seconds: it can get lost on its
  /// way. RFC 9700 section 4.14.2 asks for rotation and knows no such time; but without one a phone
  /// in a tunnel looks like a thief. It gives a thief nothing that lasts: the token that was
  /// answered before stops counting, so that there is one at any time, and whoever comes with the
  /// other is found out.
  static let graceSeconds: TimeInterval = 10

  let current: [UInt8]
  /// Nil when there was none, or when it has come twice.
  let previous: [UInt8]?
  let rotatedAt: Date

  enum Verdict: Equatable {
    case rotate
    /// Its successor was not seen: it is replaced, and this one counts no more.
    case repeatAnswer
    /// Some other one of the session's.
    case reused
  }

  func verdict(on hash: [UInt8], at time: Date) -> Verdict {
    if hash == current { return .rotate }
    if hash == previous, time < rotatedAt + Self.graceSeconds { return .repeatAnswer }
    return .reused
  }
}
