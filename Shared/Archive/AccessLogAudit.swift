package import Cryptography
package import Foundation

/// Builds the tree of an access log again from all of its leaves, and tells what is not as it was
/// signed.
package struct AccessLogAudit {
  package enum Finding: Error, Equatable, CustomStringConvertible {
    /// The entries from `position` on, or some of them, are not there.
    case missing(position: Int)
    /// What stands there is not what was put there.
    case changed(position: Int)
    /// It is shown to somebody else than it was about.
    case reassigned(position: Int)
    /// The tree as it is stored has another hash.
    case treeChanged(position: Int)
    case otherRoot(size: Int)
    /// It does not begin with the log that was seen before.
    case rewritten(since: Int)
    case shortened(from: Int, to: Int)

    package var description: String {
      switch self {
      case .missing(let position): "entry \(position) is missing"
      case .changed(let position): "entry \(position) is not what was written"
      case .reassigned(let position): "entry \(position) is shown to another person"
      case .treeChanged(let position): "the hash of entry \(position) is missing or damaged"
      case .otherRoot(let size):
        "the \(size) entries are not those that were signed: changed, removed or reordered"
      case .rewritten(let size): "the first \(size) entries are not those of the earlier checkpoint"
      case .shortened(let from, let to): "the log had \(from) entries and has \(to)"
      }
    }
  }

  /// Findings that are named; what comes behind them is only counted.
  package static let namedFindings = 20

  private let checkpoint: LogCheckpoint
  private let earlier: LogCheckpoint?
  private var frontier = MerkleFrontier()
  private var next = 0
  /// The state of the tree when it was as large as the earlier one.
  private var earlierRoot: [UInt8]?
  package private(set) var findings: [Finding] = []
  package private(set) var count = 0

  /// `checkpoint` and `earlier`, if there is one, are of this log and their signatures verified.
  package init(_ checkpoint: LogCheckpoint, earlier: LogCheckpoint? = nil) {
    (self.checkpoint, self.earlier) = (checkpoint, earlier)
    if earlier?.size == 0 { earlierRoot = MerkleTree.emptyRoot }
  }

  /// The next leaf, as it is read; leaves beyond the checkpoint are left out.
  package mutating func add(
    _ leaf: AccessLeaf, at position: Int, storedHash: [UInt8], subject: UUID?
  ) {
    guard position < checkpoint.size else { return }
    if position != next { find(.missing(position: next)) }
    next = position + 1
    let hash = leaf.hash
    if storedHash.count != Digest.sha256Bytes {
      find(.treeChanged(position: position))
    } else if hash != storedHash {
      find(.changed(position: position))
    }
    if let subject,
      AccessLeaf.commitment(event: leaf.event, subject: subject) != leaf.subjectCommitment
    {
      find(.reassigned(position: position))
    }
    frontier.append(hash)
    if frontier.size == earlier?.size { earlierRoot = frontier.root }
  }

  /// After the last leaf.
  package mutating func finish() {
    if next < checkpoint.size { find(.missing(position: next)) }
    if frontier.root != checkpoint.root { find(.otherRoot(size: checkpoint.size)) }
    guard let earlier else { return }
    if earlier.size > checkpoint.size {
      find(.shortened(from: earlier.size, to: checkpoint.size))
    } else if earlierRoot != earlier.root {
      find(.rewritten(since: earlier.size))
    }
  }

  private mutating func find(_ finding: Finding) {
    count += 1
    if findings.count < Self.namedFindings { findings.append(finding) }
  }
}
