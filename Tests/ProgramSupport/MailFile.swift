package import Foundation

/// A message in a mail folder, as its reader sees it.
package struct MailFile: Sendable {
  package struct Unreadable: Error {}

  package let head: String
  package let to: String
  package let subject: String
  package let plainText: String
  package let html: String

  package init(_ file: URL) throws {
    try self.init(text: String(decoding: Data(contentsOf: file), as: UTF8.self))
  }

  package init(text: String) throws {
    let parts = text.components(separatedBy: "\r\n--ikso-")
    guard parts.count == 4 else { throw Unreadable() }
    let head = parts[0].replacing("\r\n ", with: " ")
    func header(_ name: String) -> String {
      head.components(separatedBy: "\r\n").first { $0.hasPrefix("\(name): ") }
        .map { String($0.dropFirst(name.count + 2)) } ?? ""
    }
    self.head = head
    to =
      (header("To").split(separator: "<").last?.split(separator: ">").first).map(String.init)
      ?? ""
    subject = Self.decoded(header("Subject"))
    plainText = try Self.body(parts[1])
    html = try Self.body(parts[2])
  }

  /// The one-time code on the line "Code: …".
  package var code: String? {
    plainText.split(separator: "\n").first { $0.hasPrefix("Code: ") }
      .map { String($0.dropFirst("Code: ".count)) }
  }

  private static func body(_ part: String) throws -> String {
    guard let end = part.range(of: "\r\n\r\n"),
      let body = Data(
        base64Encoded: String(part[end.upperBound...]), options: .ignoreUnknownCharacters)
    else { throw Unreadable() }
    return String(decoding: body, as: UTF8.self)
  }

  /// RFC 2047: encoded words beside one another are one text.
  package static func decoded(_ header: String) -> String {
    guard header.hasPrefix("=?") else { return header }
    return header.split(separator: " ").map { word in
      let encoded = word.dropFirst("=?utf-8?B?".count).dropLast("?=".count)
      return String(decoding: Data(base64Encoded: String(encoded)) ?? Data(), as: UTF8.self)
    }.joined()
  }
}
