package import Cryptography
package import Foundation

/// What is wrong with an archive.
package enum ArchiveError: Error, Equatable, CustomStringConvertible {
  case tooLarge(bytes: Int)
  case damaged(String)
  /// A file that the manifest names is not there, or one is there that it does not name.
  case missing(path: String)
  case unexpected(path: String)
  /// A file's bytes are not those that were signed.
  case changed(path: String)
  /// The manifest names a key that was not given.
  case unknownKey(id: String)
  case badSignature

  package var description: String {
    switch self {
    case .tooLarge(let bytes):
      "the archive has \(bytes) bytes; at most \(SignedArchive.maximumBytes) are allowed"
    case .damaged(let how): "the archive is damaged: \(how)"
    case .missing(let path): "\(path) is missing"
    case .unexpected(let path): "\(path) is not in the manifest"
    case .changed(let path): "\(path) has been changed since it was signed"
    case .unknownKey(let id): "the archive was signed with the key \(id), which is not at hand"
    case .badSignature: "the signature is not that of the manifest: do not trust this archive"
    }
  }
}

/// An archive of files whose manifest is signed.
package enum SignedArchive {
  /// Bytes of a whole archive.
  package static let maximumBytes = 64 * 1_048_576
  package static let maximumFiles = 1_000
  static let format = "ikso-archive/1"
  static let manifestPath = "manifest.json"
  static let signaturePath = "manifest.sig"

  /// What the archive says about itself.
  package struct Manifest: Codable, Sendable, Equatable {
    package var format: String
    package var requestID: String
    package var organisationID: String
    package var subjectID: String
    /// ISO 8601 with time zone.
    package var createdAt: String
    package var keyID: String
    package var files: [File]

    package struct File: Codable, Sendable, Equatable {
      package var path: String
      package var bytes: Int
      /// Hexadecimal.
      package var sha256: String
    }
  }

  /// Whom an archive is about and what for.
  package struct Subject: Sendable {
    package var requestID: UUID
    package var organisationID: UUID
    package var subjectID: UUID

    package init(requestID: UUID, organisationID: UUID, subjectID: UUID) {
      self.requestID = requestID
      self.organisationID = organisationID
      self.subjectID = subjectID
    }
  }

  /// The archive's bytes.
  package static func write(
    _ files: [ArchiveFile], about subject: Subject, at date: Date, keyID: String,
    signedWith key: Ed25519PrivateKey
  ) throws -> [UInt8] {
    let size = files.reduce(0) { $0 + $1.bytes.count }
    guard size < maximumBytes, files.count + 2 <= maximumFiles else {
      throw ArchiveError.tooLarge(bytes: size)
    }
    let manifest = Manifest(
      format: format, requestID: subject.requestID.canonical,
      organisationID: subject.organisationID.canonical,
      subjectID: subject.subjectID.canonical,
      createdAt: date.formatted(.iso8601), keyID: keyID,
      files: files.map {
        Manifest.File(
          path: $0.path, bytes: $0.bytes.count, sha256: Hex.encode(Digest.sha256($0.bytes)))
      })
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let signed = [UInt8](try encoder.encode(manifest))
    let signature = Array(Base64URL.encode(try key.sign(signed)).utf8)
    let front = [
      ArchiveFile(path: manifestPath, bytes: signed),
      ArchiveFile(path: signaturePath, bytes: signature),
    ]
    return Tar.write(front + files, modified: Int(date.timeIntervalSince1970))
  }

  /// The manifest, once its signature and every file are found right.
  /// - Parameter keys: the public keys to trust, by id.
  package static func verify(
    _ archive: [UInt8], keys: [String: Ed25519PublicKey]
  ) throws(ArchiveError) -> (manifest: Manifest, files: [ArchiveFile]) {
    guard archive.count <= maximumBytes + maximumFiles * 1_024 else {
      throw .tooLarge(bytes: archive.count)
    }
    var files: [String: ArchiveFile] = [:]
    for file in try Tar.read(archive) {
      guard files.updateValue(file, forKey: file.path) == nil else {
        throw .damaged("\(file.path) is there twice")
      }
    }
    guard let signed = files.removeValue(forKey: manifestPath) else {
      throw .missing(path: manifestPath)
    }
    guard let signature = files.removeValue(forKey: signaturePath) else {
      throw .missing(path: signaturePath)
    }
    guard let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(signed.bytes)),
      manifest.format == format
    else { throw .damaged("the manifest is not one of \(format)") }
    guard let key = keys[manifest.keyID] else { throw .unknownKey(id: manifest.keyID) }
    guard let bytes = try? Base64URL.decode(String(decoding: signature.bytes, as: UTF8.self)),
      key.verify(bytes, of: signed.bytes)
    else { throw .badSignature }
    var checked: [ArchiveFile] = []
    for entry in manifest.files {
      guard let file = files.removeValue(forKey: entry.path) else {
        throw .missing(path: entry.path)
      }
      guard file.bytes.count == entry.bytes,
        Hex.encode(Digest.sha256(file.bytes)) == entry.sha256
      else { throw .changed(path: entry.path) }
      checked.append(file)
    }
    if let extra = files.keys.sorted().first { throw .unexpected(path: extra) }
    return (manifest, checked)
  }
}
