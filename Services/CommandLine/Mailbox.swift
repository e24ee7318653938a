import Foundation

/// The mail that the services have written, as the people of a demonstration would read it.
struct Mailbox: Sendable {
  let folder: URL

  struct Message: Sendable {
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

  /// The messages that have come since, at most `limit`.
  func messages(since earlier: Set<String>, limit: Int = .max) throws -> [Message] {
    try names().subtracting(earlier).sorted().prefix(limit).map { name in
      try read(folder.appending(path: name))
    }
  }

  private func read(_ file: URL) throws -> Message {
    let text = try String(contentsOf: file, encoding: .utf8)
    guard let end = text.range(of: "\r\n\r\n") else {
      throw CleanFailure("\(file.path) is no message")
    }
    let head = text[..<end.lowerBound].replacing("\r\n ", with: " ")
    let to = head.components(separatedBy: "\r\n").first { $0.hasPrefix("To: ") } ?? ""
    let address = to.split(separator: "<").last?.split(separator: ">").first ?? ""
    let encoded = String(text[end.upperBound...])
    let body = Data(base64Encoded: encoded, options: .ignoreUnknownCharacters)
    return Message(to: String(address), body: String(decoding: body ?? Data(), as: UTF8.self))
  }
}
