/// The value of `grpc-timeout`: at most eight digits and a unit (PROTOCOL-HTTP2, Timeout); and of
/// `connect-timeout-ms`: at most ten digits (Connect, Timeout-Milliseconds).
enum Timeout {
  static func parse(milliseconds text: String) -> Duration? {
    guard (1...10).contains(text.utf8.count),
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Int64(text).map { .milliseconds($0) }
  }

  /// Rounded up so that the peer never gives up before we do.
  static func format(milliseconds duration: Duration) -> String {
    let (seconds, attoseconds) = max(duration, .zero).components
    let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    return String(min(seconds, 9_999_998) * 1000 + rest)
  }

  static func parse(_ text: String) -> Duration? {
    let bytes = text.utf8
    guard (2...9).contains(bytes.count), let unit = bytes.last else { return nil }
    var value: Int64 = 0
    for byte in bytes.dropLast() {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      value = value * 10 + Int64(byte - UInt8(ascii: "0"))
    }
    return switch unit {
    case UInt8(ascii: "H"): .seconds(value * 3600)
    case UInt8(ascii: "M"): .seconds(value * 60)
    case UInt8(ascii: "S"): .seconds(value)
    case UInt8(ascii: "m"): .milliseconds(value)
    case UInt8(ascii: "u"): .microseconds(value)
    case UInt8(ascii: "n"): .nanoseconds(value)
    default: nil
    }
  }

  /// The finest unit that holds `duration` in eight digits, rounded up so that the peer never
  /// gives up before we do.
  static func format(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else { return "0n" }
    let limit: Int64 = 100_000_000
    // Above 3,000 years hours do not fit either; the greatest value stands for "none".
    guard seconds < limit * 3600 else { return "99999999H" }
    let nanoseconds = (attoseconds + 999_999_999) / 1_000_000_000
    if seconds == 0, nanoseconds < limit { return "\(nanoseconds)n" }
    if seconds < 100 {
      let microseconds = seconds * 1_000_000 + (nanoseconds + 999) / 1000
      if microseconds < limit { return "\(microseconds)u" }
    }
    if seconds < 100_000 {
      let milliseconds = seconds * 1000 + (nanoseconds + 999_999) / 1_000_000
      if milliseconds < limit { return "\(milliseconds)m" }
    }
    let whole = seconds + (nanoseconds > 0 ? 1 : 0)
    if whole < limit { return "\(whole)S" }
    let minutes = (whole + 59) / 60
    if minutes < limit { return "\(minutes)M" }
    return "\(min((whole + 3599) / 3600, limit - 1))H"
  }
}
