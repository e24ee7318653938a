/// The Merkle tree of a log (RFC 6962, section 2.1, with SHA-256): one hash, the root, stands for
/// all entries and their order.
///
/// A log keeps the hashes of complete subtrees (`MerkleNode`), each of which is computed once and
/// never changes; the roots and proofs of any size follow from those.
package enum MerkleTree {
  /// The root of no entries.
  package static let emptyRoot = Digest.sha256([UInt8]())

  /// Bytes of an entry are told from bytes of a node by what is put in front of them: an inner node
  /// cannot be passed off as an entry.
  package static func leafHash(_ entry: [UInt8]) -> [UInt8] { Digest.sha256([0] + entry) }

  package static func nodeHash(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    Digest.sha256([1] + left + right)
  }

  /// The hash of a subtree from those of the complete subtrees that it consists of, from left to
  /// right; of the whole log, its root.
  package static func fold(_ hashes: [[UInt8]]) -> [UInt8] {
    guard var folded = hashes.last else { return emptyRoot }
    for hash in hashes.dropLast().reversed() { folded = nodeHash(hash, folded) }
    return folded
  }

  /// The complete subtrees that the entries `range` consist of, from left to right, each as large
  /// as it can be. The range begins where a subtree of its size begins.
  package static func nodes(of range: Range<Int>) -> [MerkleNode] {
    var nodes: [MerkleNode] = []
    var start = range.lowerBound
    while start < range.upperBound {
      let level = (range.upperBound - start).leadingZeroBitCount
      let size = 1 << (Int.bitWidth - 1 - level)
      precondition(start.isMultiple(of: size), "the range of a subtree")
      nodes.append(MerkleNode(level: size.trailingZeroBitCount, index: start / size))
      start += size
    }
    return nodes
  }
}

/// A complete subtree of 2^`level` entries, the `index`-th of its size.
package struct MerkleNode: Hashable, Sendable {
  package let level: Int
  package let index: Int

  package init(level: Int, index: Int) {
    (self.level, self.index) = (level, index)
  }
}

/// The right edge of a log: what is needed to add entries and to tell the root.
package struct MerkleFrontier: Equatable, Sendable {
  package private(set) var size: Int
  /// Of the complete subtrees of `MerkleTree.nodes(of: 0..<size)`.
  package private(set) var hashes: [[UInt8]]

  package init() { (size, hashes) = (0, []) }

  /// Nil if there are not as many hashes as a log of this size has on its edge.
  package init?(size: Int, hashes: [[UInt8]]) {
    guard size >= 0, hashes.count == size.nonzeroBitCount,
      hashes.allSatisfy({ $0.count == Digest.sha256Bytes })
    else { return nil }
    (self.size, self.hashes) = (size, hashes)
  }

  package var root: [UInt8] { MerkleTree.fold(hashes) }

  /// Adds an entry by its leaf hash; gives the complete subtrees that came about, that of the entry
  /// itself first.
  @discardableResult
  package mutating func append(_ leafHash: [UInt8]) -> [(node: MerkleNode, hash: [UInt8])] {
    precondition(leafHash.count == Digest.sha256Bytes, "a SHA-256 digest")
    var new = [(node: MerkleNode(level: 0, index: size), hash: leafHash)]
    var hash = leafHash
    // As many as there are ones at the end of the size are completed.
    for level in 0..<(~size).trailingZeroBitCount {
      hash = MerkleTree.nodeHash(hashes.removeLast(), hash)
      new.append((MerkleNode(level: level + 1, index: size >> (level + 1)), hash))
    }
    hashes.append(hash)
    size += 1
    return new
  }
}
