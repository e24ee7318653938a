package import FoundationEssentials

/// An address as it may stand in a header and in a command of SMTP: one `@`, no space, no control
/// character and nothing that has a meaning there.
package struct MailAddress: Sendable, Equatable {
  /// RFC 5321 section 4.5.3.1.3, without the angle brackets.
  static let limit = 254

  package let text: String

  package init?(_ text: String) {
    let special = Set("<>()[],;:\\\"".utf8)
    let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard text.utf8.count <= Self.limit, parts.count == 2, parts.allSatisfy({ !$0.isEmpty }),
      text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !special.contains($0) })
    else { return nil }
    self.text = text
  }

  package var domain: String { String(text.drop { $0 != "@" }.dropFirst()) }
}

/// A message as it goes over the wire (RFC 5322): plain text and HTML as alternatives (RFC 2046
/// section 5.1.4), both UTF-8 in base64, so that nothing that is in a letter can become a header,
/// a boundary or a command.
package struct MailMessage: Sendable {
  package let id: UUID
  package let sender: MailAddress
  package let recipient: MailAddress
  /// ASCII, lines end with CRLF.
  package let text: String

  /// The same `id` gives the same Message-ID: whoever gets it twice can tell.
  /// - Throws: `MailFault.refused` if there is no such address, or none to unsubscribe at.
  package init(_ mail: Mail, from sender: MailAddress, id: UUID, date: Date) throws(MailFault) {
    guard let recipient = MailAddress(mail.to) else { throw .refused("address") }
    self.id = id
    self.sender = sender
    self.recipient = recipient
    let name = id.uuidString.lowercased()
    let boundary = "ikso-\(name)"
    var lines = [
      "Date: \(Self.date(date))",
      "From: IKSO <\(sender.text)>",
      "To: \(mail.name.isEmpty ? "" : Self.words(mail.name) + " ")<\(recipient.text)>",
      "Subject: \(Self.words(mail.letter.subject))",
      "Message-ID: <\(name)@\(sender.domain)>",
      // RFC 3834 section 5: no answering machine answers.
      "Auto-Submitted: auto-generated",
      "Content-Language: \(mail.letter.language.rawValue)",
    ]
    if let link = mail.unsubscribe {
      guard Self.isLink(link) else { throw .refused("unsubscribe") }
      // RFC 2369 section 3.2; RFC 8058 section 3.1.
      lines += [
        "List-Unsubscribe: <\(link)>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
      ]
    }
    lines += [
      "MIME-Version: 1.0",
      "Content-Type: multipart/alternative;",
      " boundary=\"\(boundary)\"",
      "",
    ]
    for (type, body) in [("plain", mail.plainText), ("html", mail.html)] {
      lines += [
        "--\(boundary)",
        "Content-Type: text/\(type); charset=utf-8",
        "Content-Transfer-Encoding: base64",
        "",
        Data(body.utf8).base64EncodedString(
          options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed]),
      ]
    }
    text = (lines + ["--\(boundary)--", ""]).joined(separator: "\r\n")
  }

  /// An https address that fits on a line between angle brackets.
  private static func isLink(_ text: String) -> Bool {
    text.hasPrefix("https://") && text.utf8.count <= 900
      && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"<>\"".utf8.contains($0) }
  }

  /// The longest run of bytes of an encoded word: 60 of base64, and at most 75 with what stands
  /// around (RFC 2047 section 2).
  private static let wordBytes = 45

  /// As it is where it is a few plain words; else encoded words of whole characters, so that
  /// neither a letter outside ASCII nor a line break in a name can disturb the header.
  static func words(_ text: String) -> String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-' ".utf8)
    let isPlain = text.utf8.allSatisfy { plain.contains($0) }
    if isPlain, (1...60).contains(text.utf8.count), text.first != " ", text.last != " " {
      return text
    }
    var words: [[UInt8]] = [[]]
    for scalar in text.unicodeScalars {
      let bytes = Array(String(scalar).utf8)
      if words[words.count - 1].count + bytes.count > wordBytes { words.append([]) }
      words[words.count - 1] += bytes
    }
    return words.map { "=?utf-8?B?\(Data($0).base64EncodedString())?=" }.joined(separator: "\r\n ")
  }

  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// RFC 5322 section 3.3, in UTC.
  static func date(_ date: Date) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let units: Set<Calendar.Component> = [
      .year, .month, .day, .weekday, .hour, .minute, .second,
    ]
    let parts = calendar.dateComponents(units, from: date)
    func two(_ number: Int?) -> String {
      let digits = "\(number ?? 0)"
      return digits.utf8.count < 2 ? "0\(digits)" : digits
    }
    let day = days[(parts.weekday ?? 1) - 1]
    let month = months[(parts.month ?? 1) - 1]
    let time = [parts.hour, parts.minute, parts.second].map(two).joined(separator: ":")
    return "\(day), \(two(parts.day)) \(month) \(parts.year ?? 0) \(time) +0000"
  }
}
