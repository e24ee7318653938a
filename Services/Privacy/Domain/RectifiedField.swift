/// A field whose rectification identity carries out; any other is done by the officer, who says
/// what was done.
enum RectifiedField: Sendable, CaseIterable {
  case name
  case email

  /// As a request names it, in Dutch or English; nil for any other.
  init?(_ text: String) {
    let name = text.trimmingWhitespace().lowercased()
    guard let field = Self.allCases.first(where: { $0.names.contains(name) }) else { return nil }
    self = field
  }

  private var names: [String] {
    switch self {
    case .name: ["name", "naam"]
    case .email:
      ["email", "e-mail", "email address", "e-mail address", "e-mailadres", "emailadres"]
    }
  }
}
