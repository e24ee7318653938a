import Foundation
import Postgres
import ProgramSupport
import Synchronization

/// The mail that the services have written, as the people of a test read it. Each address is one
/// test's own, so tests do not see each other's.
final class Mailbox: Sendable {
  private struct State {
    var read: Set<String> = []
    var messages: [String: [MailFile]] = [:]
  }

  private let folder: URL
  private let state = Mutex(State())

  init(folder: URL) { self.folder = folder }

  /// All messages to an address, in no particular order.
  func messages(to address: String) throws -> [MailFile] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try state.withLock { state in
      for name in names where state.read.insert(name).inserted {
        let message = try MailFile(folder.appending(path: name))
        state.messages[message.to.lowercased(), default: []].append(message)
      }
      return state.messages[address.lowercased()] ?? []
    }
  }

  /// The codes that an address has got, without those that are known already.
  func codes(to address: String, except known: Set<String> = []) throws -> [String] {
    try messages(to: address).compactMap(\.code).filter { !known.contains($0) }
  }

  /// The one that comes: a service answers before its mail is out.
  func code(to address: String, except known: Set<String> = []) async throws -> String {
    try await eventually("a mail with a code for \(address)") {
      try codes(to: address, except: known).first
    }
  }
}

extension House {
  /// Returns once nothing of an organisation waits to be sent: who has got no mail then gets none.
  func mailIsOut(of organisation: Organisation) async throws {
    try await until("all mail of \(organisation.id) is out") {
      let waiting = try await sql(
        """
        SELECT count(*) AS n FROM (
          SELECT outbox_id FROM identity.outbox_due WHERE organisation_id = \(organisation.uuid)
          UNION ALL
          SELECT outbox_id FROM feedback.outbox_due WHERE organisation_id = \(organisation.uuid)
        ) AS due
        """)
      return try waiting[0][0].get("n", as: Int64.self) == 0
    }
  }
}
