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
    # Privacy statement for \(Self.escaped(personName))

    \(Self.escaped(organisationName)) decides what your data are used for; IKSO runs the software \
    on its behalf.

    - **Version** \(version), \(publishedAt.formatted(.iso8601.year().month().day()))
    - **SHA-256** `\(sha256)`
    - **Questions and requests** \(Self.escaped(contact))

    Your data are used for:

    \(purposes.map { "- \($0.description)" }.joined(separator: "\n"))

    ## Which data, and for how long

    \(activities)

    ## Your rights

    You may see your data, have them corrected or erased, take them with you, have their use \
    restricted, object to it, and withdraw a consent at any time. Ask \(Self.escaped(contact)): \
    you have an answer within four weeks.

    - **Data protection officer** \(Self.escaped(contacts.officer))
    - **Supervisory authority, for complaints** \(Self.escaped(contacts.authority)), \
    \(Self.escaped(contacts.authorityLink))

    ---

    \(body)
    """
  }

  /// The activities of the catalogue that are for these purposes, so that what people are told is
  /// what is recorded; each category of data says whether it has to be given, and why (clause 15).
  private var activities: String {
    Activity.concerning(kind).map { activity in
      let others = activity.recipients.joined(separator: ", ")
      let readers = others.isEmpty ? "nobody else" : others
      let head = """
        - **\(activity.description)**: \(activity.ground.rawValue). Read by \(readers). \
        Kept \(activity.retention).
        """
      return ([head] + activity.data.map { "  - \($0.description)" }).joined(separator: "\n")
    }.joined(separator: "\n")
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
