import Access
import RPC
import Testing

@testable import Schemas

@Suite struct `The catalogue` {
  private let ours = SchemaCatalogue.services.filter { $0.name.hasPrefix("ikso.") }

  @Test func `knows every message that a method of ours takes or gives`() {
    let known = Set(SchemaCatalogue.messages.map(\.name))
    for method in ours.flatMap(\.methods) {
      #expect(known.contains(method.request), "\(method.descriptor.path)")
      #expect(known.contains(method.response), "\(method.descriptor.path)")
    }
  }

  @Test func `lets only services call what the gateway doesn't route`() {
    for method in ours.filter(\.isInternal).flatMap(\.methods) {
      #expect(!method.policy.anyone, "\(method.descriptor.path)")
      #expect(method.policy.roles.isEmpty, "\(method.descriptor.path)")
    }
  }

  /// A right of a person's must not wait for a purpose that they have had stopped (clause 34).
  @Test func `has services ask each other for a purpose that stops only within that purpose`() {
    let asked = ours.flatMap(\.methods).filter { method in
      !method.policy.services.isEmpty && !Purposes.unstoppable.contains(method.policy.purpose)
    }
    // The names of those whom feedback is asked of, to who asks.
    #expect(asked.map(\.descriptor.path) == ["/ikso.identity.v1.IdentityService/GetColleagues"])
    #expect(asked.allSatisfy { $0.policy.services == ["feedback"] })
  }

  @Test func `has secrets in the answers only that give tokens, codes, challenges or factors`() {
    let answers = SchemaCatalogue.messages
      .filter { message in message.fields.contains { $0.personalData == .secret } }
      .flatMap(\.responseOf)
    #expect(
      Set(answers)
        == Set(
          [
            "IdentityService/Login", "SessionService/RefreshSession",
            "SessionService/CheckPassword", "SignInService/VerifyFactor",
            "SignInService/BeginFactor", "SignInService/ConfirmFactor",
            "SignInService/ContinueSignIn", "FactorService/BeginTOTP",
            "FactorService/ConfirmTOTP", "FactorService/RenewRecoveryCodes",
            "ServiceTokenService/IssueServiceToken", "SupportService/BeginSupport",
          ].map { "ikso.identity.v1.\($0)" }
            // A code that opens an archive once; one that takes an applicant's consent back.
            + [
              "DownloadService/CreateDownload", "IntakeService/SubmitApplication",
            ].map { "ikso.privacy.v1.\($0)" }))
  }

  @Test func `tells the class of a field by its full name`() {
    #expect(SchemaCatalogue.personalData["ikso.goals.v1.Goal.title"] == .confidential)
    #expect(SchemaCatalogue.personalData["ikso.goals.v1.Goal.revision"] == .notPersonal)
    #expect(SchemaCatalogue.personalData["ikso.goals.v1.Goal.absent"] == nil)
  }

  @Test func `carries a message's methods at any depth`() throws {
    let credential = try #require(
      SchemaCatalogue.messages.first { $0.name == "ikso.identity.v1.Credential.Password" })
    #expect(credential.requestOf.contains("ikso.identity.v1.IdentityService/ShowStatement"))
    #expect(credential.responseOf.isEmpty)
  }
}
