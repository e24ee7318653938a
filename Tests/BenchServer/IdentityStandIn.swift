import Access
import ArgumentParser
import Cryptography
import FoundationEssentials
import RPC
import Schemas
import SwiftProtobuf

/// What the gateway asks identity for, with a key that is made anew each time.
enum IdentityStandIn {
  private static let issuer = "https://identity.ikso.example"
  /// Longer than a benchmark runs.
  private static let lifetime = Duration.seconds(6 * 3_600)

  struct Caller {
    var tenant = UUID()
    var person = UUID()
  }

  /// Lines with a tenant and a person each.
  static func callers(in file: URL) throws -> [Caller] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map { line in
      let ids = line.split(separator: " ").compactMap { UUID(uuidString: String($0)) }
      guard ids.count == 2 else {
        throw ValidationError("\(file.path) has a line that is not two UUIDs: \(line)")
      }
      return Caller(tenant: ids[0], person: ids[1])
    }
  }

  /// The method that publishes the key; writes the participants' tokens, which it has signed, into
  /// `file`, one a line.
  static func keys(of callers: [Caller], tokens file: URL) throws -> RPCMethod {
    let key = try Ed25519PrivateKey.generate()
    let signer = try TokenSigner(issuer: issuer, key: key)
    let now = Date()
    let tokens = try callers.map { caller in
      try signer.sign(
        subject: caller.person, tenant: caller.tenant, roles: [.participant], session: UUID(),
        authenticatedAt: now, statementHash: "bench", now: now, lifetime: lifetime)
    }
    try tokens.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
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
