import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// Devices that are remembered (clause 41), as callers meet them.
@Suite struct DeviceTests {
  @Test func `clause 41: a remembered device is asked for the password alone, until it is copied`()
    async throws
  {
    let organisation = try await Organisation.make()
    let member = try await organisation.member("Noor \(organisation.tag)")
    let device = try await member.rememberDevice()
    let house = organisation.house
    let first = try await house.identity.login(member.login(with: device.token))
    #expect(!first.accessToken.isEmpty && !first.hasChallenge)
    let second = try await house.identity.login(member.login(with: first.deviceToken))
    #expect(!second.accessToken.isEmpty)
    let wrong = try await refusal("a wrong password on a remembered device") {
      var request = member.login(with: second.deviceToken)
      request.password += "x"
      return try await house.identity.login(request)
    }
    #expect(wrong.code == .unauthenticated)
    let copied = try await house.identity.login(member.login(with: device.token))
    #expect(copied.challenge.step == .factor && copied.deviceToken.isEmpty)
    let ended = try await house.identity.login(member.login(with: second.deviceToken))
    #expect(ended.challenge.step == .factor)
    let client = DeviceServiceClient(house.gateway)
    let options = CallOptions.bearer(second.accessToken)
    #expect(try await client.listDevices(.init(), options).devices.isEmpty)
    let events = try await SecurityLogServiceClient(house.gateway).listSecurityEvents(
      .with { $0.kinds = [.deviceRemembered, .deviceUsed, .deviceTokenReused] }, options)
    #expect(
      events.events.map(\.kind) == [
        .deviceTokenReused, .deviceUsed, .deviceUsed, .deviceRemembered,
      ])
  }

  @Test func `somebody else's device does not exist, and one's own is forgotten once`()
    async throws
  {
    let organisation = try await Organisation.make()
    let (one, two) = (
      try await organisation.member("Noor \(organisation.tag)"),
      try await organisation.member("Otto \(organisation.tag)")
    )
    let device = try await one.rememberDevice()
    let client = DeviceServiceClient(organisation.house.gateway)
    let foreign = try await refusal("the device of a colleague") {
      try await client.forgetDevice(.with { $0.deviceID = device.id }, two.options)
    }
    let absent = try await refusal("a device that never was") {
      try await client.forgetDevice(
        .with { $0.deviceID = UUID().canonical }, two.options)
    }
    #expect(foreign == absent && foreign.code == .notFound)
    _ = try await client.forgetDevice(.with { $0.deviceID = device.id }, device.options)
    let again = try await refusal("a device that is forgotten") {
      try await client.forgetDevice(.with { $0.deviceID = device.id }, device.options)
    }
    #expect(again.code == .notFound)
    let asked = try await organisation.house.identity.login(one.login(with: device.token))
    #expect(asked.challenge.step == .factor)
  }
}

extension Member {
  struct Device {
    let id: String
    let token: String
    /// Of the session that was opened on it.
    let options: CallOptions
  }

  /// Sets up an app, and signs in with it on a device that is to be remembered.
  func rememberDevice() async throws -> Device {
    let house = organisation.house
    let app = try Authenticator(
      secret: try await house.factors.beginTotp(.init(), options).secret)
    _ = try await house.factors.confirmTotp(.with { $0.code = app.code() }, options)
    let challenge = try await house.identity.login(login).challenge.challenge
    let answer = try await house.signIn.verifyFactor(
      .with {
        $0.challenge = challenge
        $0.code = app.code()
        $0.rememberDevice = true
      })
    let session = CallOptions.bearer(answer.accessToken)
    let devices = try await DeviceServiceClient(house.gateway).listDevices(.init(), session)
    let device = try #require(devices.devices.first)
    return Device(id: device.deviceID, token: answer.deviceToken, options: session)
  }

  func login(with device: String) -> IdentityLoginRequest {
    var request = login
    request.deviceToken = device
    return request
  }
}
