/// Proofs about a log by its roots alone (RFC 6962, sections 2.1.1 and 2.1.2; verified as RFC 9162,
/// sections 2.1.3.2 and 2.1.4.2 say).
package enum MerkleProof {
  /// Hashes that a proof has at most: one for each level, and one more of a consistency proof.
  package static let maximumHashes = Int.bitWidth + 1

  // MARK: What a proof consists of

  /// The proof that the entry `index` is in a log of `size`: the subtrees whose hashes it consists
  /// of, from the bottom up, each by its complete subtrees.
  package static func inclusion(of index: Int, in size: Int) -> [[MerkleNode]] {
    precondition((0..<size).contains(index), "an entry of the log")
    return path(to: index, in: 0..<size).map(MerkleTree.nodes)
  }

  /// The proof that a log of `newSize` begins with all that was in it at `oldSize`; empty where
  /// there is nothing to prove, at the same size and from none.
  package static func consistency(from oldSize: Int, to newSize: Int) -> [[MerkleNode]] {
    precondition((0...newSize).contains(oldSize), "a log only grows")
    guard oldSize > 0, oldSize < newSize else { return [] }
    return subproof(oldSize, in: 0..<newSize, isWhole: true).map(MerkleTree.nodes)
  }

  private static func path(to index: Int, in range: Range<Int>) -> [Range<Int>] {
    guard range.count > 1 else { return [] }
    let middle = range.lowerBound + split(range.count)
    if index < middle {
      return path(to: index, in: range.lowerBound..<middle) + [middle..<range.upperBound]
    }
    return path(to: index, in: middle..<range.upperBound) + [range.lowerBound..<middle]
  }

  /// SUBPROOF of RFC 6962, section 2.1.2; `end` is where the old log ends.
  private static func subproof(
    _ end: Int, in range: Range<Int>, isWhole: Bool
  ) -> [Range<Int>] {
    if end == range.upperBound { return isWhole ? [] : [range] }
    let middle = range.lowerBound + split(range.count)
    if end <= middle {
      return subproof(end, in: range.lowerBound..<middle, isWhole: isWhole)
        + [middle..<range.upperBound]
    }
    return subproof(end, in: middle..<range.upperBound, isWhole: false)
      + [range.lowerBound..<middle]
  }

  /// The largest power of two below `count`, which is at least 2.
  private static func split(_ count: Int) -> Int {
    1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }

  // MARK: Verifying

  /// Whether `proof` shows that the entry with this leaf hash is the one at `index` in the log of
  /// `size` with this root.
  package static func isIncluded(
    _ leafHash: [UInt8], at index: Int, in size: Int, root: [UInt8], proof: [[UInt8]]
  ) -> Bool {
    guard (0..<max(0, size)).contains(index), proof.count <= maximumHashes else { return false }
    var (place, last) = (index, size - 1)
    var hash = leafHash
    for other in proof {
      guard last > 0, other.count == Digest.sha256Bytes else { return false }
      if place & 1 == 1 || place == last {
        hash = MerkleTree.nodeHash(other, hash)
        while place & 1 == 0, place > 0 { (place, last) = (place >> 1, last >> 1) }
      } else {
        hash = MerkleTree.nodeHash(hash, other)
      }
      (place, last) = (place >> 1, last >> 1)
    }
    return last == 0 && hash == root
  }

  /// Whether `proof` shows that the log of `newSize` begins with the log of `oldSize`.
  package static func isConsistent(
    from oldSize: Int, root oldRoot: [UInt8], to newSize: Int, root newRoot: [UInt8],
    proof: [[UInt8]]
  ) -> Bool {
    guard (0...max(0, newSize)).contains(oldSize), proof.count <= maximumHashes,
      proof.allSatisfy({ $0.count == Digest.sha256Bytes })
    else { return false }
    if oldSize == 0 { return oldRoot == MerkleTree.emptyRoot && proof.isEmpty }
    if oldSize == newSize { return oldRoot == newRoot && proof.isEmpty }
    // A complete old log is its own first hash.
    let isComplete = oldSize.nonzeroBitCount == 1
    var rest = (isComplete ? [oldRoot] : []) + proof
    guard !rest.isEmpty else { return false }
    var old = rest.removeFirst()
    var new = old
    var (place, last) = (oldSize - 1, newSize - 1)
    while place & 1 == 1 { (place, last) = (place >> 1, last >> 1) }
    for other in rest {
      guard last > 0 else { return false }
      if place & 1 == 1 || place == last {
        (old, new) = (MerkleTree.nodeHash(other, old), MerkleTree.nodeHash(other, new))
        while place & 1 == 0, place > 0 { (place, last) = (place >> 1, last >> 1) }
      } else {
        new = MerkleTree.nodeHash(new, other)
      }
      (place, last) = (place >> 1, last >> 1)
    }
    return last == 0 && old == oldRoot && new == newRoot
  }
}
