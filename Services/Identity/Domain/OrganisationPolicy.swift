import Mail

/// What an organisation decides for its own people. What it leaves open, nil, is as the service
/// is set.
struct OrganisationPolicy: Equatable, Sendable {
  /// Who must have a second factor; the privacy officer always must.
  enum SecondFactor: String, CaseIterable, Sendable {
    case optional
    case administrators
    case everybody
  }

  var secondFactor = SecondFactor.optional
  /// Of a password that stands alone.
  var minimumPasswordCharacters: Int?
  /// How old the last check of the password may be before a session asks for it again (clause 41).
  var passwordCheck: Duration?
  var sessionIdle: Duration?
  var sessionAbsolute: Duration?
  var remembersDevices = true
  /// Days until the second factor is asked again on a device that is remembered.
  var rememberedDeviceDays: Int?
  /// Of the addresses that people choose themselves; what the client enters is not bound by them.
  var emailDomains: [EmailDomain] = []
  /// Whoever has an address of one of the domains may register.
  var selfRegistration = false
  /// Of the mail to its people.
  var language = Letter.Language.dutch
}

extension OrganisationPolicy {
  static let passwordCharacters = 15...64
  /// From five minutes to ninety days.
  static let seconds = 300...7_776_000
  static let deviceDays = 1...90
  static let domainLimit = 50

  /// As a request gives it; zeros leave a value open.
  init(
    secondFactor: SecondFactor, minimumPasswordCharacters: Int, passwordCheckSeconds: Int,
    sessionIdleSeconds: Int, sessionAbsoluteSeconds: Int, remembersDevices: Bool,
    rememberedDeviceDays: Int, emailDomains: [String], selfRegistration: Bool,
    language: Letter.Language
  ) throws(IdentityError) {
    self.secondFactor = secondFactor
    self.minimumPasswordCharacters = try Self.value(
      minimumPasswordCharacters, .minimumPasswordCharacters, Self.passwordCharacters)
    passwordCheck = try Self.duration(passwordCheckSeconds, .passwordCheckSeconds)
    sessionIdle = try Self.duration(sessionIdleSeconds, .sessionIdleSeconds)
    sessionAbsolute = try Self.duration(sessionAbsoluteSeconds, .sessionAbsoluteSeconds)
    self.remembersDevices = remembersDevices
    self.language = language
    self.rememberedDeviceDays = try Self.value(
      rememberedDeviceDays, .rememberedDeviceDays, Self.deviceDays)
    guard emailDomains.count <= Self.domainLimit else {
      throw .field(.emailDomains, .tooMany(limit: Self.domainLimit))
    }
    var domains: [EmailDomain] = []
    for text in emailDomains {
      let domain = try RequestField.emailDomains.check { () throws(FieldProblem) in
        try EmailDomain(text)
      }
      if !domains.contains(domain) { domains.append(domain) }
    }
    self.emailDomains = domains
    self.selfRegistration = selfRegistration
    // Everybody in the world would be of the organisation.
    guard !selfRegistration || !domains.isEmpty else { throw .field(.emailDomains, .empty) }
  }

  /// Whether somebody may take the address for themselves.
  func admits(_ email: EmailAddress) -> Bool {
    emailDomains.isEmpty || emailDomains.contains { $0.text == email.domain }
  }

  private static func duration(
    _ seconds: Int, _ field: RequestField
  ) throws(IdentityError) -> Duration? {
    try value(seconds, field, Self.seconds).map { .seconds($0) }
  }

  private static func value(
    _ value: Int, _ field: RequestField, _ range: ClosedRange<Int>
  ) throws(IdentityError) -> Int? {
    guard value != 0 else { return nil }
    guard range.contains(value) else {
      throw .field(field, .notBetween(range.lowerBound, range.upperBound))
    }
    return value
  }
}
