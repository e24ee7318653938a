/// What somebody is written, without how it is put into a message.
///
/// No subject holds a name, of a person or an organisation: it shows on locked screens.
package struct Letter: Sendable, Equatable, Codable {
  /// ISO 639-1.
  package enum Language: String, CaseIterable, Sendable, Codable {
    case dutch = "nl"
    case english = "en"
  }

  package enum Part: Sendable, Equatable, Codable {
    /// A paragraph.
    case text(String)
    /// An address on the web, on a line of its own.
    case link(String)
    /// "Code: abc"; those that follow one another make one paragraph.
    case fact(name: String, value: String)
  }

  package var language: Language
  package var subject: String
  package var parts: [Part]

  package init(_ language: Language, subject: String, _ parts: [Part]) {
    self.language = language
    self.subject = subject
    self.parts = parts
  }
}

/// A letter to one person.
package struct Mail: Sendable, Equatable, Codable {
  package var to: String
  /// Empty for somebody of whom only the address is known.
  package var name: String
  package var letter: Letter
  /// An https address to which a mail program posts when its user wants no more of these
  /// (RFC 8058); nil for what is no mailing.
  package var unsubscribe: String?

  package init(to: String, name: String, _ letter: Letter, unsubscribe: String? = nil) {
    self.to = to
    self.name = name
    self.letter = letter
    self.unsubscribe = unsubscribe
  }

  /// For a reader without HTML; lines end with LF.
  package var plainText: String {
    paragraphs.map { $0.map(\.plain).joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  /// A whole document, that fetches nothing: no picture, no style sheet, no trace of its opening.
  package var html: String {
    let body = paragraphs.map { "<p>\($0.map(\.html).joined(separator: "<br>"))</p>" }
    return """
      <!DOCTYPE html>
      <html lang="\(letter.language.rawValue)">
      <head><meta charset="utf-8"><title>\(Self.escape(letter.subject))</title></head>
      <body>
      \(body.joined(separator: "\n"))
      </body>
      </html>

      """
  }

  private struct Line {
    let plain: String
    let html: String

    init(_ text: String) {
      plain = Mail.singleLine(text)
      html = Mail.escape(plain)
    }

    init(link: String) {
      plain = Mail.singleLine(link)
      let escaped = Mail.escape(plain)
      html = "<a href=\"\(escaped)\">\(escaped)</a>"
    }
  }

  /// Salutation first; of lines.
  private var paragraphs: [[Line]] {
    let salutation =
      switch letter.language {
      case .dutch: "Beste \(name.isEmpty ? "lezer" : name),"
      case .english: "Dear \(name.isEmpty ? "reader" : name),"
      }
    var paragraphs = [[Line(salutation)]]
    var follows = false
    for part in letter.parts {
      switch part {
      case .text(let text): paragraphs.append([Line(text)])
      case .link(let link): paragraphs.append([Line(link: link)])
      case .fact(let name, let value):
        let line = Line("\(name): \(value)")
        if follows {
          paragraphs[paragraphs.count - 1].append(line)
        } else {
          paragraphs.append([line])
        }
      }
      if case .fact = part { follows = true } else { follows = false }
    }
    return paragraphs
  }

  /// A name with a line break in it begins no line of its own.
  private static func singleLine(_ text: String) -> String {
    String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.isBreak ? " " : $0 }))
  }

  private static func escape(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

extension Unicode.Scalar.Properties {
  /// Control characters and what ends a line or a paragraph.
  fileprivate var isBreak: Bool {
    switch generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
