/// A cookie as the register has it (clause 19).
struct Cookie: Sendable, Equatable {
  var name: String
  var party: String
  var purpose: String
  /// The service cannot be used without it (ePrivacy Directive 2002/58/EC, Art. 5(3)).
  var isNecessary: Bool
  /// 0: until the browser is closed.
  var lifetimeDays: Int

  static let name = EntryField("name", 1...100)
  static let party = EntryField("party", 1...200)
  static let purpose = EntryField("purpose", 1...1_000)
  /// As browsers cap it (draft-ietf-httpbis-rfc6265bis, 5.5).
  static let lifetime = 0...400

  init(
    name: String, party: String, purpose: String, isNecessary: Bool, lifetimeDays: Int
  ) {
    (self.name, self.party, self.purpose) = (name, party, purpose)
    (self.isNecessary, self.lifetimeDays) = (isNecessary, lifetimeDays)
  }

  init(
    checking name: String, party: String, purpose: String, isNecessary: Bool, lifetimeDays: UInt32
  ) throws(EntryError) {
    let name = try Self.name.check(name)
    // RFC 6265, 4.1.1: a token of RFC 2616.
    let marks = "!#$%&'*+-.^_`|~".utf8
    let isToken = name.utf8.allSatisfy { byte in
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || marks.contains(byte)
    }
    guard isToken else { throw .notAName(field: "name") }
    guard Self.lifetime.contains(Int(lifetimeDays)) else {
      throw .outOfRange(field: "lifetime_days", Self.lifetime)
    }
    self.init(
      name: name, party: try Self.party.check(party), purpose: try Self.purpose.check(purpose),
      isNecessary: isNecessary, lifetimeDays: Int(lifetimeDays))
  }

  /// None but the necessary ones without consent.
  func isAllowed(consented: Bool) -> Bool { isNecessary || consented }
}

/// The cookie register as a page: HTML, without scripts, styles of others, or cookies.
struct CookiePage {
  let cookies: [Cookie]

  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head><meta charset="utf-8"><title>Cookies</title></head>
    <body>
    <h1>Cookies</h1>
    \(section("Necessary", "Set without consent: without them the service does not work.", true))
    \(section("Optional", "Set only after you have consented, until you withdraw it.", false))
    </body>
    </html>

    """
  }

  private func section(_ title: String, _ text: String, _ isNecessary: Bool) -> String {
    let rows = cookies.filter { $0.isNecessary == isNecessary }
    guard !rows.isEmpty else { return "<h2>\(title)</h2>\n<p>None.</p>" }
    return """
      <h2>\(title)</h2>
      <p>\(text)</p>
      <table>
      <tr><th>Name</th><th>Set by</th><th>Purpose</th><th>Kept</th></tr>
      \(rows.map(row).joined(separator: "\n"))
      </table>
      """
  }

  private func row(_ cookie: Cookie) -> String {
    let kept =
      switch cookie.lifetimeDays {
      case 0: "until the browser is closed"
      case 1: "1 day"
      default: "\(cookie.lifetimeDays) days"
      }
    let cells = [cookie.name, cookie.party, cookie.purpose, kept]
    return "<tr>" + cells.map { "<td>\(Self.escaped($0))</td>" }.joined() + "</tr>"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
  }
}
