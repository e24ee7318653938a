package import RPC

/// The place of a call in a distributed trace (W3C Trace Context, level 1).
package struct TraceContext: Sendable, Hashable {
  /// 32 hexadecimal digits, not all zero.
  package let traceID: String
  /// 16 hexadecimal digits, not all zero: the caller's span.
  package let spanID: String
  package let isSampled: Bool

  /// The only task-local of this system: it reaches log lines and nothing else.
  @TaskLocal package static var current: TraceContext?

  /// The context in a `traceparent`; nil when it isn't well formed (section 3.2.2).
  package init?(traceparent text: String) {
    let bytes = Array(text.utf8)
    guard (55...512).contains(bytes.count), let version = Self.hex(bytes[0..<2]),
      version != "ff", bytes[2] == UInt8(ascii: "-"),
      let trace = Self.hex(bytes[3..<35]), bytes[35] == UInt8(ascii: "-"),
      let span = Self.hex(bytes[36..<52]), bytes[52] == UInt8(ascii: "-"),
      let flags = Self.hex(bytes[53..<55]), trace.contains(where: { $0 != "0" }),
      span.contains(where: { $0 != "0" })
    else { return nil }
    // A later version may have more, behind another hyphen.
    guard bytes.count == 55 || (version != "00" && bytes[55] == UInt8(ascii: "-")) else {
      return nil
    }
    traceID = trace
    spanID = span
    isSampled = (UInt8(flags, radix: 16) ?? 0) & 1 == 1
  }

  package init?(of call: ServerCall) {
    guard let text = call.metadata[first: "traceparent"] else { return nil }
    self.init(traceparent: text)
  }

  /// A new trace, for a call that comes without one.
  package static func root(isSampled: Bool = false) -> TraceContext {
    TraceContext(
      traceID: randomHex(words: 2), spanID: randomHex(words: 1), isSampled: isSampled)
  }

  /// A span of ours below this one.
  package func child() -> TraceContext {
    TraceContext(
      traceID: traceID, spanID: Self.randomHex(words: 1), isSampled: isSampled)
  }

  /// The header's value, version 00.
  package var traceparent: String {
    "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")"
  }

  private init(traceID: String, spanID: String, isSampled: Bool) {
    self.traceID = traceID
    self.spanID = spanID
    self.isSampled = isSampled
  }

  private static func hex(_ bytes: ArraySlice<UInt8>) -> String? {
    let valid = bytes.allSatisfy { byte in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
    return valid ? String(decoding: bytes, as: UTF8.self) : nil
  }

  private static func randomHex(words: Int) -> String {
    (0..<words).map { _ in
      // Never zero, so that the whole is never all zero.
      let text = String(UInt64.random(in: 1...UInt64.max), radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }.joined()
  }
}
