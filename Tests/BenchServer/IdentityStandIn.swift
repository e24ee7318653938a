import Access
import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf

/// What the gateway asks identity for, with a key that is made anew each time.
enum IdentityStandIn {
  private static let issuer = "https://identity.ikso.example"
  /// Longer than a benchmark runs.
  private static let lifetime = Duration.seconds(6 * 3_600)

  /// The method that publishes the key; writes a token that it has signed into `token`.
  static func keys(token file: URL) throws -> RPCMethod {
    let key = try Ed25519PrivateKey.generate()
    let signer = try TokenSigner(issuer: issuer, key: key)
    let now = Date()
    let token = try signer.sign(
      subject: UUID(), tenant: UUID(), roles: [], session: UUID(), authenticatedAt: now,
      statementHash: "bench", now: now, lifetime: lifetime)
    try token.write(to: file, atomically: true, encoding: .utf8)
    let published = KeysSigningKey.with {
      $0.keyID = signer.keyID
      $0.publicKey = Data(key.publicKey.rawBytes)
      $0.notBefore = Google_Protobuf_Timestamp(date: now - 60)
    }
    return .unary(KeysServiceMethods.getSigningKeys, admit: { $0 }) {
      (_: KeysGetSigningKeysRequest, _) in
      KeysGetSigningKeysResponse.with { $0.keys = [published] }
    }
  }
}
