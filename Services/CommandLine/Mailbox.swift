import Foundation

/// The mail that the services have written, as the people of a demonstration would read it.
struct Mailbox: Sendable {
  let folder: URL

  struct Message: Sendable {
    /// What the service calls it.
    let id: String
    let to: String
    let body: String

    /// The one-time code on the line "Code: …".
    var code: String? {
      body.split(whereSeparator: \.isNewline)
        .first { $0.hasPrefix("Code: ") }
        .map { String($0.dropFirst("Code: ".count)).trimmingCharacters(in: .whitespaces) }
    }
  }

  /// The names of the messages that are there now.
  func names() throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: folder.path))
  }

  /// The messages that have come since, once they are `enough`: services answer before their mail
  /// is out.
  func messages(
    since earlier: Set<String>, _ enough: ([Message]) -> Bool
  ) async throws -> [Message] {
    let end = ContinuousClock.now + Self.patience
    while true {
      let messages = try names().subtracting(earlier).sorted().map { name in
        try read(folder.appending(path: name))
      }
      if enough(messages) { return messages }
      guard .now < end else {
        throw CleanFailure(
          "the mail that was to come has not come within \(Self.patience): see \(folder.path)")
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  private static let patience: Duration = .seconds(60)

  /// The plain text of a message (RFC 2046) and whom it is for.
  private func read(_ file: URL) throws -> Message {
    let text = try String(contentsOf: file, encoding: .utf8)
    let parts = text.components(separatedBy: "\r\n--")
    guard parts.count > 1, let end = parts[1].range(of: "\r\n\r\n") else {
      throw CleanFailure("\(file.path) is no message")
    }
    let head = parts[0].replacing("\r\n ", with: " ")
    let to = head.components(separatedBy: "\r\n").first { $0.hasPrefix("To: ") } ?? ""
    let address = to.split(separator: "<").last?.split(separator: ">").first ?? ""
    let body = Data(
      base64Encoded: String(parts[1][end.upperBound...]), options: .ignoreUnknownCharacters)
    return Message(
      id: file.deletingPathExtension().lastPathComponent, to: String(address),
      body: String(decoding: body ?? Data(), as: UTF8.self))
  }
}
