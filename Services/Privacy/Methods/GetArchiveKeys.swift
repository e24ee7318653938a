import Access
import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf

extension PrivacyService {
  func getArchiveKeys(
    _ request: PrivacyGetArchiveKeysRequest, _ call: Call
  ) async throws -> PrivacyGetArchiveKeysResponse {
    .with {
      $0.keys = [
        .with {
          $0.keyID = archiveKey.id
          $0.publicKey = Data(archiveKey.key.publicKey.rawBytes)
        }
      ]
    }
  }
}
