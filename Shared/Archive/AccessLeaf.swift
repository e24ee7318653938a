import Cryptography
package import Foundation

/// What the tree of an access log hashes of an entry: by it the log is checked without being read.
package struct AccessLeaf: Sendable, Equatable {
  package let event: UUID
  /// In whole microseconds.
  package let occurredAt: Date
  /// Stands for the subject; see `commitment`.
  package let subjectCommitment: [UInt8]
  /// SHA-256 of the entry as it is sealed; of an erasure, of its certificate; `unsealed` for what
  /// nobody could seal any more.
  package let sealedDigest: [UInt8]

  package init(
    event: UUID, occurredAt: Date, subjectCommitment: [UInt8], sealedDigest: [UInt8]
  ) {
    (self.event, self.occurredAt) = (event, occurredAt)
    (self.subjectCommitment, self.sealedDigest) = (subjectCommitment, sealedDigest)
  }

  /// As a document has it, in microseconds since 1970; nil for what is no moment of a log, which
  /// are those from 2000 until 2200.
  init?(event: UUID, microseconds: Int64, subjectCommitment: [UInt8], sealedDigest: [UInt8]) {
    let seconds = microseconds / 1_000_000
    guard (946_684_800..<7_258_118_400).contains(seconds) else { return nil }
    self.init(
      event: event, occurredAt: Date(timeIntervalSince1970: Double(microseconds) / 1e6),
      subjectCommitment: subjectCommitment, sealedDigest: sealedDigest)
  }

  package static let unsealed = [UInt8](repeating: 0, count: Digest.sha256Bytes)

  /// The digest of a sealed entry, nil for none.
  package static func digest(_ sealed: [UInt8]?) -> [UInt8] {
    sealed.map(Digest.sha256) ?? unsealed
  }

  /// Tells whose data it was to whoever knows the subject's random id already, and nobody else; not
  /// the same in two entries.
  package static func commitment(event: UUID, subject: UUID) -> [UInt8] {
    Digest.sha256(bytes(event) + bytes(subject))
  }

  /// The hash in the tree (RFC 6962, section 2.1).
  package var hash: [UInt8] {
    let microseconds = Int64((occurredAt.timeIntervalSince1970 * 1e6).rounded())
    let time = stride(from: 56, through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: microseconds >> Int64($0))
    }
    return MerkleTree.leafHash(
      [Self.version] + Self.bytes(event) + time + subjectCommitment + sealedDigest)
  }

  private static let version: UInt8 = 1

  private static func bytes(_ id: UUID) -> [UInt8] {
    let b = id.uuid
    return [
      b.0, b.1, b.2, b.3, b.4, b.5, b.6, b.7, b.8, b.9, b.10, b.11, b.12, b.13, b.14, b.15,
    ]
  }
}

extension LogCheckpoint {
  /// The log of an organisation; which one it is stands in what is signed.
  package static func accessLogOrigin(_ organisation: UUID) -> String {
    "ikso/access-log/\(organisation.canonical)"
  }
}

extension SignedNote {
  /// The name under which privacy signs.
  package static let privacyName = "ikso-privacy"
}
