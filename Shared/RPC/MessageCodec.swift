import Compression
import SwiftProtobuf

/// A message as it goes out: behind its prefix where the protocol has one.
struct EncodedMessage: Sendable {
  var bytes: [UInt8]
  var isCompressed = false
}

extension WireProtocol {
  /// Serialises `message` for an answer.
  /// - Parameter gzip: compresses it, unless it is empty.
  func encode(_ message: some Message, gzip: Gzip? = nil) throws(RPCError) -> EncodedMessage {
    if gzip == nil, codec == .proto, family == .grpc {
      return EncodedMessage(bytes: try RPC.encode(message))
    }
    do {
      let plain: [UInt8]
      switch codec {
      case .proto: plain = try message.serializedBytes()
      case .json: plain = try message.jsonUTF8Bytes()
      }
      return wrap(plain, gzip: plain.isEmpty ? nil : gzip)
    } catch {
      throw .internalError("a message could not be serialised", cause: error)
    }
  }

  private func wrap(_ plain: [UInt8], gzip: Gzip?) -> EncodedMessage {
    let prefix = isEnveloped ? MessageDecoder.prefixBytes : 0
    var bytes: [UInt8]
    if let gzip {
      bytes = unsafe plain.withUnsafeBytes { unsafe gzip.compress($0, prefix: prefix) }
    } else if prefix > 0 {
      bytes = [UInt8](repeating: 0, count: prefix)
      bytes.append(contentsOf: plain)
    } else {
      return EncodedMessage(bytes: plain)
    }
    if isEnveloped {
      MessageFrame.setPrefix(of: &bytes, flag: gzip == nil ? 0 : MessageFrame.compressedFlag)
    }
    if family == .grpcWebText { bytes = Base64.characters(bytes, isPadded: true) }
    return EncodedMessage(bytes: bytes, isCompressed: gzip != nil)
  }

  /// Reads a request's message; what cannot be read is the caller's mistake, told in its protocol's
  /// code for it.
  func decode<Element: Message>(_ bytes: [UInt8]) throws(RPCError) -> Element {
    do {
      switch codec {
      case .proto: return try Element(serializedBytes: bytes)
      case .json: return try Element(jsonUTF8Bytes: bytes)
      }
    } catch {
      var text = "the message is no \(Element.protoMessageName)"
      if codec == .json { text += " in JSON\(WireProtocol.reason(error))" }
      // statuscodes.md says INTERNAL of both sides; Connect leaves it open.
      throw RPCError(isConnect ? .invalidArgument : .internalError, text, cause: error)
    }
  }

  /// What is wrong with JSON, as far as it can be told without repeating a value.
  private static func reason(_ error: any Error) -> String {
    guard let error = error as? JSONDecodingError else { return "" }
    switch error {
    case .unknownField(let name): return ": it has no field \"\(name.prefix(60))\""
    case .truncated, .trailingGarbage, .failure: return ": the JSON itself is malformed"
    case .malformedNumber, .leadingZero: return ": a number is malformed"
    case .numberRange: return ": a number is out of range"
    case .malformedString, .invalidUTF8: return ": a string is malformed"
    case .malformedBool: return ": true or false is expected"
    case .malformedTimestamp: return ": a time is not as in \"2026-01-31T12:00:00Z\""
    case .malformedDuration: return ": a duration is not as in \"1.5s\""
    case .unrecognizedEnumValue: return ": an enum has no such value"
    case .illegalNull: return ": null stands where it may not"
    case .schemaMismatch: return ": a value is of another type than its field"
    case .conflictingOneOf: return ": fields of which only one may be set are set together"
    case .messageDepthLimit: return ": it is nested too deeply"
    default: return ""
    }
  }
}

/// Serialises `message` behind the prefix that it needs on a gRPC stream.
func encode(_ message: some Message) throws(RPCError) -> [UInt8] {
  do {
    let frame: MessageFrame = try message.serializedBytes()
    return frame.bytes
  } catch {
    throw .internalError("a message could not be serialised", cause: error)
  }
}

/// INTERNAL for bytes that are no message of the type, as statuscodes.md says of both sides.
func decode<Element: Message>(_ bytes: [UInt8]) throws(RPCError) -> Element {
  try WireProtocol.grpc.decode(bytes)
}
