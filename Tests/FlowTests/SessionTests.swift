import Access
import Foundation
import Glibc
import HTTP2
import ProgramSupport
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Sessions as callers meet them: refresh, step-up, and their end in every service.
@Suite(.timeLimit(.minutes(10))) struct SessionTests {
  private var sessions: SessionServiceClient {
    get throws { SessionServiceClient(try House.current().gateway) }
  }

  /// Something that anybody who is signed in may call, of each service and by the gateway.
  private func doors(_ options: CallOptions) throws -> [(name: String, call: Door)] {
    let house = try House.current()
    let (identity, goals) = (
      IdentityServiceClient(try house.direct("identity", as: "gateway")),
      GoalsServiceClient(try house.direct("goals", as: "gateway"))
    )
    let (feedback, privacy) = (
      FeedbackServiceClient(try house.direct("feedback", as: "gateway")),
      PrivacyServiceClient(try house.direct("privacy", as: "gateway"))
    )
    return [
      ("gateway", { _ = try await house.goals.listGoals(.init(), options) }),
      ("goals", { _ = try await goals.listGoals(.init(), options) }),
      ("feedback", { _ = try await feedback.listFeedback(.init(), options) }),
      ("privacy", { _ = try await privacy.getStatement(.init(), options) }),
      ("identity", { _ = try await identity.getColleagues(.init(), options) }),
    ]
  }

  private typealias Door = @Sendable () async throws -> Void

  /// Returns when the call is refused with `code` and a message that holds `word`; the time limit
  /// of the test ends it otherwise.
  private func untilRefused(
    _ code: StatusCode, _ word: String, _ call: Door
  ) async throws {
    while true {
      do {
        try await call()
      } catch let error as RPCError {
        if error.code == code, word.isEmpty || error.message.contains(word) { return }
      }
      try Task.checkCancellation()
    }
  }

  private func untilAnswered(_ call: Door) async throws {
    while true {
      do {
        return try await call()
      } catch is RPCError {
        try Task.checkCancellation()
      }
    }
  }

  private func expectRevoked(_ member: Member) async throws {
    for door in try doors(member.options) {
      try await untilRefused(.unauthenticated, "revoked", door.call)
    }
  }

  @Test func `a session goes on with a refresh, and a copied refresh token ends it everywhere`()
    async throws
  {
    let member = try await Organisation.make().member("Anna Sessie")
    let login = try await member.organisation.house.identity.login(member.login)
    #expect(login.expiresAt.date <= Date() + 300)
    let first = try await sessions.refreshSession(.with { $0.refreshToken = login.refreshToken })
    let second = try await sessions.refreshSession(
      .with { $0.refreshToken = first.refreshToken })
    let options = CallOptions.bearer(second.accessToken)
    for door in try doors(options) { try await door.call() }
    try await expectRefusal(.unauthenticated, "used before", what: "a copy") {
      try await sessions.refreshSession(.with { $0.refreshToken = login.refreshToken })
    }
    for door in try doors(options) {
      try await untilRefused(.unauthenticated, "revoked", door.call)
    }
    try await expectRefusal(.unauthenticated, what: "the last token of the session") {
      try await sessions.refreshSession(.with { $0.refreshToken = second.refreshToken })
    }
    // The other session of the same person is another one.
    _ = try await member.createGoal()
  }

  @Test func `after a logout no service takes the token`() async throws {
    let member = try await Organisation.make().member("Bas Sessie")
    for door in try doors(member.options) { try await door.call() }
    _ = try await member.organisation.house.identity.logout(.init(), member.options)
    try await expectRevoked(member)
    for door in try doors(try await member.signIn().options) { try await door.call() }
  }

  @Test func `a session that is ended from another one, and by an administrator, is refused`()
    async throws
  {
    let organisation = try await Organisation.make()
    let first = try await organisation.member("Carla Sessie")
    let (second, third) = (try await first.signIn(), try await first.signIn())
    let listed = try await sessions.listSessions(.init(), third.options).sessions
    #expect(Set(listed.map(\.sessionID)) == [first.session, second.session, third.session])
    _ = try await sessions.endSession(.with { $0.sessionID = first.session }, third.options)
    try await expectRevoked(first)
    let others = try await sessions.endOtherSessions(.init(), third.options)
    #expect(others.ended == 1)
    try await expectRevoked(second)
    for door in try doors(third.options) { try await door.call() }
    let administrator = try await organisation.member("Dirk Baas", role: "administrator")
    let ended = try await sessions.endPersonSessions(
      .with { $0.personID = first.id }, administrator.options)
    #expect(ended.ended == 1)
    try await expectRevoked(third)
  }

  @Test func `a policy that asks for more has every service refuse the tokens of before`()
    async throws
  {
    let organisation = try await Organisation.make()
    let administrator = try await organisation.member("Dirk Baas", role: "administrator")
    let first = try await organisation.house.identity.login(
      try await organisation.member("Gerda Sessie").login)
    let stranger = try await Organisation.make().member("Hans Elders")
    for door in try doors(.bearer(first.accessToken)) { try await door.call() }
    // Less idle time: the session goes on with a refresh.
    try await administrator.set { $0.sessionIdleSeconds = 1_800 }
    for door in try doors(.bearer(first.accessToken)) {
      try await untilRefused(.unauthenticated, "revoked", door.call)
    }
    let second = try await sessions.refreshSession(.with { $0.refreshToken = first.refreshToken })
    for door in try doors(.bearer(second.accessToken)) { try await door.call() }
    // A second factor for everybody: it does not.
    try await (try await administrator.signIn()).set { $0.secondFactor = .everybody }
    for door in try doors(.bearer(second.accessToken)) {
      try await untilRefused(.unauthenticated, "revoked", door.call)
    }
    try await expectRefusal(.failedPrecondition, "log in again", what: "without a factor") {
      try await sessions.refreshSession(.with { $0.refreshToken = second.refreshToken })
    }
    for door in try doors(stranger.options) { try await door.call() }
  }

  @Test func `the erased person's token is refused everywhere`() async throws {
    let organisation = try await Organisation.make()
    let member = try await organisation.member("Erik Sessie")
    let officer = try await organisation.officer()
    let erasure = try await RightsTests.request(.erasure, about: member, by: officer)
    #expect(erasure.state == .completed)
    try await expectRevoked(member)
  }

  @Test func `a password check makes an old sign-in fresh enough for what demands it`()
    async throws
  {
    let smith = try await TokenSmith.make()
    let organisation = try await Organisation.make()
    let officer = try await organisation.officer()
    let old = try smith.token(
      [.privacyOfficer], of: officer, authenticated: .seconds(-1_000), issued: .seconds(-1),
      session: officer.session)
    @Sendable func ask(_ token: String) async throws {
      _ = try await organisation.house.privacy.createRequest(
        .with {
          $0.kind = .access
          $0.subjectID = UUID().uuidString
        }, .bearer(token))
    }
    try await expectRefusal(.unauthenticated, "15 minutes", what: "an old sign-in") {
      try await ask(old)
    }
    try await expectRefusal(.permissionDenied, "not the account's", what: "a wrong password") {
      try await sessions.checkPassword(.with { $0.password = "iets anders dan dat" }, .bearer(old))
    }
    let checked = try await sessions.checkPassword(
      .with { $0.password = officer.password }, .bearer(old))
    // There is nobody of that id, which is found out behind the guard only.
    try await expectRefusal(.notFound, what: "a fresh one") { try await ask(checked.accessToken) }
  }

  @Test func `with identity away what needs a fresh sign-in is refused, and the rest goes on`()
    async throws
  {
    let organisation = try await Organisation.make()
    let officer = try await organisation.officer()
    let identity = try await OwnService.start("identity")
    let privacy = try await OwnService.start("privacy") { settings in
      settings["peers.identity"] = identity.endpoint.description
      settings["revocations.staleSeconds"] = 5
    }
    let request: Door = {
      _ = try await privacy.privacy.createRequest(
        .with {
          $0.kind = .access
          $0.subjectID = UUID().uuidString
        }, officer.options)
    }
    // There is nobody of that id, which is found out behind the guard only.
    try await untilRefused(.notFound, "", request)
    identity.child.signal(SIGKILL)
    _ = await identity.child.end()
    try await untilRefused(.unavailable, "identity is away", request)
    _ = try await privacy.privacy.listRequests(.init(), officer.options)
    let again = try await OwnService.start("identity") {
      $0["listen.port"] = identity.endpoint.port
    }
    try await untilRefused(.notFound, "", request)
    again.child.signal(SIGTERM)
    #expect(await again.child.end() == .exit(0))
  }

  @Test func `what was revoked while the stream was broken is refused after it`() async throws {
    let member = try await Organisation.make().member("Femke Sessie")
    let identity = try await OwnService.start("identity")
    let goals = try await OwnService.start("goals") { settings in
      settings["peers.identity"] = identity.endpoint.description
    }
    let call: Door = { _ = try await goals.goals.listGoals(.init(), member.options) }
    try await untilAnswered(call)
    identity.child.signal(SIGKILL)
    _ = await identity.child.end()
    // Another process of identity ends the session; nobody can tell the service yet.
    _ = try await member.organisation.house.identity.logout(.init(), member.options)
    try await expectRevoked(member)
    try await call()
    let again = try await OwnService.start("identity") {
      $0["listen.port"] = identity.endpoint.port
    }
    try await untilRefused(.unauthenticated, "revoked", call)
    again.child.signal(SIGTERM)
    #expect(await again.child.end() == .exit(0))
  }
}
