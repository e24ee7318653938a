import FoundationEssentials

extension UUID {
  /// The text form in lower case (RFC 9562 section 4).
  var canonical: String { uuidString.lowercased() }
}
