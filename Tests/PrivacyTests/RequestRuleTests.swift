import Foundation
import Testing

@testable import Privacy

@Suite struct RequestRuleTests {
  private let time = Date(timeIntervalSince1970: 1_774_000_000)
  private let person = UUID()
  private let officer = UUID()
  private let deputy = UUID()

  private func asked(_ kind: RequestKind) -> PrivacyRequest {
    PrivacyRequest(kind, about: person, by: officer, asOfficer: true, at: time)
  }

  private func askedByPerson(_ kind: RequestKind) -> PrivacyRequest {
    PrivacyRequest(kind, about: person, by: person, asOfficer: false, at: time)
  }

  @Test(arguments: RequestKind.allCases)
  func `a person's own request waits for an officer, an officer's goes its way`(
    kind: RequestKind
  ) throws {
    #expect(askedByPerson(kind).state == .waitingForAcceptance)
    let wanted: RequestState =
      switch kind {
      case .access, .portability: .running
      case .erasure: .waitingForApproval
      case .rectification, .objection, .withdrawal, .restriction: .inHand
      }
    #expect(asked(kind).state == wanted)
    let accepted = try askedByPerson(kind).approved(by: officer, at: time)
    #expect(accepted.state == (kind == .erasure ? .running : wanted))
    #expect(accepted.decidedBy == officer)
  }

  @Test func `an erasure is approved by somebody else than who asked`() throws {
    #expect(throws: RequestError.sameOfficer) {
      try asked(.erasure).approved(by: officer, at: time)
    }
    let approved = try asked(.erasure).approved(by: deputy, at: time)
    #expect(approved.state == .running && approved.decidedBy == deputy)
    // Asked again: as it is, also by the officer who asked.
    #expect(try approved.approved(by: officer, at: time + 5) == approved)
    // An officer who asks for themselves needs a second one as well.
    let own = PrivacyRequest(.erasure, about: officer, by: officer, asOfficer: false, at: time)
    #expect(throws: RequestError.sameOfficer) { try own.approved(by: officer, at: time) }
    // Nobody is known any more who could be the same.
    var orphaned = asked(.erasure)
    orphaned.requestedBy = nil
    #expect(try orphaned.approved(by: officer, at: time).state == .running)
  }

  @Test func `a closed request is neither approved, refused, withdrawn nor extended`() throws {
    for state in RequestState.allCases where state.isClosed {
      var request = asked(.erasure)
      request.state = state
      #expect(throws: RequestError.self) { try request.approved(by: deputy, at: time) }
      #expect(throws: RequestError.self) {
        try request.refused(on: .excessive, by: deputy, at: time)
      }
      #expect(throws: RequestError.stateForbids(state)) { try request.extended(in: .gmt, at: time) }
      #expect(throws: RequestError.stateForbids(state)) { try request.done(at: time) }
      if state != .withdrawn {
        #expect(throws: RequestError.stateForbids(state)) {
          try request.withdrawn(by: officer, asOfficer: true, at: time)
        }
      }
    }
  }

  @Test func `what has begun is not taken back`() throws {
    var request = try asked(.erasure).approved(by: deputy, at: time)
    #expect(
      try request.withdrawn(by: officer, asOfficer: true, at: time).state == .withdrawn)
    request.begunAt = time
    #expect(throws: RequestError.stateForbids(.running)) {
      try request.withdrawn(by: officer, asOfficer: true, at: time)
    }
    #expect(throws: RequestError.stateForbids(.running)) {
      try request.refused(on: .excessive, by: deputy, at: time)
    }
  }

  @Test(arguments: RefusalGround.allCases)
  func `clause 14: a ground refuses the kinds that the law has it for`(
    ground: RefusalGround
  ) throws {
    #expect(!ground.kinds.isEmpty)
    for kind in RequestKind.allCases {
      let request = askedByPerson(kind)
      if ground.kinds.contains(kind) {
        let refused = try request.refused(on: ground, by: officer, at: time)
        #expect(refused.state == .refused && refused.refusalGround == ground)
        #expect(try refused.refused(on: ground, by: deputy, at: time) == refused)
      } else {
        #expect(throws: RequestError.groundForbidden(ground, kind)) {
          try request.refused(on: ground, by: officer, at: time)
        }
      }
    }
  }

  @Test func `a request holds what its kind has, and no more`() throws {
    func detail(
      _ kind: RequestKind, purpose: String = "", field: String = "", newValue: String = "",
      explanation: String = "", recipient: String = ""
    ) throws -> RequestDetail {
      try RequestDetail(
        for: kind, purpose: purpose, field: field, newValue: newValue, explanation: explanation,
        recipient: recipient)
    }
    #expect(try detail(.objection, purpose: "feedback").purpose == "feedback")
    #expect(throws: RequestError.purposeUnknown) { try detail(.objection) }
    #expect(throws: RequestError.purposeUnknown) { try detail(.withdrawal, purpose: "gossip") }
    #expect(throws: RequestError.purposeUnknown) { try detail(.objection, purpose: "sign-in") }
    #expect(throws: RequestError.textForeign(field: "purpose", .access)) {
      try detail(.access, purpose: "feedback")
    }
    #expect(throws: RequestError.textMissing(field: "field")) {
      try detail(.rectification, newValue: "x")
    }
    let texts = try detail(.rectification, field: "name", newValue: "x", explanation: "typo").texts
    #expect(texts == [.field: "name", .newValue: "x", .explanation: "typo"])
    let long = String(repeating: "é", count: 1_001)
    #expect(throws: RequestError.textTooLong(field: "explanation", limit: 2_000)) {
      try detail(.access, explanation: long)
    }
    #expect(throws: RequestError.textForeign(field: "recipient", .access)) {
      try detail(.access, recipient: "Example B.V.")
    }
    let named = try detail(.portability, recipient: "Example B.V.").texts
    #expect(named == [.recipient: "Example B.V."])
    let number = "Mijn nummer is 111222333."
    #expect(throws: RequestError.citizenNumber(field: "explanation")) {
      try detail(.access, explanation: number)
    }
    #expect(throws: RequestError.citizenNumber(field: "recipient")) {
      try detail(.portability, recipient: number)
    }
  }

  @Test func `a code opens what its organisation made it for, and no other text does`() throws {
    let tenant = UUID()
    let code = DownloadCode.make(tenant: tenant)
    let read = try DownloadCode(code.text)
    #expect(read == code && read.tenant == tenant && read.digest.count == 32)
    for text in ["", "x", String(code.text.dropLast()), code.text + "AA", "😀"] {
      #expect(throws: RequestError.codeUnknown) { try DownloadCode(text) }
    }
    #expect(try DownloadCode.expiry(hours: 0, from: time) == time + 72 * 3_600)
    #expect(throws: RequestError.hoursOutside(limit: 168)) {
      try DownloadCode.expiry(hours: 169, from: time)
    }
  }
}

@Suite struct RectifiedFieldTests {
  @Test(arguments: [
    ("naam", RectifiedField.name), (" Name ", .name), ("e-mailadres", .email), ("Email", .email),
    ("E-mail address", .email),
  ])
  func `clause 33: what identity keeps is known by its usual names`(
    text: String, field: RectifiedField
  ) {
    #expect(RectifiedField(text) == field)
  }

  @Test(arguments: ["", "functie", "name of the cat", "naam\0", "e mail"])
  func `any other field is the officer's`(text: String) {
    #expect(RectifiedField(text) == nil)
  }
}
