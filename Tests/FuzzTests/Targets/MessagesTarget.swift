import Compression
import SwiftProtobuf

@testable import RPC

/// The body of a request, or of an answer.
///
/// What has to hold: bytes give the same messages or error in whatever pieces they come; none is
/// longer than the limit; what was compressed or encoded comes back as it was.
enum MessagesTarget {
  private static let limit = 300

  static func check(_ input: [UInt8]) throws {
    var input = FuzzInput(input)
    let seed = input.byte()
    let choice = input.byte()
    let bytes = input.all()
    switch choice % 5 {
    case 0, 1: try checkFraming(bytes, seed, isEnveloped: choice % 5 == 0, isGzip: choice & 64 != 0)
    case 2: try checkBase64(bytes, seed)
    case 3: try checkGzip(bytes)
    default: try checkMessage(bytes, codec: choice & 64 != 0 ? .json : .proto)
    }
  }

  // MARK: Envelopes

  private struct Outcome {
    var messages: [ReceivedMessage] = []
    var error: FramingError?
  }

  private static func checkFraming(
    _ bytes: [UInt8], _ seed: UInt8, isEnveloped: Bool, isGzip: Bool
  ) throws(Violation) {
    let encoding = isGzip ? "gzip" : nil
    let whole = decode([bytes], encoding: encoding, isEnveloped: isEnveloped)
    let cut = decode(Cuts.of(bytes, seed: seed), encoding: encoding, isEnveloped: isEnveloped)
    let (messages, error) = (whole.messages, whole.error)
    try demand(messages == cut.messages, "\(messages) in one piece, \(cut.messages) in several")
    // How much of a body without envelopes has come when it is too large depends on the pieces.
    let isSame = isEnveloped ? error == cut.error : (error == nil) == (cut.error == nil)
    try demand(isSame, "\(error as Any) in one piece, \(cut.error as Any) in several")
    for message in messages {
      try demand(message.bytes.count <= limit, "a message of \(message.bytes.count) bytes")
      try demand(isGzip || !message.isCompressed, "a message is compressed without an encoding")
    }
    guard isEnveloped, error == nil else { return }
    var again: [UInt8] = []
    for message in messages {
      var frame = [UInt8](repeating: 0, count: MessageDecoder.prefixBytes) + message.bytes
      MessageFrame.setPrefix(of: &frame, flag: message.isCompressed ? 1 : 0)
      again += frame
    }
    try demand(again == bytes, "the messages are not what came")
  }

  private static func decode(
    _ pieces: [[UInt8]], encoding: String?, isEnveloped: Bool
  ) -> Outcome {
    var decoder = MessageDecoder(limit: limit, encoding: encoding, isEnveloped: isEnveloped)
    var outcome = Outcome()
    for piece in pieces {
      unsafe piece.withUnsafeBytes { bytes in
        var rest = unsafe bytes
        do throws(FramingError) {
          while let message = try unsafe decoder.next(&rest) { outcome.messages.append(message) }
        } catch {
          outcome.error = error
        }
      }
      if outcome.error != nil { return outcome }
    }
    do throws(FramingError) {
      if let last = try decoder.end() { outcome.messages.append(last) }
    } catch {
      outcome.error = error
    }
    return outcome
  }

  // MARK: Base64

  private static func checkBase64(_ bytes: [UInt8], _ seed: UInt8) throws(Violation) {
    let whole = decodeBase64([bytes])
    let cut = decodeBase64(Cuts.of(bytes, seed: seed))
    try demand(whole == cut, "\(whole as Any) in one piece, \(cut as Any) in several")
    if let whole {
      try demand(whole.count <= bytes.count / 4 * 3, "\(whole.count) bytes of \(bytes.count)")
    }
    let padded = Base64.characters(bytes, isPadded: true)
    try demand(decodeBase64(Cuts.of(padded, seed: seed)) == bytes, "padded base64 is not read back")
    let plain = Base64.encode(bytes)
    try demand(Base64.decode(plain) == bytes, "base64 is not read back")
  }

  /// nil for what is none, and for part of a group at the end.
  private static func decodeBase64(_ pieces: [[UInt8]]) -> [UInt8]? {
    var decoder = Base64Decoder()
    var result: [UInt8] = []
    for piece in pieces {
      guard let part = unsafe piece.withUnsafeBytes({ unsafe decoder.decode($0) }) else {
        return nil
      }
      result += part
    }
    return decoder.isAtBoundary ? result : nil
  }

  // MARK: gzip

  private static func checkGzip(_ bytes: [UInt8]) throws(Violation) {
    let gzip = Gzip()
    if let plain = try? gzip.decompress(bytes, limit: limit) {
      try demand(plain.count <= limit, "\(plain.count) bytes beyond the limit")
    }
    // What one message leaves behind must not show in the next.
    let packed = unsafe bytes.withUnsafeBytes { unsafe gzip.compress($0) }
    try demand(
      (try? gzip.decompress(packed, limit: bytes.count)) == bytes, "gzip is not read back")
    guard !bytes.isEmpty else { return }
    var refusal: GzipError?
    do { _ = try gzip.decompress(packed, limit: bytes.count - 1) } catch { refusal = error }
    try demand(refusal == .tooLarge(limit: bytes.count - 1), "the limit does not hold")
  }

  // MARK: Messages

  /// What is read is written, and read again as the same.
  private static func checkMessage(_ bytes: [UInt8], codec: WireProtocol.Codec) throws(Violation) {
    let name = codec == .json ? "application/json" : "application/proto"
    guard let wire = WireProtocol(contentType: name) else {
      throw Violation(description: "\(name) is unknown")
    }
    guard let message: Google_Protobuf_Struct = try? wire.decode(bytes) else { return }
    // A value of binary protobuf without a kind, or with NaN, has no JSON.
    guard let written = try? wire.encode(message) else { return }
    let again: Google_Protobuf_Struct? = try? wire.decode(written.bytes)
    try demand(again != nil, "what was written is not read")
  }
}
