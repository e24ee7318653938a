import Access
import FoundationEssentials
import Schemas
import SwiftProtobuf

/// Publishes what access tokens are verified with.
struct SigningKeyService: KeysServiceHandler {
  let keys: SigningKeys

  func getSigningKeys(
    _ request: KeysGetSigningKeysRequest, _ call: Call
  ) async throws -> KeysGetSigningKeysResponse {
    let published = try await keys.published()
    return .with { response in
      response.keys = published.map { key in
        .with {
          $0.keyID = key.id
          $0.publicKey = Data(key.publicKey)
          $0.notBefore = Google_Protobuf_Timestamp(date: key.notBefore)
          if let end = key.notAfter { $0.notAfter = Google_Protobuf_Timestamp(date: end) }
        }
      }
    }
  }
}
