import Access
import Foundation
import Testing

@testable import Privacy

@Suite struct FreezeRuleTests {
  @Test func `every service knows which purposes cannot be stopped, and which need consent`() {
    let unstoppable = Purpose.allCases.filter { !$0.canBeStopped }.map(\.rawValue)
    #expect(Set(unstoppable) == Purposes.unstoppable)
    #expect(Set(Purpose.allCases.filter(\.needsConsent).map(\.rawValue)) == Purposes.consented)
    let instructed = Purpose.allCases.filter { !$0.isStandard }.map(\.rawValue)
    #expect(Set(instructed) == Purposes.instructed)
  }

  @Test func `clause 34: a restriction freezes all that can be, an objection what is named`()
    throws
  {
    let all = try PurposeFreeze.purposes([], for: .restriction)
    #expect(all == [.feedback, .development, .publishing, .reporting])
    let named = try PurposeFreeze.purposes([.development, .development], for: .objection)
    #expect(named == [.development])
    #expect(throws: ConsentError.nothingNamed) {
      try PurposeFreeze.purposes([], for: .objection)
    }
  }

  @Test(arguments: Purpose.allCases.filter { !$0.canBeStopped })
  func `clause 14: what a legal duty or the service itself needs is not frozen`(
    purpose: Purpose
  ) {
    for reason in FreezeReason.allCases {
      #expect(throws: ConsentError.cannotStop(purpose)) {
        try PurposeFreeze.purposes([.feedback, purpose], for: reason)
      }
    }
  }

  private func standing(
    _ purpose: Purpose, _ act: ConsentAct?, _ frozen: Set<FreezeReason> = [],
    instructed: Bool = true
  ) -> PurposeStanding {
    PurposeStanding(
      purpose: purpose, lastAct: act, frozen: frozen, isInstructed: instructed)
  }

  @Test func `a freeze outweighs a consent, and consent alone allows what rests on it`() {
    #expect(standing(.publishing, nil).mark == .none)
    #expect(!standing(.publishing, nil).isAllowed)
    #expect(standing(.publishing, .given).mark == .allowed)
    #expect(standing(.publishing, .given).isAllowed)
    #expect(!standing(.publishing, .given, instructed: false).isAllowed)
    #expect(standing(.publishing, .given, [.objection]).mark == .stopped)
    #expect(standing(.publishing, .withdrawn).mark == .none)
    #expect(standing(.feedback, nil).isAllowed)
    #expect(standing(.feedback, .given).mark == .none)
    #expect(!standing(.feedback, nil, [.restriction]).isAllowed)
  }

  @Test func `the agreement instructs the standard purposes, and the latest word counts`() {
    func latest(_ act: PurposeInstruction.Act) -> PurposeInstruction {
      PurposeInstruction(purpose: .feedback, act: act, reference: "Bijlage 1", at: Date())
    }
    #expect(PurposeInstruction.isInstructed(.feedback, latest: nil))
    #expect(!PurposeInstruction.isInstructed(.publishing, latest: nil))
    #expect(!PurposeInstruction.isInstructed(.feedback, latest: latest(.withdrawn)))
    #expect(PurposeInstruction.isInstructed(.publishing, latest: latest(.given)))
    #expect(latest(.withdrawn).mark == .stopped && latest(.given).mark == .none)
  }

  @Test(arguments: ["", "  ", "a\nb", String(repeating: "a", count: 201)])
  func `a reference is one line of 1 to 200 characters`(text: String) {
    #expect(throws: ConsentError.badReference) {
      try PurposeInstruction.checked(reference: text)
    }
  }

  @Test func `a ledger's next entry is later, whatever the clock says`() {
    let now = Date(timeIntervalSince1970: 1_800_000_000)
    #expect(now.following(nil) == now)
    #expect(now.following(now - 1) == now)
    #expect(now.following(now) > now)
    #expect(now.following(now + 3_600) > now + 3_600)
  }
}
