/// Why a metadata entry was refused.
package enum MetadataError: Error, Equatable {
  /// The name is empty or holds more than lower-case letters, digits, `-`, `_` and `.`.
  case invalidName(String)
  /// The name begins with `grpc-`, or is one that the protocol sets itself.
  case reservedName(String)
  /// The value of an ASCII entry holds something other than printable ASCII.
  case invalidValue(name: String)
  /// Only names that end in `-bin` carry bytes, and they carry nothing else.
  case wrongKind(name: String)
}

/// Key-value pairs that go before or after a call's messages, in order, with repeated names.
///
/// Names are lower-case ASCII. A name that ends in `-bin` carries bytes, any other printable ASCII.
package struct Metadata: Sendable, Hashable {
  /// One pair in its form on the wire: the value of a `-bin` name is base64.
  package struct Entry: Sendable, Hashable {
    package let name: String
    package let value: String
  }

  package private(set) var entries: [Entry]

  package init() { entries = [] }

  /// Takes pairs from the wire, whose names the protocol layer has checked already.
  init(received entries: [Entry]) { self.entries = entries }

  package var isEmpty: Bool { entries.isEmpty }

  /// The first value under an ASCII `name`.
  package subscript(first name: String) -> String? {
    for entry in entries where entry.name == name { return entry.value }
    return nil
  }

  /// All values under an ASCII `name`, in order.
  package func all(_ name: String) -> [String] {
    entries.filter { $0.name == name }.map(\.value)
  }

  /// The first value under a `-bin` name; `nil` when it is absent or is no base64.
  package func bytes(first name: String) -> [UInt8]? { allBytes(name).first }

  /// All values under a `-bin` name, in order.
  ///
  /// Intermediaries may join repeated values with commas (PROTOCOL-HTTP2, Custom-Metadata).
  package func allBytes(_ name: String) -> [[UInt8]] {
    all(name).flatMap { value in
      value.split(separator: ",", omittingEmptySubsequences: false).compactMap { part in
        Base64.decode(part.drop { $0 == " " })
      }
    }
  }

  package mutating func add(_ name: String, _ value: String) throws(MetadataError) {
    try Metadata.check(name)
    guard !name.hasSuffix("-bin") else { throw .wrongKind(name: name) }
    guard value.utf8.allSatisfy({ (0x20...0x7e).contains($0) }) else {
      throw .invalidValue(name: name)
    }
    entries.append(Entry(name: name, value: value))
  }

  package mutating func add(_ name: String, bytes: [UInt8]) throws(MetadataError) {
    try Metadata.check(name)
    guard name.hasSuffix("-bin") else { throw .wrongKind(name: name) }
    entries.append(Entry(name: name, value: Base64.encode(bytes)))
  }

  package mutating func append(_ other: Metadata) { entries += other.entries }

  package mutating func remove(_ name: String) { entries.removeAll { $0.name == name } }

  /// Adds a pair that this module knows to be right.
  mutating func add(unchecked name: String, _ value: String) {
    entries.append(Entry(name: name, value: value))
  }

  private static func check(_ name: String) throws(MetadataError) {
    let valid = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    guard valid, !name.isEmpty else { throw .invalidName(name) }
    guard !name.hasPrefix("grpc-"), !reserved.contains(name) else { throw .reservedName(name) }
  }

  private static let reserved: Set<String> = [
    "te", "content-type", "content-length", "host", "connection", "transfer-encoding",
    "keep-alive", "proxy-connection", "upgrade",
  ]
}

extension Metadata: ExpressibleByDictionaryLiteral {
  /// A literal is our own text: a name or value that `add` would refuse is a programming error.
  package init(dictionaryLiteral elements: (String, String)...) {
    self.init()
    for (name, value) in elements {
      do { try add(name, value) } catch { preconditionFailure("metadata literal: \(error)") }
    }
  }
}
