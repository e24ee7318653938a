/// An address that mail is sent to: a dot-atom before the `@` (RFC 5322 section 3.4.1), a host
/// name of at least two labels after it. Neither quoted local parts nor addresses of RFC 6531
/// are taken; an internationalised domain is written in its `xn--` form.
struct EmailAddress: Equatable, Sendable {
  /// RFC 5321 section 4.5.3.1: octets before the `@`, and of the whole.
  static let localLimit = 64
  static let limit = 254

  /// As it was written, for the header of a mail.
  let text: String
  /// In lower case: two addresses that differ in case only are the same person's.
  let normalised: String

  init(_ source: String) throws(FieldProblem) {
    let trimmed = source.utf8.trimmingSpaces()
    guard !trimmed.isEmpty else { throw .empty }
    guard trimmed.count <= Self.limit else { throw .tooLong(limit: Self.limit) }
    let parts = trimmed.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
    guard parts.count == 2, Self.isLocalPart(parts[0]), Self.isDomain(parts[1]) else {
      throw .notAnEmailAddress
    }
    text = String(decoding: trimmed, as: UTF8.self)
    normalised = text.lowercased()
  }

  /// What stands before the `@`, in lower case.
  var localPart: String { String(normalised.prefix { $0 != "@" }) }
  /// What stands behind it, in lower case.
  var domain: String { String(normalised.drop { $0 != "@" }.dropFirst()) }

  private static func isLocalPart(_ part: some Collection<UInt8>) -> Bool {
    part.count <= localLimit
      && part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        .allSatisfy { !$0.isEmpty && $0.allSatisfy(isAtomText) }
  }

  fileprivate static func isDomain(_ part: some Collection<UInt8>) -> Bool {
    let labels = part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard labels.count >= 2, let last = labels.last else { return false }
    return labels.allSatisfy { label in
      (1...63).contains(label.count) && label.allSatisfy { isAlphanumeric($0) || $0 == hyphen }
        && label.first != hyphen && label.reversed().first != hyphen
    } && last.contains { !digits.contains($0) }
  }

  private static let hyphen = UInt8(ascii: "-")
  private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
  private static let atomPunctuation = Set("!#$%&'*+-/=?^_`{|}~".utf8)

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    digits.contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isAtomText(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || atomPunctuation.contains(byte)
  }
}

/// The domain of addresses, in lower case; its subdomains are others.
struct EmailDomain: Equatable, Sendable {
  let text: String

  init(_ source: String) throws(FieldProblem) {
    let trimmed = source.utf8.trimmingSpaces()
    guard !trimmed.isEmpty else { throw .empty }
    guard trimmed.count < EmailAddress.limit, EmailAddress.isDomain(trimmed) else {
      throw .notADomain
    }
    text = String(decoding: trimmed, as: UTF8.self).lowercased()
  }
}

extension String.UTF8View {
  fileprivate func trimmingSpaces() -> [UInt8] {
    let space = UInt8(ascii: " ")
    return Array(drop { $0 == space }.reversed().drop { $0 == space }.reversed())
  }
}
