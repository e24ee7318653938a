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
  /// Of the purposes that can be stopped, as they stand for the person; those that are left out as
  /// for somebody who has done nothing about them.
  var standings: [PurposeStanding] = []
  var registers = RegistersInForce()
  /// When it is shown.
  var shownAt = Date()
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
    """
      # \(filled(wording.title))

      \(filled(wording.controller))

      - **\(wording.version)** \(version), \(publishedAt.formatted(.iso8601.year().month().day()))
      - **SHA-256** `\(sha256)`
      - **\(wording.questions)** \(Self.escaped(contact))

      \(wording.usedFor)

      \(purposeTexts.map { "- \($0)" }.joined(separator: "\n"))

      ## \(wording.whichData)

      \(activities)

      ## \(wording.receivers.title)

      \(receivers)

      ## \(wording.rightsTitle)

      \(filled(wording.rights))

      - **\(wording.officer)** \(Self.escaped(contacts.officer))
      - **\(wording.authority)** \(Self.escaped(contacts.authority)), \
      \(Self.escaped(contacts.authorityLink))

      ---

      \(body)
      """
  }

  /// What the data are used for, as the person is told it: what is stopped is not among it.
  var purposeTexts: [String] {
    Purpose.concerning(kind).filter { stops($0).isEmpty }.map { wording.said($0.description) }
  }

  var wording: StatementWording { language.wording }

  private func stops(_ purpose: Purpose) -> [PurposeStop] {
    guard purpose.canBeStopped else { return [] }
    return (standings.first { $0.purpose == purpose } ?? .standard(purpose)).stops
  }

  /// The activities of the catalogue that are for these purposes, so that what people are told is
  /// what is recorded, and why some of them are stopped; each category of data says whether it has
  /// to be given, and why (clause 15).
  private var activities: String {
    Activity.concerning(kind).map { activity in
      let readers = activity.recipients.map(wording.said).joined(separator: ", ")
      let head = Self.filled(
        wording.activity,
        [
          "what": wording.said(activity.description), "state": state(activity),
          "ground": wording.said(activity.ground.rawValue),
          "readers": readers.isEmpty ? wording.nobodyElse : readers,
          "term": wording.said(activity.term),
        ])
      return (["- \(head)"] + activity.data.map { "  - \(described($0))" })
        .joined(separator: "\n")
    }.joined(separator: "\n")
  }

  /// Empty of what is in use.
  private func state(_ activity: Activity) -> String {
    let why = (activity.purpose.map(stops) ?? []).compactMap { wording.why[$0] }
    guard !why.isEmpty else { return "" }
    return Self.filled(wording.notInUse, ["why": why.joined(separator: "; ")])
  }

  private func described(_ category: DataCategory) -> String {
    let kind = category.isCompulsory ? wording.compulsory : wording.optional
    return "\(wording.said(category.name)) (\(kind): \(wording.said(category.why)))"
  }

  /// With the names of the statement, and `values`, each escaped: a name is never markup.
  func filled(_ text: String, _ values: [String: String] = [:]) -> String {
    var values = values
    values["person"] = personName
    values["organisation"] = organisationName
    values["contact"] = contact
    return Self.filled(text, values.mapValues(Self.escaped))
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

  static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if character.isNewline { escaped += " "; continue }
      if "\\`*_{}[]<>#|~&!".contains(character) { escaped += "\\" }
      escaped.append(character)
    }
    return escaped
  }
}
