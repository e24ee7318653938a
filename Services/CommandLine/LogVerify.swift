import Archive
import ArgumentParser
import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf

struct LogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "An organisation's log of accesses to people's data.",
    subcommands: [LogVerify.self])
}

struct LogVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that nothing in the log was changed, removed or reordered.",
    discussion: """
      Reads every leaf of the log, builds the Merkle tree again and compares it with the signed \
      checkpoint; nothing of what the entries say is read. With --checkpoint, the log must also \
      begin with the one that was seen last time: the file then holds the checkpoint of now. Exits \
      with 0 when all is right, with 1 and what is wrong when it is not.
      """)

  @OptionGroup var gateway: GatewayOptions

  @Option(
    help: "A file with an access token of a privacy officer or an auditor; -: standard input.")
  var token: String

  @Option(help: "The id of the organisation: its log is signed under that name.")
  var organisation: String

  @Option(
    help: """
      A JSON file with trusted public keys by id, as for ikso verify; without it, the keys are \
      asked of the system that is being checked.
      """)
  var keys: String?

  @Option(help: "A file for the checkpoint that was seen last; made if it does not exist.")
  var checkpoint: String?

  func run() async throws {
    guard let id = UUID(uuidString: organisation) else {
      throw ValidationError("the organisation '\(organisation)' is not a UUID")
    }
    let options = CallOptions.bearer(try readToken())
    let earlier = try readCheckpoint()
    try await withReactors { reactors in
      let gateway = try gateway.connect(reactors)
      let log = AccessLogServiceClient(gateway.client)
      let trusted = try await trustedKeys(gateway)
      let answer = try await log.getLogCheckpoint(PrivacyGetLogCheckpointRequest(), options)
      guard !answer.note.isEmpty else {
        await gateway.close()
        guard earlier == nil else { throw CleanFailure("the log had entries and has none") }
        return print("The log is empty.")
      }
      let reader = CheckpointReader(keys: trusted, origin: LogCheckpoint.accessLogOrigin(id))
      let now = try reader.read(answer.note, "the log's checkpoint")
      let before = try earlier.map { try reader.read($0, "the checkpoint that was kept") }
      var audit = AccessLogAudit(now, earlier: before)
      for try await leaf in try await log.listLogLeaves(PrivacyListLogLeavesRequest(), options) {
        try audit.add(leaf)
      }
      audit.finish()
      await gateway.close()
      try report(audit, now, since: before)
      if let checkpoint { try write(answer.note, to: checkpoint) }
    }
  }

  private func report(
    _ audit: AccessLogAudit, _ now: LogCheckpoint, since before: LogCheckpoint?
  ) throws {
    guard audit.findings.isEmpty else {
      for finding in audit.findings { print("! \(finding)") }
      if audit.count > audit.findings.count {
        print("! and \(audit.count - audit.findings.count) more")
      }
      throw CleanFailure("the log is not as it was signed")
    }
    print("The log is whole: \(now.size) entries, root \(Hex.encode(now.root)).")
    if let before { print("It begins with the \(before.size) entries that were seen before.") }
  }

  private func readToken() throws -> String {
    let data = token == "-"
      ? FileHandle.standardInput.readDataToEndOfFile()
      : FileManager.default.contents(atPath: token)
    guard let data,
      case let text = String(decoding: data, as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines), !text.isEmpty
    else { throw ValidationError("the token '\(token)' cannot be read, or is empty") }
    return text
  }

  /// Nil if there is none yet.
  private func readCheckpoint() throws -> String? {
    guard let checkpoint, FileManager.default.fileExists(atPath: checkpoint) else { return nil }
    guard let data = FileManager.default.contents(atPath: checkpoint) else {
      throw ValidationError("the checkpoint \(checkpoint) cannot be read")
    }
    return String(decoding: data, as: UTF8.self)
  }

  /// In one step: a full disk leaves the old one.
  private func write(_ note: String, to path: String) throws {
    do {
      try Data(note.utf8).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw CleanFailure("the checkpoint \(path) cannot be written: \(error.localizedDescription)")
    }
  }

  private func trustedKeys(_ gateway: Gateway) async throws -> [Ed25519PublicKey] {
    if let keys { return Array(try ArchiveKeys.read(keys).values) }
    return try await gateway.privacy.getArchiveKeys(PrivacyGetArchiveKeysRequest(), CallOptions())
      .keys.map { try Ed25519PublicKey(rawBytes: [UInt8]($0.publicKey)) }
  }
}

/// Reads checkpoints of one log that one of the keys has signed.
struct CheckpointReader {
  let keys: [Ed25519PublicKey]
  let origin: String

  func read(_ text: String, _ what: String) throws -> LogCheckpoint {
    guard let note = SignedNote(text), let checkpoint = LogCheckpoint(note.text) else {
      throw CleanFailure("\(what) is no signed checkpoint")
    }
    guard checkpoint.origin == origin else {
      throw CleanFailure("\(what) is of another log: \(checkpoint.origin)")
    }
    guard keys.contains(where: { note.isSigned(by: $0, named: SignedNote.privacyName) }) else {
      throw CleanFailure("\(what) is not signed with a trusted key")
    }
    return checkpoint
  }
}

extension AccessLogAudit {
  mutating func add(_ leaf: PrivacyLogLeaf) throws {
    guard let event = UUID(uuidString: leaf.eventID), let position = Int(exactly: leaf.position),
      (946_684_800..<7_258_118_400).contains(leaf.occurredAt.seconds),
      (0..<1_000_000_000).contains(leaf.occurredAt.nanos)
    else { throw CleanFailure("entry \(leaf.position) is no entry") }
    add(
      AccessLeaf(
        event: event, occurredAt: leaf.occurredAt.date,
        subjectCommitment: [UInt8](leaf.subjectCommitment),
        sealedDigest: [UInt8](leaf.sealedSha256)),
      at: position, storedHash: [UInt8](leaf.leafHash), subject: UUID(uuidString: leaf.subjectID))
  }
}
