import Access
import Cryptography
import Foundation
import RPC
import Schemas
import Storage
import SwiftProtobuf
import Testing

@testable import Identity

/// A second factor that becomes compulsory while somebody is signed in.
@Suite("Compulsory second factor")
struct CompulsoryFactorTests {
  private static let email = "ada@acme.nl"

  enum Reason: CaseIterable {
    case officer, administrator, everybody

    func apply(_ house: House, _ tenant: UUID, _ person: UUID) async throws {
      switch self {
      case .officer: try await house.nameOfficer(tenant, CompulsoryFactorTests.email)
      case .administrator:
        try await house.setPolicy(tenant) { $0.secondFactor = .administrators }
        try await house.database.once(
          tenant: tenant, .personAddRole(tenant, person, .administrator))
      case .everybody:
        try await house.setPolicy(tenant) {
          $0.secondFactor = .everybody
          $0.remembersDevices = true
        }
      }
    }
  }

  @Test(arguments: Reason.allCases)
  func `a session that began without the factor gets no token where it is compulsory now`(
    reason: Reason
  ) async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, Self.email)
      let before = try await house.login(tenant, Self.email)
      let own = try await house.verify(before.accessToken)
      try await reason.apply(house, tenant, ada)
      let refresh = try await refusal { try await house.refresh(before.refreshToken) }
      #expect(refresh?.code == .failedPrecondition)
      #expect(refresh?.message.contains("began without it; log in again") == true)
      #expect(try await refusal { try await house.checkPassword(House.password, own) } == refresh)
      // Signed in anew, it is set up; the session of before ends with that.
      let after = try await house.signIn(tenant, Self.email)
      #expect(try await house.verify(after.accessToken).subject == ada)
      _ = try await house.refresh(after.refreshToken)
      let over = try await refusal { try await house.refresh(before.refreshToken) }
      #expect(over?.code == .unauthenticated)
    }
  }

  @Test func `the session in which the factor was set up goes on, and not after its removal`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, Self.email)
      let login = try await house.login(tenant, Self.email)
      let own = try await house.verify(login.accessToken)
      _ = try await house.addFactor(to: own, Self.email)
      try await house.setPolicy(tenant) { $0.secondFactor = .everybody }
      let next = try await house.refresh(login.refreshToken)
      try await house.setPolicy(tenant) { $0.secondFactor = .optional }
      _ = try await house.service.removeTotp(
        .init(), house.asPerson(own, FactorServicePolicies.removeTotp))
      try await house.setPolicy(tenant) { $0.secondFactor = .everybody }
      let refused = try await refusal { try await house.refresh(next.refreshToken) }
      #expect(refused?.code == .failedPrecondition)
    }
  }

  @Test(arguments: [Reason.officer, .everybody])
  func `a device stands in for a compulsory factor, but not for the privacy officer's`(
    reason: Reason
  ) async throws {
    try await House.with { house in
      let tenant = try await house.organisation()
      let ada = try await house.enrol(tenant, Self.email)
      try await house.setPolicy(tenant) { $0.remembersDevices = true }
      let own = try await house.verify(try await house.login(tenant, Self.email).accessToken)
      _ = try await house.addFactor(to: own, Self.email)
      let device = try await house.remember(tenant, Self.email).deviceToken
      let byDevice = try await house.login(tenant, Self.email, device: device)
      try await reason.apply(house, tenant, ada)
      let refused = try await refusal { try await house.refresh(byDevice.refreshToken) }
      #expect((refused?.code == .failedPrecondition) == (reason == .officer))
    }
  }

  @Test func `a sign-in whose setup was taken by a change of the password adds no factor`()
    async throws
  {
    try await House.with { house in
      let tenant = try await house.organisation()
      _ = try await house.enrol(tenant, Self.email)
      let own = try await house.verify(try await house.login(tenant, Self.email).accessToken)
      try await house.setPolicy(tenant) { $0.secondFactor = .everybody }
      let answer = try await house.login(tenant, Self.email)
      let setup = try await house.service.beginFactor(
        .with { $0.challenge = answer.challenge.challenge }, house.anyone())
      try house.authenticators.add(setup.secret, for: Self.email)
      let code = try house.authenticators.code(of: Self.email, at: house.clock.now)
      let (changed, confirmed) = try await house.race(at: "outbox") {
        try await house.change(House.password, to: "molen sloot dijk polder", own)
      } _: {
        try await house.confirm(answer.challenge.challenge, code)
      }
      try changed.get()
      #expect(try await confirmed.refused()?.code == .unauthenticated)
      #expect(try await house.count("recovery_code", tenant) == 0)
    }
  }
}

extension House {
  /// Names somebody who has an account already.
  func nameOfficer(
    _ tenant: UUID, _ email: String, from begin: String = "2026-09-01"
  ) async throws {
    _ = try await service.nameAuthorisedPerson(
      .with {
        $0.organisationID = tenant.canonical
        $0.name = "Ada Lovelace"
        $0.email = email
        $0.validFrom = begin
      }, asOperator(IdentityServicePolicies.nameAuthorisedPerson))
  }
}
