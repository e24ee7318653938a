package import Cryptography
import Foundation

/// What is signed says what it is: `ikso-self-test/1` and the like.
package protocol SignedContent: Codable, Sendable {
  static var format: String { get }
  var format: String { get }
}

/// A document with its signature: JSON with the document's own JSON in base64url, so that what was
/// signed is there byte for byte.
package enum SignedDocument {
  /// Bytes of a signed document.
  package static let maximumBytes = 4 * 1_048_576

  private struct Envelope: Codable {
    var keyID: String
    // The name of the first kind of document that there was.
    var report: String
    /// Ed25519 (RFC 8032) over the bytes of the document.
    var signature: String
  }

  private struct Format: Decodable {
    var format: String
  }

  /// The same bytes for the same document and key.
  package static func write(
    _ content: some SignedContent, keyID: String, signedWith key: Ed25519PrivateKey
  ) throws -> String {
    let signed = try signedBytes(of: content)
    let envelope = Envelope(
      keyID: keyID, report: Base64URL.encode(signed),
      signature: Base64URL.encode(try key.sign(signed)))
    return String(decoding: try encoder.encode(envelope), as: UTF8.self)
  }

  /// A document's own JSON, which is signed: the same bytes for the same document.
  static func signedBytes(of content: some SignedContent) throws -> [UInt8] {
    [UInt8](try encoder.encode(content))
  }

  private static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }

  /// The document, once its signature is found right.
  /// - Parameter keys: the public keys to trust, by id.
  package static func verify<Content: SignedContent>(
    _ bytes: [UInt8], keys: [String: Ed25519PublicKey], as _: Content.Type = Content.self
  ) throws(ArchiveError) -> (content: Content, keyID: String) {
    let (envelope, signed) = try open(bytes)
    guard let key = keys[envelope.keyID] else { throw .unknownKey(id: envelope.keyID) }
    guard let signature = try? Base64URL.decode(envelope.signature),
      key.verify(signature, of: signed)
    else { throw .badSignature }
    guard let content = try? JSONDecoder().decode(Content.self, from: Data(signed)),
      content.format == Content.format
    else { throw .damaged("it is not one of \(Content.format)") }
    return (content, envelope.keyID)
  }

  /// What a document says that it is; its signature is not looked at.
  package static func format(of bytes: [UInt8]) throws(ArchiveError) -> String {
    let signed = try open(bytes).signed
    guard let format = try? JSONDecoder().decode(Format.self, from: Data(signed)) else {
      throw .damaged("it does not say what it is")
    }
    return format.format
  }

  /// The key that a document names.
  package static func keyID(of bytes: [UInt8]) throws(ArchiveError) -> String {
    try open(bytes).envelope.keyID
  }

  private static func open(
    _ bytes: [UInt8]
  ) throws(ArchiveError) -> (envelope: Envelope, signed: [UInt8]) {
    guard bytes.count <= maximumBytes else { throw .tooLarge(bytes: bytes.count) }
    guard let envelope = try? JSONDecoder().decode(Envelope.self, from: Data(bytes)),
      let signed = try? Base64URL.decode(envelope.report)
    else { throw .damaged("it is no signed document") }
    return (envelope, signed)
  }
}
