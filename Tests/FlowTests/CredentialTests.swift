import Foundation
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Passwords and second factors as people meet them, through the gateway, with the mail that tells
/// of each change.
@Suite(.timeLimit(.minutes(10))) struct CredentialTests {
  // MARK: Passwords

  @Test func `clause 42: a change needs the current password, ends other sessions and is told`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let member = try await organisation.member("Anna Sleutel")
    let other = try await member.signIn()
    let next = Samples.password()
    func change(_ current: String, to new: String) async throws {
      _ = try await house.passwords.changePassword(
        .with {
          $0.currentPassword = current
          $0.newPassword = new
        }, member.options)
    }
    try await expectRefusal(.invalidArgument, "current", what: "a wrong current password") {
      try await change(next, to: next)
    }
    for (password, word) in [
      ("te kort", "15"), ("annasleutelannasleutel", "name"), ("Administrator1!", "leaked"),
    ] {
      try await expectRefusal(.invalidArgument, what: "\(word): \(password)") {
        try await change(member.password, to: password)
      }
    }
    try await change(member.password, to: next)
    try await organisation.refused(other)
    _ = try await house.goals.listGoals(.init(), member.options)
    try await expectRefusal(.unauthenticated, what: "the old password") {
      try await member.signIn()
    }
    _ = try await member.with(password: next).signIn()
    try await house.mailbox.subject("Uw wachtwoord voor IKSO is gewijzigd", to: member.email)
    try await member.logged([.passwordChanged, .password])
  }

  @Test func `a forgotten password is replaced by a link that counts once, and no account is told`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let member = try await organisation.member("Bram Vergeten")
    let (_, codes) = try await member.addFactor()
    let known = Set(try house.mailbox.codes(to: member.email))
    func ask(_ organisation: String, _ email: String) async throws
      -> IdentityRequestPasswordResetResponse
    {
      try await house.passwords.requestPasswordReset(
        .with {
          $0.organisationID = organisation
          $0.email = email
        })
    }
    let nobody = "niemand.\(organisation.tag)@example.org"
    let answers = [
      try await ask(organisation.id, member.email), try await ask(organisation.id, nobody),
      try await ask(UUID().uuidString, member.email),
      try await ask(Organisation.platformID, member.email),
    ]
    #expect(Set(answers).count == 1)
    let code = try await house.mailbox.code(to: member.email, except: known)
    let next = Samples.password()
    func reset(_ code: String) async throws {
      _ = try await house.passwords.resetPassword(
        .with {
          $0.code = code
          $0.newPassword = next
        })
    }
    try await reset(code)
    try await expectRefusal(.notFound, "ask for another", what: "a second time") {
      try await reset(code)
    }
    try await organisation.refused(member)
    // The second factor stays.
    let answer = try await house.identity.login(member.with(password: next).login)
    #expect(answer.challenge.step == .factor && answer.accessToken.isEmpty)
    let signedIn = try await house.signIn.verifyFactor(
      .with {
        $0.challenge = answer.challenge.challenge
        $0.recoveryCode = codes[0]
      })
    #expect(!signedIn.accessToken.isEmpty)
    try await house.mailbox.subject("Uw wachtwoord voor IKSO is gewijzigd", to: member.email)
    try await house.mailIsOut(of: organisation)
    #expect(try house.mailbox.messages(to: nobody).isEmpty)
  }

  @Test func `guessing is slowed down for the guesser, and for nobody else`() async throws {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let (victim, neighbour) = (
      try await organisation.member("Carla Geraden"), try await organisation.member("Dirk Rustig")
    )
    func guess(_ member: Member) async throws {
      _ = try await house.identity.login(member.with(password: Samples.password()).login)
    }
    var slowed: Refusal?
    // Five are free; the sixth waits at least a second.
    for attempt in 1...20 where slowed == nil {
      let refused = try await refusal("guess \(attempt)") { try await guess(victim) }
      if refused.code == .resourceExhausted { slowed = refused }
      #expect(slowed != nil || refused.code == .unauthenticated, "\(refused)")
    }
    #expect(slowed?.message.contains("too many attempts") == true, "\(String(describing: slowed))")
    _ = try await neighbour.signIn()
    // Whoever is signed in is not held up.
    _ = try await house.goals.listGoals(.init(), victim.options)
    try await victim.logged([.throttled, .password])
  }

  // MARK: Second factors

  @Test func `clause 43: an app and its recovery codes, each once, and each change is told`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let member = try await organisation.member("Eva Factor")
    let other = try await member.signIn()
    let (app, codes) = try await member.addFactor()
    #expect(codes.count == 10)
    try await organisation.refused(other)
    let factors = try await house.factors.getFactors(.init(), member.options)
    #expect(factors.hasTotpSince && factors.recoveryCodesLeft == 10 && !factors.required)
    func signIn(
      _ factor: IdentityVerifyFactorRequest.OneOf_Factor
    ) async throws -> IdentityLoginResponse {
      let challenge = try await house.identity.login(member.login).challenge
      #expect(challenge.step == .factor)
      return try await house.signIn.verifyFactor(
        .with {
          $0.challenge = challenge.challenge
          $0.factor = factor
        })
    }
    let code = app.code()
    #expect(!(try await signIn(.code(code))).accessToken.isEmpty)
    for wrong in [code, "000000", "abc"] {
      try await expectRefusal(.unauthenticated, "wrong, or has been used", what: wrong) {
        try await signIn(.code(wrong))
      }
    }
    #expect(!(try await signIn(.recoveryCode(codes[0]))).accessToken.isEmpty)
    try await expectRefusal(.unauthenticated, what: "a recovery code again") {
      try await signIn(.recoveryCode(codes[0]))
    }
    let renewed = try await house.factors.renewRecoveryCodes(.init(), member.options).codes
    #expect(Set(renewed).isDisjoint(with: codes))
    try await expectRefusal(.unauthenticated, what: "an old recovery code") {
      try await signIn(.recoveryCode(codes[1]))
    }
    #expect(!(try await signIn(.recoveryCode(renewed[0]))).accessToken.isEmpty)
    _ = try await house.factors.removeTotp(.init(), member.options)
    let last = try await house.identity.login(member.login)
    #expect(!last.accessToken.isEmpty && !last.hasChallenge)
    for subject in [
      "Uw IKSO-account heeft een tweede factor", "Een herstelcode van uw IKSO-account is gebruikt",
      "Uw herstelcodes voor IKSO zijn vernieuwd",
      "De tweede factor van uw IKSO-account is verwijderd",
    ] { try await house.mailbox.subject(subject, to: member.email) }
    try await member.logged([
      .factorAdded, .factor, .recoveryCode, .recoveryCodesRenewed, .factorRemoved, .signIn,
    ])
  }

  @Test func `an organisation demands a second factor of its people, who set it up and keep it`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let administrator = try await organisation.member("Anton Baas", role: "administrator")
    let member = try await organisation.member("Fien Verplicht")
    try await administrator.set { $0.secondFactor = .everybody }
    let signedIn = try await member.signIn()
    #expect(signedIn.authenticator != nil)
    #expect(try await house.factors.getFactors(.init(), signedIn.options).required)
    try await expectRefusal(.failedPrecondition, "compulsory", what: "taking it away") {
      try await house.factors.removeTotp(.init(), signedIn.options)
    }
  }

  // MARK: Devices

  @Test func `clause 41: devices are forgotten all at once, and where the organisation says so`()
    async throws
  {
    let organisation = try await Organisation.make()
    let house = organisation.house
    let administrator = try await organisation.member("Anton Baas", role: "administrator")
    let client = DeviceServiceClient(house.gateway)
    let member = try await organisation.member("Guus Apparaat")
    let device = try await member.rememberDevice()
    let forgotten = try await client.forgetAllDevices(.init(), device.options).forgotten
    #expect(forgotten == 1)
    let asked = try await house.identity.login(member.login(with: device.token))
    #expect(asked.challenge.step == .factor && asked.deviceToken.isEmpty)
    let second = try await organisation.member("Hans Apparaat")
    let remembered = try await second.rememberDevice()
    try await administrator.set { $0.remembersDevices = false }
    let refused = try await house.identity.login(second.login(with: remembered.token))
    #expect(refused.challenge.step == .factor && refused.deviceToken.isEmpty)
  }
}

extension Member {
  func with(password: String) -> Member {
    Member(
      organisation: organisation, id: id, name: name, email: email, password: password,
      token: token, session: session, authenticator: authenticator)
  }

  /// Sets up an app beside the password.
  func addFactor() async throws -> (app: Authenticator, recoveryCodes: [String]) {
    let factors = organisation.house.factors
    let app = try Authenticator(secret: try await factors.beginTotp(.init(), options).secret)
    let answer = try await factors.confirmTotp(.with { $0.code = app.code() }, options)
    return (app, answer.codes)
  }

  /// Changes the policy of one's organisation. Returns in a later second: a token says in whole
  /// seconds when it was issued, and one of the second of the change counts as earlier.
  func set(_ change: (inout IdentityOrganisationPolicy) -> Void) async throws {
    let organisations = organisation.house.organisations
    var policy = try await organisations.getOrganisationPolicy(
      .with { $0.organisationID = organisation.id }, options)
    change(&policy)
    _ = try await organisations.setOrganisationPolicy(
      .with {
        $0.organisationID = organisation.id
        $0.policy = policy
      }, options)
    let changed = Date().timeIntervalSince1970.rounded(.down)
    try await until("the second is over") { Date().timeIntervalSince1970 >= changed + 1 }
  }

  /// Returns once the Authorised Person finds each of the kinds in what the log tells of this
  /// person: what is counted of failures is written down a moment later.
  func logged(_ kinds: Set<IdentitySecurityEventKind>) async throws {
    let officer = try await organisation.officer()
    let log = SecurityLogServiceClient(organisation.house.gateway)
    try await until("\(kinds) are in the log") {
      let answer = try await log.listSecurityEvents(
        .with {
          $0.personID = id
          $0.kinds = Array(kinds)
        }, officer.options)
      return Set(answer.events.map(\.kind)) == kinds
    }
  }
}

extension Organisation {
  /// Returns once the token of a session that has ended is refused.
  func refused(_ member: Member) async throws {
    try await until("the token of \(member.name) is refused") {
      do {
        _ = try await house.goals.listGoals(.init(), member.options)
        return false
      } catch let error as RPCError {
        return error.code == .unauthenticated
      }
    }
  }
}

extension Mailbox {
  /// Returns once a mail with the subject has come.
  func subject(_ subject: String, to address: String) async throws {
    try await until("a mail to \(address): \(subject)") {
      try messages(to: address).contains { $0.subject == subject }
    }
  }
}
