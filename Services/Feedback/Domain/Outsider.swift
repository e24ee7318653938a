/// Somebody without an account who is asked for feedback by mail.
package struct Outsider: Sendable, Equatable {
  package let name: String
  package let email: String

  /// `index` is the place in the request, for the error.
  package init(name: String, email: String, index: Int) throws(FeedbackError) {
    let rule = TextRule.outsiderName(index)
    self.name = try rule.check(name)
    // A line break in a name would begin another header of the mail.
    guard self.name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
    else { throw .controlCharacter(field: rule.field) }
    self.email = try EmailAddress.check(email, field: "outsiders[\(index)].email")
  }
}

/// An address that mail can be sent to: `local@domain`, printable, RFC 5321 section 4.5.3.1.
enum EmailAddress {
  static let byteLimit = 254
  static let localByteLimit = 64
  static let labelByteLimit = 63

  static func check(_ text: String, field: String) throws(FeedbackError) -> String {
    var trimmed = text[...]
    while trimmed.first?.isWhitespace == true { trimmed.removeFirst() }
    while trimmed.last?.isWhitespace == true { trimmed.removeLast() }
    let parts = trimmed.split(separator: "@", omittingEmptySubsequences: false)
    guard trimmed.utf8.count <= byteLimit, parts.count == 2, isLocal(parts[0]),
      isDomain(parts[1])
    else { throw .emailAddress(field: field) }
    return String(trimmed)
  }

  /// What two addresses of one mailbox have in common.
  static func normalised(_ email: String) -> String { email.lowercased() }

  /// A dot-atom (RFC 5322 section 3.2.3, with RFC 6532's letters beyond ASCII).
  private static func isLocal(_ local: Substring) -> Bool {
    let atoms = local.split(separator: ".", omittingEmptySubsequences: false)
    return local.utf8.count <= localByteLimit
      && atoms.allSatisfy { !$0.isEmpty && $0.unicodeScalars.allSatisfy(isAtomText) }
  }

  private static func isAtomText(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        || "!#$%&'*+-/=?^_`{|}~".unicodeScalars.contains(scalar)
    }
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
      || scalar.properties.generalCategory == .nonspacingMark
  }

  /// At least two labels of letters, digits and inner hyphens.
  private static func isDomain(_ domain: Substring) -> Bool {
    let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
    return labels.count >= 2
      && labels.allSatisfy { label in
        !label.isEmpty && label.utf8.count <= labelByteLimit
          && label.first != "-" && label.last != "-"
          && label.unicodeScalars.allSatisfy { isAtomText($0) && isLabelText($0) }
      }
  }

  private static func isLabelText(_ scalar: Unicode.Scalar) -> Bool {
    !scalar.isASCII || scalar == "-" || scalar.properties.isAlphabetic
      || ("0"..."9").contains(scalar)
  }
}
