import Access
import Cryptography
import Foundation
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

extension EventWalk {
  /// What administrators and officers do.
  static let people: [Step] = [
    Step("IdentityService/ImportParticipants", [.peopleImported]) { walk in
      try await walk.house.importFile(walk.tenant, file("ben"))
    },
    Step("IdentityService/ResendInvitation", [.invitationSent]) { walk in
      _ = try await walk.service.resendInvitation(
        .with {
          $0.organisationID = walk.tenant.canonical
          $0.email = "ben@acme.nl"
        }, walk.admin(IdentityServicePolicies.resendInvitation))
    },
    Step("PeopleService/GrantRole", [.roleGranted]) { walk in
      _ = try await walk.service.grantRole(
        .with {
          $0.personID = walk.ada.canonical
          $0.role = .manager
        }, walk.admin(PeopleServicePolicies.grantRole))
    },
    Step("PeopleService/SetManager", [.managerSet]) { walk in
      _ = try await walk.service.setManager(
        .with {
          $0.personID = walk.eva.canonical
          $0.managerID = walk.ada.canonical
        }, walk.admin(PeopleServicePolicies.setManager))
    },
    Step("PeopleService/RevokeRole", [.roleRevoked]) { walk in
      _ = try await walk.service.revokeRole(
        .with {
          $0.personID = walk.ada.canonical
          $0.role = .manager
        }, walk.admin(PeopleServicePolicies.revokeRole))
      let event = try await walk.house.events(of: walk.tenant, about: walk.ada)[0]
      #expect(event.role == .manager && event.actorID == walk.eva.canonical)
    },
    Step("PeopleService/SuspendPerson", [.suspended]) { walk in
      _ = try await walk.service.suspendPerson(
        .with { $0.personID = walk.ada.canonical }, walk.admin(PeopleServicePolicies.suspendPerson))
    },
    Step("PeopleService/ReinstatePerson", [.reinstated]) { walk in
      _ = try await walk.service.reinstatePerson(
        .with { $0.personID = walk.ada.canonical },
        walk.admin(PeopleServicePolicies.reinstatePerson))
    },
    Step("PeopleService/CorrectPerson", [.nameCorrected]) { walk in
      _ = try await walk.service.correctPerson(
        .with {
          $0.personID = walk.ada.canonical
          $0.name = "Ada King"
        }, walk.admin(PeopleServicePolicies.correctPerson))
    },
    Step("PersonDeskService/RectifyPerson", [.nameCorrected]) { walk in
      // By the privacy service, on the order of the officer.
      let call = Call(
        caller: .service("privacy"),
        rpc: ServerCall(method: PersonDeskServiceMethods.rectifyPerson),
        policy: PersonDeskServicePolicies.rectifyPerson)
      for _ in 0..<2 {
        _ = try await walk.service.rectifyPerson(
          .with {
            $0.organisationID = walk.tenant.canonical
            $0.personID = walk.ada.canonical
            $0.field = .name
            $0.newValue = "Ada Lovelace"
            $0.orderedBy = walk.olga.canonical
          }, call)
      }
      let event = try await walk.house.events(of: walk.tenant, about: walk.ada)[0]
      #expect(event.actorID == walk.olga.canonical && event.occurrences == 1)
    },
    Step("PeopleService/RequestEmailChange", [.addressChangeAsked]) { walk in
      try await walk.askForAddress("ada.king")
    },
    Step("PeopleService/StopEmailChange", [.addressChangeAsked, .addressChangeStopped]) { walk in
      let stop = try await walk.code(to: "ada") { try await walk.askForAddress("queen") }
      try await walk.house.stopAddress(stop)
    },
    Step("PeopleService/ConfirmEmailChange", [.addressChangeAsked, .addressChanged]) { walk in
      let code = try await walk.code(to: "king") { try await walk.askForAddress("king") }
      walk.house.clock.advance(AddressChangeRules.delay)
      try await walk.house.confirmAddress(code)
    },
    Step("PeopleService/RegisterMyself", [.registered]) { walk in
      _ = try await walk.service.registerMyself(
        .with {
          $0.organisationID = walk.tenant.canonical
          $0.name = "Iris"
          $0.email = "iris@acme.nl"
        }, walk.house.anyone())
    },
    Step("MinorService/SetUnder16", [.under16Set]) { walk in
      _ = try await walk.service.setUnder16(
        .with {
          $0.personID = walk.ada.canonical
          $0.under16 = true
        }, walk.admin(MinorServicePolicies.setUnder16))
    },
    Step("MinorService/RecordParentalConsent", [.parentalConsentRecorded]) { walk in
      _ = try await walk.service.recordParentalConsent(
        .with {
          $0.personID = walk.ada.canonical
          $0.guardian = "Anne Byron"
          $0.reference = "map 7"
          $0.givenOn = "2026-09-01"
        }, walk.admin(MinorServicePolicies.recordParentalConsent))
    },
    Step("MinorService/ReportUnder16", [.under16Reported]) { walk in
      _ = try await walk.service.reportUnder16(
        .with { $0.personID = walk.ada.canonical }, walk.admin(MinorServicePolicies.reportUnder16))
    },
    Step("MinorService/ResolveUnder16Report", [.under16Resolved]) { walk in
      let reports = try await walk.service.listUnder16Reports(
        .init(), walk.officer(MinorServicePolicies.listUnder16Reports))
      _ = try await walk.service.resolveUnder16Report(
        .with {
          $0.reportID = reports.reports[0].reportID
          $0.resolution = .consent
        }, walk.officer(MinorServicePolicies.resolveUnder16Report))
    },
    Step("MinorService/WithdrawParentalConsent", [.parentalConsentWithdrawn]) { walk in
      _ = try await walk.service.withdrawParentalConsent(
        .with { $0.personID = walk.ada.canonical },
        walk.admin(MinorServicePolicies.withdrawParentalConsent))
    },
  ]

  /// What people do about their own accounts.
  static let account: [Step] = [
    Step("IdentityService/Login", [.signIn]) { walk in _ = try await walk.signIn() },
    Step("IdentityService/AcceptStatement", [.peopleImported, .statement]) { walk in
      let code = try await walk.code(to: "ben") {
        try await walk.house.importFile(walk.tenant, file("ben"))
      }
      let opened = try await walk.service.openInvitation(
        .with { $0.code = code }, walk.house.anyone())
      _ = try await walk.service.acceptStatement(
        .with {
          $0.credential.invitationCode = code
          $0.version = opened.statement.version
          $0.sha256 = opened.statement.sha256
        }, walk.house.anyone())
    },
    Step("IdentityService/SetPassword", [.passwordSet]) { walk in
      try await walk.house.setPassword(try await walk.house.mails.code(to: "ben@acme.nl"))
    },
    Step("IdentityService/Logout", [.signIn, .sessionEnded]) { walk in
      _ = try await walk.service.logout(
        IdentityLogoutRequest(),
        walk.house.asPerson(try await walk.signIn(), IdentityServicePolicies.logout))
    },
    Step("SessionService/RefreshSession", [.signIn, .refreshTokenReused]) { walk in
      let first = try await walk.house.signIn(walk.tenant, "ada@acme.nl").refreshToken
      let second = try await walk.house.refresh(first).refreshToken
      _ = try await walk.house.refresh(second)
      _ = try await refusal { try await walk.house.refresh(first) }
    },
    Step("SessionService/CheckPassword", [.signIn, .passwordCheck]) { walk in
      _ = try await walk.house.checkPassword(House.password, try await walk.signIn())
    },
    Step("SessionService/EndSession", [.signIn, .sessionEnded]) { walk in
      let token = try await walk.signIn()
      try await walk.house.endSession(token.session.canonical, token)
    },
    Step("SessionService/EndOtherSessions", [.signIn, .sessionEnded]) { walk in
      _ = try await walk.signIn()
      _ = try await walk.service.endOtherSessions(
        IdentityEndOtherSessionsRequest(),
        walk.house.asPerson(try await walk.signIn(), SessionServicePolicies.endOtherSessions))
    },
    Step("SessionService/EndPersonSessions", [.sessionEnded]) { walk in
      _ = try await walk.service.endPersonSessions(
        .with { $0.personID = walk.ada.canonical },
        walk.admin(SessionServicePolicies.endPersonSessions))
    },
    Step("FactorService/ConfirmTOTP", [.signIn, .factorAdded]) { walk in
      _ = try await walk.house.addFactor(to: try await walk.signIn(), "ada@acme.nl")
    },
    Step("SignInService/VerifyFactor", [.password, .factor, .signIn]) { walk in
      _ = try await walk.signIn()
    },
    Step(
      "DeviceService/ForgetDevice",
      [.password, .factor, .signIn, .deviceRemembered, .devicesForgotten]
    ) { walk in
      _ = try await walk.house.remember(walk.tenant, "ada@acme.nl")
      let devices = try await walk.service.listDevices(
        .init(), walk.asAda(DeviceServicePolicies.listDevices)
      ).devices
      _ = try await walk.service.forgetDevice(
        .with { $0.deviceID = devices[0].deviceID },
        walk.asAda(DeviceServicePolicies.forgetDevice))
    },
    Step(
      "DeviceService/ForgetAllDevices",
      [.password, .factor, .signIn, .deviceRemembered, .deviceUsed, .devicesForgotten]
    ) { walk in
      let device = try await walk.house.remember(walk.tenant, "ada@acme.nl").deviceToken
      _ = try await walk.house.login(walk.tenant, "ada@acme.nl", device: device)
      _ = try await walk.service.forgetAllDevices(
        .init(), walk.asAda(DeviceServicePolicies.forgetAllDevices))
    },
    Step("FactorService/RenewRecoveryCodes", [.recoveryCodesRenewed]) { walk in
      _ = try await walk.service.renewRecoveryCodes(
        IdentityRenewRecoveryCodesRequest(),
        walk.asAda(FactorServicePolicies.renewRecoveryCodes))
    },
    Step("FactorService/RemoveTOTP", [.factorRemoved]) { walk in
      _ = try await walk.service.removeTotp(
        IdentityRemoveTOTPRequest(), walk.asAda(FactorServicePolicies.removeTotp))
    },
    Step("PasswordService/RequestPasswordReset", [.passwordResetAsked]) { walk in
      _ = try await walk.house.resetCode(walk.tenant, "ada@acme.nl")
    },
    Step("PasswordService/ResetPassword", [.passwordResetAsked, .passwordReset]) { walk in
      try await walk.house.reset(
        try await walk.house.resetCode(walk.tenant, "ada@acme.nl"), "molen sloot dijk kade")
    },
    Step("PasswordService/ChangePassword", [.passwordChanged]) { walk in
      let token = walk.house.token(tenant: walk.tenant, [.participant], subject: walk.ada)
      try await walk.house.changePassword(token, "molen sloot dijk kade")
    },
    Step("SignInService/ConfirmFactor", [.password, .factorAdded, .signIn]) { walk in
      _ = try await walk.house.signIn(walk.tenant, "olga@acme.nl")
    },
    Step("SignInService/ContinueSignIn", [.password, .statement, .signIn]) { walk in
      walk.house.desk.publishNext()
      let answer = try await walk.house.login(walk.tenant, "eva@acme.nl")
      _ = try await walk.service.acceptStatement(
        .with {
          $0.credential.challenge = answer.challenge.challenge
          $0.version = answer.challenge.statement.version
          $0.sha256 = answer.challenge.statement.sha256
        }, walk.house.anyone())
      _ = try await walk.service.continueSignIn(
        .with { $0.challenge = answer.challenge.challenge }, walk.house.anyone())
    },
  ]

  /// What the platform team and the organisation do about the organisation.
  static let organisation: [Step] = [
    Step("IdentityService/RegisterOrganisation", [.organisationRegistered]) { walk in
      _ = try await walk.house.organisation()
    },
    Step("IdentityService/NameAuthorisedPerson", [.authorisedPersonNamed]) { walk in
      _ = try await walk.service.nameAuthorisedPerson(
        .with {
          $0.organisationID = walk.tenant.canonical
          $0.name = "Ada Lovelace"
          $0.email = "ada@acme.nl"
          $0.validFrom = "2026-10-01"
          $0.deputy = true
        }, walk.house.asOperator(IdentityServicePolicies.nameAuthorisedPerson))
    },
    Step("OrganisationService/SetOrganisationPolicy", [.policyChanged]) { walk in
      try await walk.house.setPolicy(walk.tenant) { $0.secondFactor = .everybody }
    },
    Step("IdentityService/RotateSigningKey", [.signingKeyRotated]) { walk in
      _ = try await walk.service.rotateSigningKey(
        IdentityRotateSigningKeyRequest(),
        walk.house.asOperator(IdentityServicePolicies.rotateSigningKey))
    },
    Step("OrganisationService/SetContract", [.contractChanged]) { walk in
      try await walk.house.setContract(walk.tenant, begin: "2026-01-01")
    },
    Step("OrganisationService/EndContract", [.contractChanged]) { walk in
      _ = try await walk.house.endContract(walk.tenant, "2026-09-30")
      let event = try await walk.house.events(of: walk.tenant)[0]
      #expect(event.actor == .staff && event.actorID.isEmpty && event.source.isEmpty)
    },
    Step("OrganisationService/EraseOrganisation", [.organisationErasureAsked]) { walk in
      walk.house.clock.advance(60 * 86_400)
      _ = try await walk.house.erase(walk.tenant)
    },
    Step("OrganisationDeskService/OrderOrganisationErasure", [.organisationErasureOrdered]) {
      walk in
      _ = try await walk.house.order(walk.tenant)
    },
  ]

  private func asAda(_ policy: AccessPolicy) -> Call {
    house.asPerson(house.token(tenant: tenant, [.participant], subject: ada), policy)
  }

  private func askForAddress(_ name: String) async throws {
    try await house.askAddress(
      "\(name)@acme.nl", of: ada, by: house.token(tenant: tenant, [.administrator], subject: eva))
  }
}
