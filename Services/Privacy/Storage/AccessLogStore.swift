import Archive
import Cryptography
import Foundation
import Postgres
import Storage

/// A new entry as it is stored: the access, sealed under its subject's key.
struct SealedAccess: Sendable {
  let access: NewAccess
  let sealed: Sealed<AccessEntryColumns.SealedDetail>?
  /// Of an erasure, in the place of `sealed`: of its certificate.
  var documentDigest: [UInt8]?

  var leaf: AccessLeaf {
    AccessLeaf(
      event: access.event, occurredAt: access.occurredAt, subjectCommitment: access.commitment,
      sealedDigest: documentDigest ?? sealed?.digest ?? AccessLeaf.unsealed)
  }
}

/// An entry as it is read.
struct AccessEntryRow: Sendable {
  let position: Int
  let event: UUID
  let subject: UUID?
  let commitment: [UInt8]
  let occurredAt: Date
  let sealed: Sealed<AccessEntryColumns.SealedDetail>?
  let documentDigest: [UInt8]?
  /// As the tree has it.
  let leafHash: [UInt8]

  var leaf: AccessLeaf {
    AccessLeaf(
      event: event, occurredAt: occurredAt, subjectCommitment: commitment,
      sealedDigest: documentDigest ?? sealed?.digest ?? AccessLeaf.unsealed)
  }
}

/// The latest signed state of a log.
struct AccessLogHead: Sendable {
  var size: Int
  var note: String
  var signedAt: Date
}

/// The log of accesses of one organisation.
enum AccessLogStore {
  /// Entries of one answer of the database, when all are read.
  static let chunk = 500

  /// Adds those that are not there yet and signs the new state; whoever else adds waits until the
  /// transaction has ended. Do it last.
  /// - Returns: how many were new.
  @discardableResult
  static func append(
    _ accesses: [SealedAccess], signedWith key: Ed25519PrivateKey, at time: Date,
    in transaction: TenantTransaction
  ) async throws -> Int {
    guard !accesses.isEmpty else { return 0 }
    let tenant = transaction.tenant
    let opened = try await transaction.query(all: [
      """
      INSERT INTO privacy.access_head (tenant_id, size, note, signed_at)
      VALUES (\(tenant), 0, '', \(time)) ON CONFLICT (tenant_id) DO NOTHING
      """,
      "SELECT size FROM privacy.access_head WHERE tenant_id = \(tenant) FOR UPDATE",
      """
      SELECT event_id FROM privacy.access_entry
      WHERE tenant_id = \(tenant) AND event_id = ANY(\(accesses.map(\.access.event)))
      """,
    ])
    guard let head = opened[1].first else { throw DamagedAccessLog(tenant: tenant) }
    let size = Int(try head.get("size", as: Int64.self))
    let known = Set(try opened[2].map { try $0.get("event_id", as: UUID.self) })
    // An event that is brought twice in one call counts once as well.
    var seen = known
    let new = accesses.filter { seen.insert($0.access.event).inserted }
    guard !new.isEmpty else { return 0 }
    let edge = MerkleTree.nodes(of: 0..<size)
    let hashes = try await hashes(of: edge, in: transaction)
    guard var frontier = MerkleFrontier(size: size, hashes: hashes) else {
      throw DamagedAccessLog(tenant: tenant)
    }
    let nodes = new.flatMap { frontier.append($0.leaf.hash) }
    let checkpoint = LogCheckpoint(
      origin: LogCheckpoint.accessLogOrigin(tenant), size: frontier.size, root: frontier.root)
    let note = try SignedNote(
      checkpoint.text, signedBy: key, named: SignedNote.privacyName
    ).encoded
    try await transaction.query(all: [
      """
      INSERT INTO privacy.access_entry (
        tenant_id, position, event_id, subject_id, subject_commitment, occurred_at, sealed_detail,
        document_digest)
      SELECT \(tenant), position, event_id, subject_id, subject_commitment, occurred_at,
        sealed_detail, document_digest
      FROM unnest(
        \(Array(size..<frontier.size))::bigint[], \(new.map(\.access.event)),
        \(new.map(\.access.subject)), \(new.map(\.access.commitment)),
        \(new.map(\.access.occurredAt)), \(new.map(\.sealed)), \(new.map(\.documentDigest))
      ) AS new (
        position, event_id, subject_id, subject_commitment, occurred_at, sealed_detail,
        document_digest)
      """,
      """
      INSERT INTO privacy.access_node (tenant_id, level, place, hash)
      SELECT \(tenant), level, place, hash
      FROM unnest(
        \(nodes.map { Int32($0.node.level) }), \(nodes.map(\.node.index))::bigint[],
        \(nodes.map(\.hash))
      ) AS new (level, place, hash)
      """,
      """
      UPDATE privacy.access_head
      SET size = \(Int64(frontier.size)), note = \(note), signed_at = \(time)
      WHERE tenant_id = \(tenant)
      """,
    ])
    return new.count
  }

  /// Adds one that is not there yet, with its proof.
  static func place(
    _ access: SealedAccess, signedWith key: Ed25519PrivateKey, at time: Date,
    in transaction: TenantTransaction
  ) async throws -> ErasureCertificate.LogPlace {
    guard try await append([access], signedWith: key, at: time, in: transaction) == 1,
      let head = try await head(in: transaction)
    else { throw DamagedAccessLog(tenant: transaction.tenant) }
    let position = head.size - 1
    let proof = try await hashes(
      folded: MerkleProof.inclusion(of: position, in: head.size), in: transaction)
    return ErasureCertificate.LogPlace(
      event: access.access.event, occurredAt: access.access.occurredAt,
      subjectCommitment: access.access.commitment, index: position, proof: proof,
      checkpoint: head.note)
  }

  /// Nil for a log without entries.
  static func head(in transaction: TenantTransaction) async throws -> AccessLogHead? {
    try await transaction.query(
      """
      SELECT size, note, signed_at FROM privacy.access_head
      WHERE tenant_id = \(transaction.tenant) AND size > 0
      """
    ).first.map {
      AccessLogHead(
        size: Int(try $0.get("size", as: Int64.self)), note: try $0.get("note"),
        signedAt: try $0.get("signed_at"))
    }
  }

  /// What stands for each of `subtrees` in a proof, each given by its complete subtrees.
  static func hashes(
    folded subtrees: [[MerkleNode]], in transaction: TenantTransaction
  ) async throws -> [[UInt8]] {
    var hashes = try await hashes(of: subtrees.flatMap(\.self), in: transaction)[...]
    return subtrees.map { nodes in
      defer { hashes = hashes.dropFirst(nodes.count) }
      return MerkleTree.fold(Array(hashes.prefix(nodes.count)))
    }
  }

  /// In the same order; one that is missing is somebody's doing.
  private static func hashes(
    of nodes: [MerkleNode], in transaction: TenantTransaction
  ) async throws -> [[UInt8]] {
    guard !nodes.isEmpty else { return [] }
    let rows = try await transaction.query(
      """
      SELECT level, place, hash FROM privacy.access_node
      JOIN unnest(\(nodes.map { Int32($0.level) }), \(nodes.map(\.index))::bigint[])
        AS wanted (level, place) USING (level, place)
      WHERE tenant_id = \(transaction.tenant)
      """)
    var found: [MerkleNode: [UInt8]] = [:]
    for row in rows {
      let node = MerkleNode(
        level: Int(try row.get("level", as: Int32.self)),
        index: Int(try row.get("place", as: Int64.self)))
      found[node] = try row.get("hash")
    }
    return try nodes.map { node in
      guard let hash = found[node] else { throw DamagedAccessLog(tenant: transaction.tenant) }
      return hash
    }
  }

  /// A page of the entries about one person, the latest first, from those before `before`.
  static func list(
    about subject: UUID, before: Int?, limit: Int, in transaction: TenantTransaction
  ) async throws -> [AccessEntryRow] {
    try await transaction.query(
      """
      SELECT \(columns) \(tables)
      WHERE entry.tenant_id = \(transaction.tenant) AND entry.subject_id = \(subject)
        AND entry.position < \(Int64(before ?? Int.max))
      ORDER BY entry.position DESC LIMIT \(limit)
      """
    ).map(row)
  }

  /// From a place on, in their order.
  static func list(
    from position: Int, until end: Int, in transaction: TenantTransaction
  ) async throws -> [AccessEntryRow] {
    try await transaction.query(
      """
      SELECT \(columns) \(tables)
      WHERE entry.tenant_id = \(transaction.tenant)
        AND entry.position >= \(Int64(position)) AND entry.position < \(Int64(end))
      ORDER BY entry.position LIMIT \(chunk)
      """
    ).map(row)
  }

  private static let columns: SQL = """
    entry.position, entry.event_id, entry.subject_id, entry.subject_commitment, entry.occurred_at,
    entry.sealed_detail, entry.document_digest, node.hash
    """

  private static let tables: SQL = """
    FROM privacy.access_entry entry LEFT JOIN privacy.access_node node
      ON node.tenant_id = entry.tenant_id AND node.level = 0 AND node.place = entry.position
    """

  private static func row(_ row: Row) throws -> AccessEntryRow {
    AccessEntryRow(
      position: Int(try row.get("position", as: Int64.self)), event: try row.get("event_id"),
      subject: try row.get("subject_id"), commitment: try row.get("subject_commitment"),
      occurredAt: try row.get("occurred_at"), sealed: try row.get("sealed_detail"),
      documentDigest: try row.get("document_digest"),
      leafHash: try row.get("hash", as: [UInt8]?.self) ?? [])
  }
}

/// Hashes of a log are missing that were there: nothing is added to it until somebody has looked.
struct DamagedAccessLog: Error {
  let tenant: UUID
}
