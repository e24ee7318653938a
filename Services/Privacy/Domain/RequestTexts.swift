/// What is said to a request, by its name in the schema.
enum RequestTextKind: String, Sendable, CaseIterable {
  case field
  case newValue = "new_value"
  case explanation
  /// The organisation that a portability request names.
  case recipient
  case refusal, `extension`, outcome

  static let limit = 2_000
}

/// What a request says beyond its kind, checked against it.
struct RequestDetail: Sendable, Equatable {
  static let recipientLimit = 200
  /// Rectifications of one person that are open at a time.
  static let openLimit = 20

  var purpose = ""
  var texts: [RequestTextKind: String] = [:]

  init(
    for kind: RequestKind, purpose: String, field: String, newValue: String, explanation: String,
    recipient: String
  ) throws(RequestError) {
    if kind.namesPurpose {
      guard Purpose(rawValue: purpose)?.canBeStopped == true else { throw .purposeUnknown }
      self.purpose = purpose
    } else if !purpose.isEmpty {
      throw .textForeign(field: "purpose", kind)
    }
    if kind == .rectification {
      guard !field.isEmpty else { throw .textMissing(field: "field") }
      guard !newValue.isEmpty else { throw .textMissing(field: "new_value") }
    } else if !field.isEmpty || !newValue.isEmpty {
      throw .textForeign(field: field.isEmpty ? "new_value" : "field", kind)
    }
    guard kind == .portability || recipient.isEmpty else {
      throw .textForeign(field: "recipient", kind)
    }
    guard recipient.utf8.count <= Self.recipientLimit else {
      throw .textTooLong(field: "recipient", limit: Self.recipientLimit)
    }
    try add(.recipient, recipient, named: "recipient")
    try add(.field, field, named: "field")
    try add(.newValue, newValue, named: "new_value")
    try add(.explanation, explanation, named: "explanation")
  }

  private mutating func add(
    _ kind: RequestTextKind, _ text: String, named name: String
  ) throws(RequestError) {
    if !text.isEmpty { texts[kind] = try Self.checked(text, named: name) }
  }

  /// A text within its bound, without a citizen number (clauses 37 and 45).
  static func checked(_ text: String, named name: String) throws(RequestError) -> String {
    guard text.utf8.count <= RequestTextKind.limit, !text.unicodeScalars.contains("\0") else {
      throw .textTooLong(field: name, limit: RequestTextKind.limit)
    }
    guard !CitizenNumber.isFound(in: text) else { throw .citizenNumber(field: name) }
    return text
  }
}
