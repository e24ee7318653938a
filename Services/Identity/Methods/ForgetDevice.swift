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

  func forgetAllDevices(
    _ request: IdentityForgetAllDevicesRequest, _ call: Call
  ) async throws -> IdentityForgetAllDevicesResponse {
    let caller = try call.person
    let forgotten = try await forget(
      .deviceForgetAll(caller.tenant, of: caller.subject), call)
    return .with { $0.forgotten = UInt32(forgotten) }
  }

  /// How many there were.
  private func forget(_ statement: SQL, _ call: Call) async throws -> Int {
    let caller = try call.person
    let origin = try await origin(of: call, in: caller.tenant)
    return try await database.transaction(call.mandate(caller.tenant)) { transaction in
      let forgotten = try await transaction.query(statement).affected
      if forgotten > 0 {
        let event = SecurityEvent(
          .devicesForgotten, about: caller.subject, occurrences: forgotten)
        try transaction.record(event, by: origin, at: now())
      }
      return forgotten
    }
  }
}
