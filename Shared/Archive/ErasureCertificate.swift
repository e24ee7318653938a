package import Cryptography
package import Foundation

/// That a service erased a person, signed by it; it names nobody.
package struct ErasureReceipt: SignedContent, Equatable {
  package struct Table: Codable, Sendable, Equatable {
    package var table: String
    package var rows: Int

    package init(table: String, rows: Int) { (self.table, self.rows) = (table, rows) }
  }

  package var format: String = ErasureReceipt.format
  package var service: String
  package var requestID: String
  /// By all calls for the request together.
  package var tables: [Table]
  package var keyDestroyed: Bool
  /// ISO 8601 with time zone.
  package var erasedAt: String

  package static let format = "ikso-erasure-receipt/1"

  package init(
    service: String, requestID: String, tables: [Table], keyDestroyed: Bool, erasedAt: String
  ) {
    (self.service, self.requestID, self.tables) = (service, requestID, tables)
    (self.keyDestroyed, self.erasedAt) = (keyDestroyed, erasedAt)
  }
}

/// What a service found when it looked for an erased person in all of its tables, signed by it.
package struct ScanReceipt: SignedContent, Equatable {
  package struct Table: Codable, Sendable, Equatable {
    package var table: String
    package var rowsRead: Int
    package var rowsFound: Int

    package init(table: String, rowsRead: Int, rowsFound: Int) {
      (self.table, self.rowsRead, self.rowsFound) = (table, rowsRead, rowsFound)
    }
  }

  package var format: String = ScanReceipt.format
  package var service: String
  package var requestID: String
  package var tables: [Table]
  /// ISO 8601 with time zone.
  package var scannedAt: String

  package static let format = "ikso-scan-receipt/1"

  package init(service: String, requestID: String, tables: [Table], scannedAt: String) {
    (self.service, self.requestID) = (service, requestID)
    (self.tables, self.scannedAt) = (tables, scannedAt)
  }
}

/// That a person was erased everywhere: what each service signed, signed by the privacy service,
/// which vouches for their keys.
package struct ErasureCertificate: SignedContent, Equatable {
  package struct Service: Codable, Sendable, Equatable {
    package var service: String
    /// Ed25519, 64 hexadecimal digits.
    package var publicKey: String
    /// A signed `ErasureReceipt` and a signed `ScanReceipt`.
    package var erasure: String
    package var scan: String

    package init(service: String, publicKey: String, erasure: String, scan: String) {
      (self.service, self.publicKey) = (service, publicKey)
      (self.erasure, self.scan) = (erasure, scan)
    }
  }

  /// Its place in the organisation's access log: the entry is about this very certificate, as its
  /// leaf holds the digest of all that the certificate says but for the place.
  package struct LogPlace: Codable, Sendable, Equatable {
    package var eventID: String
    /// Microseconds since 1970.
    package var occurredAt: Int64
    /// Hexadecimal, as the proof's.
    package var subjectCommitment: String
    package var index: Int
    /// From the bottom up (RFC 6962, section 2.1.1).
    package var proof: [String]
    /// The log's signed state that the proof is for, a signed note.
    package var checkpoint: String

    package init(
      event: UUID, occurredAt: Date, subjectCommitment: [UInt8], index: Int, proof: [[UInt8]],
      checkpoint: String
    ) {
      eventID = event.canonical
      self.occurredAt = Int64((occurredAt.timeIntervalSince1970 * 1e6).rounded())
      self.subjectCommitment = Hex.encode(subjectCommitment)
      (self.index, self.checkpoint) = (index, checkpoint)
      self.proof = proof.map { Hex.encode($0) }
    }
  }

  package var format: String = ErasureCertificate.format
  package var requestID: String
  package var organisationID: String
  /// ISO 8601 with time zone.
  package var receivedAt: String
  package var completedAt: String
  package var services: [Service]
  /// The services that hold data about people and had to take part; nil in certificates of before
  /// they were named, of which a part may lack unnoticed.
  package var holders: [String]?
  /// Nil in those of before the log had a place for them.
  package var logPlace: LogPlace?

  package static let format = "ikso-erasure-certificate/1"

  package init(
    requestID: String, organisationID: String, receivedAt: String, completedAt: String,
    services: [Service]
  ) {
    (self.requestID, self.organisationID) = (requestID, organisationID)
    (self.receivedAt, self.completedAt, self.services) = (receivedAt, completedAt, services)
  }

  /// The certificate, once its signature and those of all services that had to take part are found
  /// right, of this request and of a person of whom nothing was found any more.
  package static func verify(
    _ bytes: [UInt8], keys: [String: Ed25519PublicKey]
  ) throws(ArchiveError) -> (certificate: ErasureCertificate, keyID: String) {
    let (certificate, keyID) = try SignedDocument.verify(
      bytes, keys: keys, as: ErasureCertificate.self)
    guard !certificate.services.isEmpty,
      Set(certificate.services.map(\.service)).count == certificate.services.count
    else { throw .damaged("it names no service, or one twice") }
    if let holders = certificate.holders {
      let lacking = Set(holders).subtracting(certificate.services.map(\.service)).sorted()
      guard lacking.isEmpty else {
        throw .damaged("the part of \(lacking.joined(separator: ", ")) is lacking")
      }
    }
    for (erasure, scan) in try certificate.receipts() {
      guard erasure.requestID == certificate.requestID, scan.requestID == certificate.requestID
      else { throw .damaged("the receipt of \(erasure.service) is another request's") }
      guard erasure.keyDestroyed, !scan.tables.isEmpty,
        scan.tables.allSatisfy({ $0.rowsFound == 0 })
      else { throw .damaged("\(erasure.service) still held something of the person") }
    }
    if let place = certificate.logPlace {
      try certificate.verify(place, keys: Array(keys.values))
    }
    return (certificate, keyID)
  }

  /// What stands for the certificate in the log: SHA-256 of its own JSON without the place.
  package func digest() throws -> [UInt8] {
    var placeless = self
    placeless.logPlace = nil
    return Digest.sha256(try SignedDocument.signedBytes(of: placeless))
  }

  /// That the organisation's log, as one of the keys has signed it, holds this certificate there.
  private func verify(_ place: LogPlace, keys: [Ed25519PublicKey]) throws(ArchiveError) {
    guard let organisation = UUID(uuidString: organisationID),
      let note = SignedNote(place.checkpoint), let checkpoint = LogCheckpoint(note.text),
      checkpoint.origin == LogCheckpoint.accessLogOrigin(organisation)
    else { throw .damaged("its place is in no log of the organisation") }
    guard keys.contains(where: { note.isSigned(by: $0, named: SignedNote.privacyName) }) else {
      throw .damaged("the log that it has a place in is not signed with a trusted key")
    }
    guard let event = UUID(uuidString: place.eventID),
      let commitment = try? Hex.decode(place.subjectCommitment),
      let proof = try? place.proof.map({ try Hex.decode($0) }), let digest = try? self.digest(),
      let leaf = AccessLeaf(
        event: event, microseconds: place.occurredAt, subjectCommitment: commitment,
        sealedDigest: digest),
      MerkleProof.isIncluded(
        leaf.hash, at: place.index, in: checkpoint.size, root: checkpoint.root, proof: proof)
    else { throw .damaged("the log does not hold it in its place") }
  }

  /// What the services have signed, checked with their keys.
  package func receipts() throws(ArchiveError) -> [(erasure: ErasureReceipt, scan: ScanReceipt)] {
    var receipts: [(erasure: ErasureReceipt, scan: ScanReceipt)] = []
    for service in services {
      guard let bytes = try? Hex.decode(service.publicKey),
        let key = try? Ed25519PublicKey(rawBytes: bytes)
      else { throw .damaged("the key of \(service.service) is none") }
      let erasure = try Self.receipt(service.erasure, key, as: ErasureReceipt.self)
      let scan = try Self.receipt(service.scan, key, as: ScanReceipt.self)
      guard erasure.service == service.service, scan.service == service.service else {
        throw .damaged("a receipt is not that of \(service.service)")
      }
      receipts.append((erasure, scan))
    }
    return receipts
  }

  /// Whatever the envelope calls the key: the certificate says which one it must be.
  private static func receipt<Content: SignedContent>(
    _ text: String, _ key: Ed25519PublicKey, as type: Content.Type
  ) throws(ArchiveError) -> Content {
    let bytes = Array(text.utf8)
    let keyID = try SignedDocument.keyID(of: bytes)
    return try SignedDocument.verify(bytes, keys: [keyID: key], as: type).content
  }
}

/// That a request about somebody's data was received (clause 36); it names nobody.
package struct RequestReceipt: SignedContent, Equatable {
  package var format: String = RequestReceipt.format
  package var requestID: String
  package var organisationID: String
  package var kind: String
  /// ISO 8601 with time zone.
  package var receivedAt: String
  /// As it was at the receipt, before any extension.
  package var dueAt: String
  /// Of one that stops purposes: the services that have confirmed so far that they refuse them.
  /// Nil where none has, and for other kinds.
  package var inForce: [InForce]?

  package static let format = "ikso-request-receipt/1"

  package struct InForce: Codable, Sendable, Equatable {
    package var service: String
    /// ISO 8601 with time zone: it refuses them since then at the latest.
    package var since: String

    package init(service: String, since: String) { (self.service, self.since) = (service, since) }
  }

  package init(
    requestID: String, organisationID: String, kind: String, receivedAt: String, dueAt: String,
    inForce: [InForce]? = nil
  ) {
    (self.requestID, self.organisationID, self.kind) = (requestID, organisationID, kind)
    (self.receivedAt, self.dueAt, self.inForce) = (receivedAt, dueAt, inForce)
  }
}
