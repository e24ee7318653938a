import Foundation
import RPC
import Synchronization
import Testing

@testable import Access

@Suite struct PurposeListTests {
  private let tenant = UUID()
  private let person = UUID()

  private func change(
    _ mark: PurposeMark?, _ purpose: String = "feedback", person: UUID? = nil, tenant: UUID? = nil
  ) -> PurposeChange {
    PurposeChange(tenant: tenant ?? self.tenant, person: person, purpose: purpose, mark: mark)
  }

  /// A list that has heard all that holds.
  private func list(_ changes: PurposeChange...) -> PurposeList {
    let list = PurposeList()
    list.add(PurposeChanges(changes, sequence: 1, reset: true, isComplete: true))
    return list
  }

  private func refusal(
    _ list: PurposeList, _ purpose: String = "feedback", _ people: UUID..., tenant: UUID? = nil
  ) -> PurposeRefusal? {
    list.refusal(of: purpose, for: people, in: tenant ?? self.tenant)
  }

  @Test func `clause 34: a frozen purpose is refused for that person, and goes on for others`() {
    let list = list(change(.stopped, person: person))
    #expect(refusal(list, "feedback", person) == .frozen("feedback"))
    #expect(refusal(list, "feedback", UUID(), person) == .frozen("feedback"))
    #expect(refusal(list, "feedback", UUID()) == nil)
    #expect(refusal(list, "development", person) == nil)
    #expect(refusal(list, "feedback", person, tenant: UUID()) == nil)
    #expect(list.refusals == 2)
    list.add(PurposeChanges([change(nil, person: person)], sequence: 2, isComplete: true))
    #expect(refusal(list, "feedback", person) == nil)
    #expect(list.count == 0 && list.sequence == 2)
  }

  @Test func `what is stopped is known of a person alone, and not for longer than patience`() {
    let start = ContinuousClock.now
    let instant = Mutex(start)
    let list = PurposeList(patience: .seconds(60)) { instant.withLock(\.self) }
    func areStopped(_ purposes: String...) -> Bool {
      list.areStopped(purposes, for: person, in: tenant)
    }
    #expect(!areStopped("feedback"), "nothing was heard yet")
    list.add(
      PurposeChanges(
        [change(.stopped, person: person), change(.stopped, "development")], sequence: 1,
        reset: true, isComplete: true))
    #expect(areStopped("feedback") && !areStopped("feedback", "development"))
    #expect(!list.areStopped(["feedback"], for: UUID(), in: tenant))
    #expect(!list.areStopped(["feedback"], for: person, in: UUID()))
    instant.withLock { $0 = start + .seconds(61) }
    #expect(!areStopped("feedback"), "it may have been lifted")
    list.add(PurposeChanges([change(nil, person: person)], sequence: 2, isComplete: true))
    #expect(!areStopped("feedback"))
  }

  @Test func `clause 11: what the organisation does not instruct is refused to everybody in it`() {
    let list = list(change(.stopped))
    #expect(refusal(list) == .notInstructed("feedback"))
    #expect(refusal(list, "feedback", person) == .notInstructed("feedback"))
    #expect(refusal(list, "feedback", tenant: UUID()) == nil)
  }

  @Test func `clause 13: what rests on consent is off until it is instructed and consented to`() {
    let other = UUID()
    let list = list(change(.allowed, "publishing"), change(.allowed, "publishing", person: person))
    #expect(refusal(list, "publishing", person) == nil)
    #expect(refusal(list, "publishing", other) == .notConsented("publishing"))
    #expect(refusal(list, "publishing", person, other) == .notConsented("publishing"))
    #expect(refusal(list, "publishing", person, tenant: UUID()) == .notInstructed("publishing"))
    list.add(PurposeChanges([change(nil, "publishing")], sequence: 2, isComplete: true))
    #expect(refusal(list, "publishing", person) == .notInstructed("publishing"))
  }

  @Test func `clause 12b: what needs an instruction alone is off without, and needs no consent`() {
    let list = list(change(.stopped, "reporting", person: person))
    #expect(refusal(list, "reporting", person) == .notInstructed("reporting"))
    #expect(refusal(list, "reporting", UUID(), tenant: UUID()) == .notInstructed("reporting"))
    list.add(PurposeChanges([change(.allowed, "reporting")], sequence: 2, isComplete: true))
    #expect(refusal(list, "reporting", UUID()) == nil)
    #expect(refusal(list, "reporting", person) == .frozen("reporting"))
  }

  @Test func `what cannot be stopped goes on, whatever is said and heard`() {
    let list = PurposeList()
    for purpose in Purposes.unstoppable {
      #expect(refusal(list, purpose, person) == nil, "\(purpose)")
    }
    list.add(
      PurposeChanges(
        [change(.stopped, "sign-in", person: person)], sequence: 1, reset: true, isComplete: true))
    #expect(refusal(list, "sign-in", person) == nil)
  }

  @Test func `before all that holds has come nothing that can be stopped is admitted`() {
    let list = PurposeList()
    #expect(refusal(list) == .unknown("feedback"))
    list.add(
      PurposeChanges(
        [change(.stopped, person: person)], sequence: 1, reset: true, isComplete: false))
    #expect(refusal(list) == .unknown("feedback"))
    list.add(PurposeChanges([], sequence: 2, isComplete: true))
    #expect(refusal(list) == nil)
    #expect(refusal(list, "feedback", person) == .frozen("feedback"))
  }

  @Test func `a list that comes anew takes the place of the old one when it is complete`() {
    let list = list(change(.stopped, person: person))
    let other = UUID()
    list.add(
      PurposeChanges(
        [change(.stopped, person: other)], sequence: 5, reset: true, isComplete: false))
    #expect(refusal(list, "feedback", person) == .frozen("feedback"), "until then the old one")
    #expect(refusal(list, "feedback", other) == nil)
    list.add(PurposeChanges([], sequence: 6, isComplete: true))
    #expect(refusal(list, "feedback", person) == nil)
    #expect(refusal(list, "feedback", other) == .frozen("feedback"))
  }

  @Test func `out of touch, nothing that can be stopped is admitted`() {
    let start = ContinuousClock.now
    let passed = Mutex(Duration.zero)
    let list = PurposeList(
      patience: .seconds(60), instant: { start + passed.withLock { $0 } })
    list.add(PurposeChanges([], sequence: 1, reset: true, isComplete: true))
    passed.withLock { $0 = .seconds(60) }
    #expect(refusal(list) == nil && list.isInTouch)
    passed.withLock { $0 = .milliseconds(60_001) }
    #expect(refusal(list) == .unknown("feedback") && !list.isInTouch)
    list.add(PurposeChanges([], sequence: 1, isComplete: true))
    #expect(refusal(list) == nil)
  }

  @Test func `an organisation with too much stopped stops alone, and too much in all everybody`() {
    let list = PurposeList(marksPerTenant: 2, marks: 4)
    let second = UUID()
    list.add(PurposeChanges([], sequence: 1, reset: true, isComplete: true))
    let many = (1...3).map { _ in change(.stopped, person: UUID()) }
    list.add(PurposeChanges(many, sequence: 2, isComplete: true))
    #expect(refusal(list, "feedback", person) == .unknown("feedback"))
    #expect(refusal(list, "feedback", person, tenant: second) == nil)
    #expect(list.count == 0)
    for number in 3...5 {
      let tenant = UUID()
      let two = (1...2).map { _ in change(.stopped, person: UUID(), tenant: tenant) }
      list.add(PurposeChanges(two, sequence: Int64(number), isComplete: true))
    }
    #expect(!list.isInTouch)
    #expect(refusal(list, "feedback", person, tenant: second) == .unknown("feedback"))
    list.add(PurposeChanges([], sequence: 6, reset: true, isComplete: true))
    #expect(list.isInTouch && refusal(list, "feedback", person) == nil)
  }

  @Test func `a refusal says why to a program, and to people neither who nor on what ground`() {
    let frozen = PurposeRefusal.frozen("feedback").answer
    #expect(frozen.code == .permissionDenied && frozen.reason == "PURPOSE_FROZEN")
    #expect(PurposeRefusal.notInstructed("x").answer.reason == "PURPOSE_NOT_INSTRUCTED")
    #expect(PurposeRefusal.notConsented("x").answer.reason == "CONSENT_MISSING")
    let unknown = PurposeRefusal.unknown("x").answer
    #expect(unknown.code == .unavailable && unknown.reason == "PURPOSES_UNKNOWN")
  }

  @Test func `the guard refuses the person's call, and the handler asks about others`()
    async throws
  {
    let ours = try Issuer()
    let token = makeToken()
    let list = PurposeList()
    list.add(
      PurposeChanges(
        [change(.stopped, person: person, tenant: token.tenant)], sequence: 1, reset: true,
        isComplete: true))
    let accessGuard = AccessGuard(
      verifier: try ours.verifier(), allowedPeers: ["gateway"], purposes: list, now: { noon })
    let policy = AccessPolicy(roles: [.participant], purpose: "feedback")
    let rpc = try makeCall(token: ours.signer.sign(token))
    let call = try await accessGuard.admit(rpc, policy)
    try await call.demandPurpose(for: [UUID()], in: token.tenant)
    await #expect(throws: PurposeRefusal.frozen("feedback")) {
      try await call.demandPurpose(for: [person], in: token.tenant)
    }
    #expect(call.isStopped(for: person, in: token.tenant))
    #expect(!call.isStopped(for: UUID(), in: token.tenant))
    list.add(
      PurposeChanges(
        [change(.stopped, person: token.subject, tenant: token.tenant)], sequence: 2,
        isComplete: true))
    let error = await #expect(throws: RPCError.self) {
      try await accessGuard.admit(rpc, policy)
    }
    #expect(error?.reason == "PURPOSE_FROZEN")
    let other = AccessPolicy(roles: [.participant], purpose: "privacy-requests")
    _ = try await accessGuard.admit(rpc, other)
  }
}
