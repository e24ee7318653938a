import Access
import Cryptography
import FoundationEssentials
import Launch
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  func listDevices(
    _ request: IdentityListDevicesRequest, _ call: Call
  ) async throws -> IdentityListDevicesResponse {
    let caller = try call.person
    let rows = try await database.once(
      call.mandate(caller.tenant),
      .deviceFetchAll(caller.tenant, of: caller.subject, at: now()))[0]
    let devices = try rows.map { try DeviceRow($0) }
    return .with {
      $0.devices = devices.map { device in
        .with {
          $0.deviceID = device.id.canonical
          $0.rememberedAt = Google_Protobuf_Timestamp(date: device.createdAt)
          $0.lastUsedAt = Google_Protobuf_Timestamp(date: device.token.rotatedAt)
          $0.expiresAt = Google_Protobuf_Timestamp(date: device.expiresAt)
        }
      }
    }
  }
}
