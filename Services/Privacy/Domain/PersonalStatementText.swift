import Foundation

/// A statement as one person is shown it.
struct PersonalStatementText: Sendable {
  var personName: String
  var organisationName: String
  var version: UInt32
  /// SHA-256 of the organisation's text, in hexadecimal.
  var sha256: String
  var publishedAt: Date
  var contact: String
  var kind: SubjectKind
  var purposes: [Purpose] { Purpose.concerning(kind) }
  var contacts: Contacts
  /// Of `body`, and of all that stands around it.
  var language = StatementLanguage.english
  var body: String

  /// Whom people can turn to beside their organisation (clauses 44 and 47).
  struct Contacts: Sendable {
    /// The data protection officer.
    var officer: String
    /// Name of the supervisory authority, and where to complain.
    var authority: String
    var authorityLink: String
  }

  /// The whole in Markdown (CommonMark). Names are escaped: a name is never markup.
  var markdown: String {
    let names = [
      "person": personName, "organisation": organisationName, "contact": contact,
    ].mapValues(Self.escaped)
    func filled(_ text: String) -> String { Self.filled(text, names) }
    return """
      # \(filled(wording.title))

      \(filled(wording.controller))

      - **\(wording.version)** \(version), \(publishedAt.formatted(.iso8601.year().month().day()))
      - **SHA-256** `\(sha256)`
      - **\(wording.questions)** \(Self.escaped(contact))

      \(wording.usedFor)

      \(purposeTexts.map { "- \($0)" }.joined(separator: "\n"))

      ## \(wording.whichData)

      \(activities)

      ## \(wording.rightsTitle)

      \(filled(wording.rights))

      - **\(wording.officer)** \(Self.escaped(contacts.officer))
      - **\(wording.authority)** \(Self.escaped(contacts.authority)), \
      \(Self.escaped(contacts.authorityLink))

      ---

      \(body)
      """
  }

  /// What the data are used for, as the person is told it.
  var purposeTexts: [String] { purposes.map { wording.said($0.description) } }

  private var wording: StatementWording { language.wording }

  /// The activities of the catalogue that are for these purposes, so that what people are told is
  /// what is recorded; each category of data says whether it has to be given, and why (clause 15).
  private var activities: String {
    Activity.concerning(kind).map { activity in
      let readers = activity.recipients.map(wording.said).joined(separator: ", ")
      let head = Self.filled(
        wording.activity,
        [
          "what": wording.said(activity.description),
          "ground": wording.said(activity.ground.rawValue),
          "readers": readers.isEmpty ? wording.nobodyElse : readers,
          "term": wording.said(activity.retention),
        ])
      return (["- \(head)"] + activity.data.map { "  - \(described($0))" })
        .joined(separator: "\n")
    }.joined(separator: "\n")
  }

  private func described(_ category: DataCategory) -> String {
    let kind = category.isCompulsory ? wording.compulsory : wording.optional
    return "\(wording.said(category.name)) (\(kind): \(wording.said(category.why)))"
  }

  /// Each `{name}` of a sentence once: what was put in is not looked at again.
  private static func filled(_ text: String, _ values: [String: String]) -> String {
    var filled = ""
    var rest = text[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      filled += rest[..<open]
      filled += values[String(rest[rest.index(after: open)..<close])] ?? ""
      rest = rest[rest.index(after: close)...]
    }
    return filled + rest
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if character.isNewline { escaped += " "; continue }
      if "\\`*_{}[]<>#|~&!".contains(character) { escaped += "\\" }
      escaped.append(character)
    }
    return escaped
  }
}
