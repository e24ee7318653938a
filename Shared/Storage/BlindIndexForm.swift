import Foundation

/// The one form of an address by which it is found, whoever typed it where.
///
/// - White space at both ends goes.
/// - Unicode form NFKC: full-width letters, ligatures and combined accents become what they look
///   like.
/// - Lower case, on both sides of the `@`. RFC 5321 lets a host tell `Jan` from `jan` before it;
///   no host that people know of does, and people don't.
/// - A domain with letters beyond ASCII becomes its `xn--` form (UTS 46), as mail servers see it.
///
/// Nothing that one provider does alone: dots and `+tags` before the `@` stay, as elsewhere they
/// are another person's address.
struct BlindIndexForm: Sendable, Equatable {
  let text: String

  init(_ value: String) {
    let plain = Self.folded(value.trimmingCharacters(in: .whitespacesAndNewlines))
    guard let at = plain.lastIndex(of: "@") else {
      text = plain
      return
    }
    let domain = plain[plain.index(after: at)...]
    text = plain[...at] + (Self.ascii(domain) ?? String(domain))
  }

  /// Lowering can undo the form, so it is made again.
  private static func folded(_ text: String) -> String {
    text.precomposedStringWithCompatibilityMapping.lowercased()
      .precomposedStringWithCompatibilityMapping
  }

  /// Nil for what is no domain.
  private static func ascii(_ domain: Substring) -> String? {
    guard !domain.utf8.allSatisfy({ $0 < 0x80 }) else { return String(domain) }
    guard !domain.contains(where: notOfHosts.contains) else { return nil }
    // `host` would give the letters back.
    return URLComponents(string: "https://\(domain)/")?.encodedHost
  }

  /// With one of these in it only a part of the domain would be taken for the host.
  private static let notOfHosts: Set<Character> = ["/", "?", "#", "@", ":", "[", "]", "%", "\\"]
}
