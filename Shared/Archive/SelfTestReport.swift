package import Cryptography
import Foundation

/// What a service found when it tried to get through the wall between its tenants (clause 23).
package struct SelfTestReport: Codable, Sendable, Equatable {
  package struct Attempt: Codable, Sendable, Equatable {
    /// A table, a schema, an object of the catalogue or a method.
    package var subject: String
    package var attempt: String
    /// Nil if the wall held.
    package var breach: String?

    package init(subject: String, attempt: String, breach: String?) {
      self.subject = subject
      self.attempt = attempt
      self.breach = breach
    }
  }

  package var format = SelfTestReport.format
  package var service: String
  /// ISO 8601 with time zone.
  package var finishedAt: String
  /// By the service itself, on its tables.
  package var tables: [Attempt]
  /// Over the wire, as the tool of an operator has reported it to the service.
  package var methods: [Attempt]

  static let format = "ikso-self-test/1"

  package init(service: String, finishedAt: String, tables: [Attempt], methods: [Attempt]) {
    self.service = service
    self.finishedAt = finishedAt
    self.tables = tables
    self.methods = methods
  }

  package var attempts: Int { tables.count + methods.count }
  package var breaches: [Attempt] { (tables + methods).filter { $0.breach != nil } }
  package var passed: Bool { !tables.isEmpty && breaches.isEmpty }
}

/// A report with its signature: JSON with the report's own JSON in base64url, so that what was
/// signed is there byte for byte.
package enum SignedReport {
  /// Bytes of a signed report.
  package static let maximumBytes = 4 * 1_048_576

  private struct Envelope: Codable {
    var keyID: String
    var report: String
    /// Ed25519 (RFC 8032) over the bytes of the report.
    var signature: String
  }

  package static func write(
    _ report: SelfTestReport, keyID: String, signedWith key: Ed25519PrivateKey
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let signed = [UInt8](try encoder.encode(report))
    let envelope = Envelope(
      keyID: keyID, report: Base64URL.encode(signed),
      signature: Base64URL.encode(try key.sign(signed)))
    return String(decoding: try encoder.encode(envelope), as: UTF8.self)
  }

  /// The report, once its signature is found right.
  /// - Parameter keys: the public keys to trust, by id.
  package static func verify(
    _ bytes: [UInt8], keys: [String: Ed25519PublicKey]
  ) throws(ArchiveError) -> (report: SelfTestReport, keyID: String) {
    guard bytes.count <= maximumBytes else { throw .tooLarge(bytes: bytes.count) }
    guard let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(bytes)),
      let signed = try? Base64URL.decode(envelope.report)
    else { throw .damaged("it is no signed report") }
    guard let key = keys[envelope.keyID] else { throw .unknownKey(id: envelope.keyID) }
    guard let signature = try? Base64URL.decode(envelope.signature),
      key.verify(signature, of: signed)
    else { throw .badSignature }
    guard let report = try? JSONDecoder().decode(SelfTestReport.self, from: Data(signed)),
      report.format == SelfTestReport.format
    else { throw .damaged("the report is not one of \(SelfTestReport.format)") }
    return (report, envelope.keyID)
  }
}
