import Foundation
import Glibc
package import Reactor

/// One message to one person.
package struct Mail: Sendable {
  package var to: String
  package var name: String
  package var subject: String
  package var body: String

  package init(to: String, name: String, subject: String, body: String) {
    self.to = to
    self.name = name
    self.subject = subject
    self.body = body
  }
}

/// A folder into which messages are written for the platform team's mail relay to send: a file
/// each (RFC 5322, UTF-8, base64 body), complete under its final name or not there (`tmp/`, then
/// rename).
package struct MailSpool: Sendable {
  private let folder: URL
  private let sender: String
  private let blocking: BlockingPool

  /// - Throws: `LaunchError` when the folder cannot be made.
  package init(
    folder: String, sender: String, blocking: BlockingPool
  ) throws(LaunchError) {
    self.folder = URL(filePath: folder, directoryHint: .isDirectory)
    self.sender = sender
    self.blocking = blocking
    do {
      for name in ["tmp", "new"] {
        try FileManager.default.createDirectory(
          at: self.folder.appending(path: name), withIntermediateDirectories: true,
          attributes: [.posixPermissions: 0o700])
      }
    } catch {
      throw LaunchError(
        "the mail spool \(folder) cannot be made: \(error.localizedDescription)",
        remedy: "set mail.spool to a folder that this user may write to")
    }
  }

  /// Writes all messages, off the reactor; on an error some may have been written.
  package func deliver(_ mails: [Mail]) async throws {
    let (folder, sender) = (folder.path, sender)
    try await blocking.run {
      let date = Self.rfc5322(Date())
      for mail in mails {
        let id = UUID().uuidString.lowercased()
        try Self.write(Self.render(mail, from: sender, id: id, date: date), named: id, into: folder)
      }
    }
  }

  private static func write(_ text: String, named id: String, into folder: String) throws {
    let (temporary, final) = ("\(folder)/tmp/\(id).eml", "\(folder)/new/\(id).eml")
    let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw MailSpoolError(path: temporary, code: errno) }
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(file, $0.baseAddress, $0.count)
      }
      guard count > 0 else {
        let code = errno
        close(file)
        unsafe unlink(temporary)
        throw MailSpoolError(path: temporary, code: code)
      }
      bytes = bytes.dropFirst(count)
    }
    close(file)
    guard unsafe rename(temporary, final) == 0 else {
      throw MailSpoolError(path: final, code: errno)
    }
  }

  /// The message as text with CRLF line ends.
  static func render(_ mail: Mail, from sender: String, id: String, date: String) -> String {
    let body = Data(mail.body.utf8).base64EncodedString(
      options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
    return [
      "Date: \(date)",
      "From: IKSO <\(sender)>",
      "To: \(encodedWords(mail.name)) <\(singleLine(mail.to))>",
      "Subject: \(encodedWords(mail.subject))",
      "Message-ID: <\(id)@\(sender.split(separator: "@").last ?? "localhost")>",
      "MIME-Version: 1.0",
      "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: base64",
      "", body, "",
    ].joined(separator: "\r\n")
  }

  /// RFC 2047 encoded words, each of whole characters and at most 75 bytes long, so that neither a
  /// letter outside ASCII nor a line break in a name can disturb the header.
  private static func encodedWords(_ text: String) -> String {
    var words: [[UInt8]] = [[]]
    for character in text {
      if words[words.count - 1].count + character.utf8.count > 45 { words.append([]) }
      words[words.count - 1].append(contentsOf: character.utf8)
    }
    return words.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
  }

  private static func singleLine(_ text: String) -> String {
    text.filter { !$0.isNewline && $0 != "<" && $0 != ">" }
  }

  static func rfc5322(_ date: Date) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss Z"
    return formatter.string(from: date)
  }
}

/// A message could not be written: a full disk, a folder that is gone.
struct MailSpoolError: Error, CustomStringConvertible {
  let path: String
  /// errno.
  let code: Int32

  var description: String { unsafe "\(path): \(String(cString: strerror(code)))" }
}
