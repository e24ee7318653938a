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
  var purposes: [Purpose]
  var body: String

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

    ---

    \(body)
    """
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
