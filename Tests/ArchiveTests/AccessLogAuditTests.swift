import Archive
import Cryptography
import Foundation
import Testing

/// What an audit finds when somebody has written in the database (clause 26).
@Suite struct AccessLogAuditTests {
  struct Entry {
    var event = UUID()
    var subject: UUID? = UUID()
    var commitment: [UInt8] = []
    var at: Date
    var sealed: [UInt8]? = SecureRandom.bytes(90)
    var hash: [UInt8] = []

    init(_ number: Int) {
      at = Date(timeIntervalSince1970: 1_790_000_000 + Double(number) * 0.000_001)
      commitment = AccessLeaf.commitment(event: event, subject: subject!)
      hash = leaf.hash
    }

    var leaf: AccessLeaf {
      AccessLeaf(
        event: event, occurredAt: at, subjectCommitment: commitment,
        sealedDigest: AccessLeaf.digest(sealed))
    }
  }

  private static func checkpoint(_ entries: some Sequence<Entry>) -> LogCheckpoint {
    var frontier = MerkleFrontier()
    for entry in entries { frontier.append(entry.hash) }
    return LogCheckpoint(origin: "log", size: frontier.size, root: frontier.root)
  }

  /// Audits what is there after `change` against what was signed before it.
  private static func findings(
    _ count: Int = 21, earlier: Int? = nil,
    _ change: (inout [(position: Int, entry: Entry)]) -> Void
  ) -> [AccessLogAudit.Finding] {
    let entries = (0..<count).map { Entry($0) }
    var rows = entries.enumerated().map { (position: $0.offset, entry: $0.element) }
    change(&rows)
    var audit = AccessLogAudit(
      checkpoint(entries), earlier: earlier.map { checkpoint(entries.prefix($0)) })
    for (position, entry) in rows {
      audit.add(entry.leaf, at: position, storedHash: entry.hash, subject: entry.subject)
    }
    audit.finish()
    return audit.findings
  }

  @Test(arguments: [1, 2, 3, 7, 8, 21])
  func `a log that nobody touched is whole, at every size and since every size`(count: Int) {
    for earlier in [nil] + (0...count).map(Optional.some) {
      #expect(Self.findings(count, earlier: earlier) { _ in } == [])
    }
  }

  @Test func `an erased person's entries say nothing and are still there`() {
    #expect(Self.findings { $0[4].entry.subject = nil } == [])
  }

  @Test func `a changed entry is named`() {
    let root = AccessLogAudit.Finding.otherRoot(size: 21)
    #expect(
      Self.findings { $0[4].entry.sealed?[3] ^= 1 } == [.changed(position: 4), root])
    #expect(Self.findings { $0[5].entry.at += 0.001 } == [.changed(position: 5), root])
    #expect(Self.findings { $0[6].entry.event = UUID() }.first == .changed(position: 6))
    #expect(Self.findings { $0[7].entry.sealed = nil } == [.changed(position: 7), root])
    // With its hash as well, which then is not the signed one.
    let both = Self.findings {
      $0[8].entry.sealed = [1]
      $0[8].entry.hash = $0[8].entry.leaf.hash
    }
    #expect(both == [root])
  }

  @Test func `an entry that is shown to somebody else is named`() {
    #expect(Self.findings { $0[3].entry.subject = UUID() } == [.reassigned(position: 3)])
  }

  @Test func `removed entries are named, in the middle and at the end`() {
    let root = AccessLogAudit.Finding.otherRoot(size: 21)
    #expect(Self.findings { $0.remove(at: 9) } == [.missing(position: 9), root])
    #expect(Self.findings { $0.removeLast(2) } == [.missing(position: 19), root])
    #expect(Self.findings { $0.removeAll() } == [.missing(position: 0), root])
    // Closed up, so that no gap shows.
    let closed = Self.findings { rows in
      rows.remove(at: 9)
      for index in 9..<rows.count { rows[index].position -= 1 }
    }
    #expect(closed == [.missing(position: 20), root])
  }

  @Test func `entries in another order are another log`() {
    let swapped = Self.findings { rows in
      (rows[2].entry, rows[3].entry) = (rows[3].entry, rows[2].entry)
    }
    #expect(swapped == [.otherRoot(size: 21)])
  }

  @Test func `a history that was rewritten and signed again is found by what was seen before`() {
    let (old, new) = ((0..<9).map { Entry($0) }, (0..<12).map { Entry($0) })
    var audit = AccessLogAudit(Self.checkpoint(new), earlier: Self.checkpoint(old))
    for (position, entry) in new.enumerated() {
      audit.add(entry.leaf, at: position, storedHash: entry.hash, subject: entry.subject)
    }
    audit.finish()
    #expect(audit.findings == [.rewritten(since: 9)])
    var short = AccessLogAudit(Self.checkpoint(new.prefix(3)), earlier: Self.checkpoint(old))
    for (position, entry) in new.prefix(3).enumerated() {
      short.add(entry.leaf, at: position, storedHash: entry.hash, subject: entry.subject)
    }
    short.finish()
    #expect(short.findings == [.shortened(from: 9, to: 3)])
  }
}
