import Foundation
import Synchronization

/// The mail that the services have written, as the people of a test read it. Each address is one
/// test's own, so tests do not see each other's.
final class Mailbox: Sendable {
  struct Message: Sendable {
    let to: String
    let head: String
    let body: String

    /// The one-time code on the line "Code: …".
    var code: String? {
      body.split(whereSeparator: \.isNewline).first { $0.hasPrefix("Code: ") }
        .map { $0.dropFirst(6).trimmingCharacters(in: .whitespaces) }
    }
  }

  struct NoMail: Error, CustomStringConvertible {
    let address: String
    var description: String { "no mail with a code has come for \(address)" }
  }

  private struct State {
    var read: Set<String> = []
    var messages: [String: [Message]] = [:]
  }

  private let folder: URL
  private let state = Mutex(State())

  init(folder: URL) { self.folder = folder }

  /// All messages to an address, in no particular order.
  func messages(to address: String) throws -> [Message] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try state.withLock { state in
      for name in names where state.read.insert(name).inserted {
        let message = try Self.read(folder.appending(path: name))
        state.messages[message.to, default: []].append(message)
      }
      return state.messages[address.lowercased()] ?? []
    }
  }

  /// The codes that an address has got, without those that are known already.
  func codes(to address: String, except known: Set<String> = []) throws -> [String] {
    try messages(to: address).compactMap(\.code).filter { !known.contains($0) }
  }

  func code(to address: String, except known: Set<String> = []) throws -> String {
    guard let code = try codes(to: address, except: known).first else {
      throw NoMail(address: address)
    }
    return code
  }

  private static func read(_ file: URL) throws -> Message {
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    let parts = text.components(separatedBy: "\r\n\r\n")
    let to = parts[0].components(separatedBy: "\r\nTo: ").last ?? ""
    let address = to.split(separator: "<").dropFirst().first?.split(separator: ">").first ?? ""
    let body = Data(
      base64Encoded: parts.dropFirst().joined(), options: .ignoreUnknownCharacters)
    return Message(
      to: address.lowercased(), head: parts[0],
      body: String(decoding: body ?? Data(), as: UTF8.self))
  }
}
