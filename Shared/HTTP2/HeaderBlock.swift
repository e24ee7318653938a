/// One field of a header block: a lower-case name and a value.
///
/// A value stands for bytes, one for each scalar up to U+00FF (ISO 8859-1), so that what was
/// received can be sent on unchanged.
package struct HeaderField: Sendable, Equatable {
  package var name: String
  package var value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// A list of fields in their order, pseudo-header fields (`:path`) first.
package struct HeaderBlock: Sendable, Equatable {
  package var fields: [HeaderField]

  package init(_ fields: [HeaderField] = []) { self.fields = fields }

  /// The first value of that name (lower case).
  package subscript(first name: String) -> String? {
    for field in fields where field.name == name { return field.value }
    return nil
  }

  /// All values of that name (lower case), in order.
  package func all(_ name: String) -> [String] {
    fields.compactMap { $0.name == name ? $0.value : nil }
  }

  package mutating func append(_ name: String, _ value: String) {
    fields.append(HeaderField(name: name, value: value))
  }

  package mutating func removeAll(_ name: String) {
    fields.removeAll { $0.name == name }
  }
}

extension HeaderBlock: ExpressibleByArrayLiteral {
  package init(arrayLiteral elements: HeaderField...) { fields = elements }
}

/// `[":status": "200", "content-type": "text/plain"]`: keeps the order and repeated names.
extension HeaderBlock: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { HeaderField(name: $0.0, value: $0.1) }
  }
}

extension HeaderBlock: RandomAccessCollection {
  package var startIndex: Int { fields.startIndex }
  package var endIndex: Int { fields.endIndex }
  package subscript(position: Int) -> HeaderField { fields[position] }
}
