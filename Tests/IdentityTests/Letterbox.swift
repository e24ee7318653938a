import Foundation
import Logging
import Mail
import ProgramSupport
import Storage
import Telemetry
import Testing

@testable import Launch

/// The mail of one house, sent into a folder of its own whenever somebody looks.
struct Letterbox: Sendable {
  private let folder: URL
  private let postman: Postman

  init(_ outbox: Outbox, now: @escaping @Sendable () -> Date) throws {
    folder = FileManager.default.temporaryDirectory
      .appending(path: "ikso-mail-\(UUID().uuidString)")
    let sender = try #require(MailAddress("noreply@ikso.example"))
    postman = Postman(
      outbox, MailSettings(route: .folder(try MailFolder(folder.path)), sender: sender),
      metrics: MetricsRegistry(),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: now)
  }

  func remove() {
    postman.shutdown()
    try? FileManager.default.removeItem(at: folder)
  }

  /// Sends what is due before it looks.
  func files() async throws -> [MailFile] {
    while try await postman.round() == .done {}
    return try FileManager.default.contentsOfDirectory(
      at: folder.appending(path: "new"), includingPropertiesForKeys: nil
    ).map { try MailFile($0) }
  }

  /// Of the mails to an address; in no order.
  func mails(to address: String) async throws -> [MailFile] {
    try await files().filter { $0.to == address }
  }

  func codes(to address: String) async throws -> [String] {
    try await mails(to: address).compactMap(\.code)
  }

  func subjects(to address: String) async throws -> [String] {
    try await mails(to: address).map(\.subject)
  }

  struct NoMail: Error {}

  func code(to address: String, except earlier: [String] = []) async throws -> String {
    guard let code = try await codes(to: address).first(where: { !earlier.contains($0) }) else {
      throw NoMail()
    }
    return code
  }
}
