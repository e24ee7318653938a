import SwiftProtobuf

/// Errors and ends of streams as Connect writes them: JSON, and an HTTP status for each code.
enum ConnectError {
  /// `{"code":"not_found","message":"…","details":[…]}`
  static func json(_ error: RPCError) -> String {
    var text = "{\"code\":\(quoted(name(error.code)))"
    if !error.message.isEmpty { text += ",\"message\":\(quoted(error.message))" }
    if !error.details.isEmpty {
      text += ",\"details\":[\(error.details.map(json).joined(separator: ","))]"
    }
    return text + "}"
  }

  /// The body of the last frame: the error, if any, and trailing metadata.
  static func endOfStream(_ error: RPCError?, _ trailing: Metadata) -> String {
    var metadata = error?.metadata ?? Metadata()
    metadata.append(trailing)
    var parts: [String] = []
    if let error { parts.append("\"error\":\(json(error))") }
    if !metadata.isEmpty { parts.append("\"metadata\":\(json(metadata))") }
    return "{\(parts.joined(separator: ","))}"
  }

  private static func json(_ detail: Google_Protobuf_Any) -> String {
    let type = detail.typeURL.split(separator: "/").last.map(String.init) ?? ""
    return "{\"type\":\(quoted(type)),\"value\":\"\(Base64.encode(detail.value))\"}"
  }

  /// An object of arrays, as a name may stand more than once.
  private static func json(_ metadata: Metadata) -> String {
    var names: [String] = []
    for entry in metadata.entries where !names.contains(entry.name) { names.append(entry.name) }
    let members = names.map { name in
      "\(quoted(name)):[\(metadata.all(name).map(quoted).joined(separator: ","))]"
    }
    return "{\(members.joined(separator: ","))}"
  }

  /// A JSON string (RFC 8259, section 7).
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// The code's name in Connect: `not_found`.
  static func name(_ code: StatusCode) -> String {
    // The one that the two protocols spell differently.
    code == .cancelled ? "canceled" : code.name.lowercased()
  }

  /// Connect, "Error Codes".
  static func httpStatus(_ code: StatusCode) -> String {
    switch code {
    case .ok: "200"
    case .cancelled: "499"
    case .invalidArgument, .failedPrecondition, .outOfRange: "400"
    case .unauthenticated: "401"
    case .permissionDenied: "403"
    case .notFound: "404"
    case .alreadyExists, .aborted: "409"
    case .resourceExhausted: "429"
    case .unknown, .internalError, .dataLoss: "500"
    case .unimplemented: "501"
    case .unavailable: "503"
    case .deadlineExceeded: "504"
    }
  }
}
