import Foundation
import RPC
import Testing

@testable import Access

@Suite struct AccessPolicyTests {
  private func policy(
    anyone: Bool = false, _ roles: Set<Role> = [], services: Set<String> = [],
    age: Duration? = nil
  ) -> AccessPolicy {
    AccessPolicy(
      anyone: anyone, roles: roles, services: services, maximumAuthenticationAge: age,
      purpose: "test")
  }

  @Test(arguments: Role.allCases, Role.allCases)
  func `a role admits itself and no other`(needed: Role, held: Role) throws {
    let token = makeToken(roles: [held])
    let result = Result { () throws(AccessRefusal) in
      try policy([needed]).evaluate(token: token, service: nil, now: noon)
    }
    let holder: Caller = held == .service ? .account(token) : .person(token)
    #expect(result == (needed == held ? .success(holder) : .failure(.roleNeeded([needed]))))
  }

  @Test func `one of several roles is enough`() throws {
    let token = makeToken(roles: [.coach, .participant])
    let caller = try policy([.coach, .manager]).evaluate(token: token, service: nil, now: noon)
    #expect(caller == .person(token))
  }

  @Test func `a token without roles is refused where roles are needed`() {
    #expect(throws: AccessRefusal.roleNeeded([.coach])) {
      try policy([.coach]).evaluate(token: makeToken(roles: []), service: nil, now: noon)
    }
  }

  @Test func `anyone is anonymous, or the person of the token`() throws {
    let open = policy(anyone: true)
    let token = makeToken(roles: [])
    #expect(try open.evaluate(token: nil, service: nil, now: noon) == .anonymous)
    #expect(try open.evaluate(token: nil, service: "goals", now: noon) == .anonymous)
    #expect(try open.evaluate(token: token, service: nil, now: noon) == .person(token))
  }

  @Test func `nobody passes where a token is needed`() {
    #expect(throws: AccessRefusal.tokenNeeded([.auditor])) {
      try policy([.auditor]).evaluate(token: nil, service: nil, now: noon)
    }
    #expect(throws: AccessRefusal.tokenNeeded([.auditor])) {
      try policy([.auditor], services: ["privacy"])
        .evaluate(token: nil, service: "goals", now: noon)
    }
  }

  @Test func `a listed service calls in its own name`() throws {
    let listed = policy(services: ["privacy"])
    #expect(
      try listed.evaluate(token: nil, service: "privacy", now: noon) == .service("privacy"))
    for service in ["goals", nil] {
      #expect(throws: AccessRefusal.servicesOnly) {
        try listed.evaluate(token: nil, service: service, now: noon)
      }
      #expect(throws: AccessRefusal.servicesOnly) {
        try listed.evaluate(token: makeToken(), service: service, now: noon)
      }
    }
  }

  @Test func `a service with a token acts for the person where persons are admitted`() throws {
    let token = makeToken(roles: [.privacyOfficer])
    let both = policy([.privacyOfficer], services: ["privacy"])
    #expect(
      try both.evaluate(token: token, service: "privacy", now: noon) == .person(token))
    #expect(throws: AccessRefusal.roleNeeded([.privacyOfficer])) {
      try both.evaluate(token: makeToken(), service: "privacy", now: noon)
    }
    #expect(
      try policy(services: ["privacy"]).evaluate(token: token, service: "privacy", now: noon)
        == .service("privacy"))
  }

  @Test func `a policy that names nobody admits nobody`() {
    for token in [nil, makeToken(roles: Set(Role.allCases))] {
      #expect(throws: AccessRefusal.servicesOnly) {
        try policy().evaluate(token: token, service: "privacy", now: noon)
      }
    }
  }

  @Test func `an authentication ages`() throws {
    let fresh = policy([.participant], age: .seconds(300))
    let token = makeToken(authenticatedAt: noon - 300)
    #expect(try fresh.evaluate(token: token, service: nil, now: noon) == .person(token))
    #expect(throws: AccessRefusal.authenticationTooOld(.seconds(300))) {
      try fresh.evaluate(token: token, service: nil, now: noon + 1)
    }
  }

  @Test func `each refusal says what would be right`() {
    let tooOld = AccessRefusal.authenticationTooOld(.seconds(300)).status
    #expect(tooOld.code == .unauthenticated)
    #expect(
      tooOld.message
        == "authentication is older than 5 minutes: check the password again, or log in again")
    #expect(
      tooOld.metadata[first: "www-authenticate"]
        == #"Bearer error="insufficient_user_authentication", max_age="300""#)
    let role = AccessRefusal.roleNeeded([.privacyOfficer, .auditor]).status
    #expect(role.code == .permissionDenied)
    #expect(role.message == "the method needs one of the roles auditor, privacy_officer")
    #expect(AccessRefusal.tokenNeeded([.coach]).status.code == .unauthenticated)
    #expect(AccessRefusal.servicesOnly.status.code == .permissionDenied)
    #expect(AccessRefusal.certificateNeeded.status.code == .unauthenticated)
    #expect(AccessRefusal.peerNotAllowed("x").status.code == .permissionDenied)
  }
}
