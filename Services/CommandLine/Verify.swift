import Archive
import ArgumentParser
import Cryptography
import Foundation

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check an archive, a receipt, an erasure certificate or a self-test, offline.",
    discussion: """
      Checks that the manifest was signed with a trusted key and that every file is as it was \
      signed. The keys come from PrivacyService.GetArchiveKeys; the tour saves them beside the \
      archive. Documents are known by their name, which ends in .json: receipts of requests and \
      certificates of erasures, of a person or an organisation, have the same keys; those of the \
      report of a self-test come from GetSelfTest, and ikso isolation check saves them beside the \
      reports. Exits with 0 when all is right, with 1 and what is wrong when it is not.
      """)

  @Argument(help: "The archive, a tar file; or the document, a JSON file.")
  var archive: String

  @Option(help: "A JSON file with public keys by id: {\"<key id>\": \"<64 hex digits>\"}.")
  var keys: String

  @Option(help: "A folder to unpack the checked files into; it must not exist.")
  var unpack: String?

  func run() throws {
    let trusted = try ArchiveKeys.read(keys)
    guard let bytes = FileManager.default.contents(atPath: archive) else {
      throw CleanFailure("the archive \(archive) cannot be read")
    }
    if archive.hasSuffix(".json") { return try document([UInt8](bytes), trusted) }
    let verified = try SignedArchive.verify([UInt8](bytes), keys: trusted)
    let manifest = verified.manifest
    print("The archive is genuine: signed with key \(manifest.keyID) at \(manifest.createdAt).")
    print("Person \(manifest.subjectID) of organisation \(manifest.organisationID):")
    for file in manifest.files { print("  \(file.path)  \(file.bytes) bytes  \(file.sha256)") }
    if let unpack { try write(verified.files, into: unpack) }
  }

  private func document(_ bytes: [UInt8], _ trusted: [String: Ed25519PublicKey]) throws {
    switch try SignedDocument.format(of: bytes) {
    case RequestReceipt.format: try receipt(bytes, trusted)
    case ErasureCertificate.format: try certificate(bytes, trusted)
    case OrganisationErasureCertificate.format: try organisation(bytes, trusted)
    default: try report(bytes, trusted)
    }
  }

  private func receipt(_ bytes: [UInt8], _ trusted: [String: Ed25519PublicKey]) throws {
    let (receipt, keyID) = try SignedDocument.verify(bytes, keys: trusted, as: RequestReceipt.self)
    print("The receipt is genuine: signed with key \(keyID).")
    let organisation = receipt.organisationID
    print("Request \(receipt.requestID) (\(receipt.kind)) of organisation \(organisation):")
    print("  received \(receipt.receivedAt), to be answered by \(receipt.dueAt)")
    for confirmed in receipt.inForce ?? [] {
      print("  in force in \(confirmed.service) since \(confirmed.since)")
    }
  }

  private func certificate(_ bytes: [UInt8], _ trusted: [String: Ed25519PublicKey]) throws {
    let (certificate, keyID) = try ErasureCertificate.verify(bytes, keys: trusted)
    print("The certificate is genuine: signed with key \(keyID) at \(certificate.completedAt).")
    let organisation = certificate.organisationID
    print("Erasure \(certificate.requestID) of organisation \(organisation):")
    for service in try certificate.receipts() {
      let rows = service.erasure.tables.reduce(0) { $0 + $1.rows }
      let key = service.erasure.keyDestroyed ? "key destroyed" : "no key destroyed"
      let scanned = "found 0 of \(service.scan.tables.reduce(0) { $0 + $1.rowsRead }) rows"
      print("  \(service.erasure.service): \(rows) rows erased, \(key), scan \(scanned)")
    }
    if certificate.holders == nil {
      print("It is from before certificates named the services that had to take part.")
    }
    if let place = certificate.logPlace {
      print("It is entry \(place.index) of the organisation's log of accesses, which is signed.")
    }
  }

  private func organisation(_ bytes: [UInt8], _ trusted: [String: Ed25519PublicKey]) throws {
    let verified = try OrganisationErasureCertificate.verify(bytes, keys: trusted)
    let certificate = verified.certificate
    let completed = certificate.completedAt
    print("The certificate is genuine: signed with key \(verified.keyID) at \(completed).")
    print("Erasure \(certificate.erasureID) of all of organisation \(certificate.organisationID):")
    let order = verified.order
    print("  contract ended \(order.contractEnd), kept until the end of \(order.keptUntil)")
    for (erasure, scan) in verified.services {
      let rows = erasure.tables.reduce(0) { $0 + $1.rows }
      print("  \(erasure.service): \(rows) rows erased, keys destroyed, nothing left but")
      for table in scan.kept {
        print("    \(table.rowsLeft) of \(table.table): \(table.keptBecause ?? "")")
      }
    }
  }

  private func report(_ bytes: [UInt8], _ trusted: [String: Ed25519PublicKey]) throws {
    let (report, keyID) = try SignedDocument.verify(bytes, keys: trusted, as: SelfTestReport.self)
    print("The report is genuine: signed with key \(keyID) at \(report.finishedAt).")
    let counts = "\(report.attempts) attempts, \(report.breaches.count) breaches"
    print("Self-test of \(report.service): \(counts).")
    for breach in report.breaches {
      print("  \(breach.subject): \(breach.attempt): \(breach.breach ?? "")")
    }
    guard report.passed else { throw CleanFailure("the wall did not hold") }
  }

  private func write(_ files: [ArchiveFile], into folder: String) throws {
    guard !FileManager.default.fileExists(atPath: folder) else {
      throw CleanFailure("\(folder) exists already; give a new folder")
    }
    let root = URL(filePath: folder, directoryHint: .isDirectory)
    for file in files {
      guard !file.path.hasPrefix("/"), !file.path.split(separator: "/").contains("..") else {
        throw CleanFailure("\(file.path) would leave the folder; nothing more is unpacked")
      }
      let target = root.appending(path: file.path)
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      try Data(file.bytes).write(to: target, options: .withoutOverwriting)
    }
    print("Unpacked into \(folder).")
  }
}

/// The public keys that archives are signed with, as a file.
enum ArchiveKeys {
  static func read(_ path: String) throws -> [String: Ed25519PublicKey] {
    guard let data = FileManager.default.contents(atPath: path),
      let texts = try? JSONDecoder().decode([String: String].self, from: data)
    else {
      throw CleanFailure("the keys \(path) cannot be read: JSON, key id to 64 hex digits")
    }
    return try texts.mapValues { try Ed25519PublicKey(rawBytes: Hex.decode($0)) }
  }

  static func write(_ keys: [(id: String, publicKey: [UInt8])], to path: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let texts = Dictionary(
      keys.map { ($0.id, Hex.encode($0.publicKey)) }, uniquingKeysWith: { first, _ in first })
    try encoder.encode(texts).write(to: URL(filePath: path))
  }
}
