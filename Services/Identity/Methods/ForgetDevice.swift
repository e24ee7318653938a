import Access
import FoundationEssentials
import Launch
import Postgres
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  /// One of somebody else's does not exist; one that is forgotten does not either.
  func forgetDevice(
    _ request: IdentityForgetDeviceRequest, _ call: Call
  ) async throws -> IdentityForgetDeviceResponse {
    let caller = try call.person
    let device = try UUID(field: "device_id", request.deviceID)
    let forgotten = try await forget(
      .deviceForget(caller.tenant, device, of: caller.subject), call)
    guard forgotten == 1 else { throw IdentityError.deviceNotFound }
    return IdentityForgetDeviceResponse()
  }

  /// Told by mail: whoever has the session may not be its person.
  func forgetAllDevices(
    _ request: IdentityForgetAllDevicesRequest, _ call: Call
  ) async throws -> IdentityForgetAllDevicesResponse {
    let caller = try call.person
    let addressee = try await addressee(
      try await ownAccount(call).person, of: caller.tenant, call)
    let forgotten = try await forget(
      .deviceForgetAll(caller.tenant, of: caller.subject),
      with: post(.devicesForgotten, to: addressee, of: caller.tenant, at: now()), call)
    if forgotten > 0 { outbox.ring() }
    return .with { $0.forgotten = UInt32(forgotten) }
  }

  /// How many there were; with `letters` if there was one.
  private func forget(
    _ statement: SQL, with letters: [SQL] = [], _ call: Call
  ) async throws -> Int {
    let caller = try call.person
    let origin = try await origin(of: call, in: caller.tenant)
    return try await database.transaction(call.mandate(caller.tenant)) { transaction in
      let forgotten = try await transaction.query(statement).affected
      if forgotten > 0 {
        let event = SecurityEvent(
          .devicesForgotten, about: caller.subject, occurrences: forgotten)
        try transaction.record(event, by: origin, at: now())
        try transaction.queryAtCommit(letters)
      }
      return forgotten
    }
  }
}
