/// What clients send, numbered as h2spec numbers its cases. Codes: 1 PROTOCOL_ERROR,
/// 3 FLOW_CONTROL_ERROR, 5 STREAM_CLOSED, 6 FRAME_SIZE_ERROR, 7 REFUSED_STREAM,
/// 9 COMPRESSION_ERROR.
extension ConformanceCase {
  static let all = generic + compression + frames + streams + frameKinds + flowControl + messages

  private typealias W = Wire
  private static let test = W.field("x-test", "ok")
  private static let dummy = W.field("x-dummy", String(repeating: "x", count: 4_000))
  /// POST / without the end of the stream.
  private static let open = W.headers(1, W.post, end: false)
  /// The first request with its answer.
  private static let closed: [Step] = [.send(W.headers(1)), .awaitEnd]

  private static func window(_ size: UInt32) -> [Step] {
    [.send(W.setting((4, size))), .awaitSettingsAnswer]
  }

  private static let generic: [ConformanceCase] = [
    .init("generic/2/1", W.priority(1), .taken),
    .init(
      "generic/2/2", window(0) + [.send(W.headers(1) + W.window(1, 1))], .data(1)),
    .init(
      "generic/2/3", window(0) + [.send(W.headers(1) + W.priority(1) + W.window(1, 1))], .data(1)),
    .init("generic/2/4", W.headers(1) + Frame.reset(1, 8), .taken),
    .init("generic/2/5", closed + [.send(W.priority(1))], .taken),
    .init("generic/3.1/1", open + W.data(1), .answer),
    .init("generic/3.1/2", open + W.data(1, end: false) + W.data(1), .answer),
    .init(
      "generic/3.1/3", open + Frame.frame(0, 9, 1, [6] + Array("testpadded".utf8)), .answer),
    .init("generic/3.2/1", W.headers(1), .answer),
    .init("generic/3.2/2", Frame.frame(1, 13, 1, [8] + W.get + [0, 0, 0, 0, 0, 0, 0, 0]), .answer),
    .init("generic/3.2/3", Frame.frame(1, 37, 1, [0, 0, 0, 0, 255] + W.get), .answer),
    .init("generic/3.3/1", W.priority(1, 0) + W.headers(1), .answer),
    .init("generic/3.3/2", W.priority(1) + W.headers(1), .answer),
    .init("generic/3.3/3", W.priority(3, on: 1, 0) + W.headers(1), .answer),
    .init("generic/3.3/4", W.priority(1, on: 0x8000_0000, 0) + W.headers(1), .answer),
    .init("generic/3.3/5", W.priority(3) + W.headers(1), .answer),
    .init("generic/3.4/1", W.headers(1, end: false) + Frame.reset(1, 8), .taken),
    .init(
      "generic/3.5/1",
      W.setting((1, 4096), (2, 1), (3, 100), (4, 65_535), (5, 16_384), (6, 100)), .settingsAnswer),
    .init("generic/3.7/1", W.ping, .taken),
    .init("generic/3.8/1", Frame.goAway(last: 0, 0), .closed),
    .init("generic/3.9/1", W.window(0, 1), .taken),
    .init("generic/3.9/2", W.headers(1) + W.window(1, 1), .answer),
    .init(
      "generic/3.10/1",
      W.headers(1, Array(W.get[..<3]), whole: false)
        + W.continuation(1, Array(W.get[3...]), whole: true), .answer),
    .init(
      "generic/3.10/2",
      W.headers(1, Array(W.get[..<2]), whole: false)
        + W.continuation(1, Array(W.get[2..<4]), whole: false)
        + W.continuation(1, Array(W.get[4...]), whole: true), .answer),
    .init("generic/4/1", W.headers(1), .answer),
    .init("generic/4/2", W.headers(1, [0x42, 4] + Array("HEAD".utf8) + W.get[1...]), .answer),
    .init("generic/4/3", open + W.data(1), .answer),
    .init(
      "generic/4/4",
      W.headers(1, W.post + W.field("trailer", "x-test"), end: false) + W.data(1, end: false)
        + W.headers(1, test), .answer),
  ] + fieldForms.enumerated().map { .init("generic/5/\($0 + 1)", W.headers(1, $1), .answer) }

  /// Header blocks that are right, in each representation of RFC 7541, section 6.
  private static let fieldForms: [[UInt8]] = {
    let name = Array("user-agent".utf8)
    let value = Array("h2spec".utf8)
    let huffmanValue: [UInt8] = [0x84, 0x9c, 0x48, 0xac, 0xa4]
    let huffmanTest: [UInt8] = [0x85, 0xf2, 0xb2, 0x4a, 0x84, 0xff]
    var forms: [[UInt8]] = [W.get + [0xba]]
    for (indexed, plain): (UInt8, UInt8) in [(0x7a, 0x40), (0x0f, 0x00), (0x1f, 0x10)] {
      // Index 58 (user-agent) needs a second byte where the prefix has four bits.
      let known: [UInt8] = plain == 0x40 ? [indexed] : [indexed, 58 - 15]
      forms += [
        W.get + known + [6] + value, W.get + known + huffmanValue,
        W.get + [plain, 10] + name + [6] + value, W.get + [plain] + huffmanTest + huffmanValue,
      ]
    }
    return forms + [[0x20] + W.get, [0x20, 0x3f, 0xe1, 0x1f] + W.get]
  }()

  private static let compression: [ConformanceCase] = [
    ("hpack/2.3.3/1", W.get + [0xc6]),
    ("hpack/2.3.3/2", W.get + [0x7f, 7, 5] + Array("value".utf8)),
    ("hpack/4.2/1", W.get + [0x21]),
    (
      "hpack/5.2/1",
      W.get + [0, 0x85, 0xf2, 0xb2, 0x4a, 0x84, 0xff, 0x84, 0x49, 0x50, 0x9f, 0xff]
    ),
    ("hpack/5.2/2", W.get + [0, 0x85, 0xf2, 0xb2, 0x4a, 0x84, 0xff, 0x83, 0x49, 0x50, 0x90]),
    (
      "hpack/5.2/3",
      W.get + [0, 0x85, 0xf2, 0xb2, 0x4a, 0x87, 0xff, 0xff, 0xff, 0xfd, 0x25, 0x42, 0x7f]
    ),
    ("hpack/6.1/1", W.get + [0x80]),
    ("hpack/6.3/1", [0x3f, 0xe2, 0x1f] + W.get),
  ].map { .init($0, W.headers(1, $1), .connection([9])) }

  private static let frames: [ConformanceCase] = [
    .init("http2/4.1/1", W.unknown + W.ping, .taken),
    .init("http2/4.1/2", Frame.frame(6, 22, 0, [0, 0, 0, 0, 0, 0, 0, 0]), .taken),
    .init("http2/4.1/3", Frame.frame(6, 22, 0x8000_0000, [0, 0, 0, 0, 0, 0, 0, 0]), .taken),
    .init("http2/4.2/1", open + W.data(1, String(repeating: "x", count: 16_384)), .answer),
    .init("http2/4.2/2", open + W.data(1, String(repeating: "x", count: 16_385)), .stream([6])),
    .init(
      "http2/4.2/3", W.headers(1, W.get + dummy + dummy + dummy + dummy + dummy),
      .connection([6])),
    .init("http2/4.3/1", Frame.frame(1, 5, 1, [0x40]), .connection([9])),
    .init(
      "http2/4.3/2",
      W.headers(1, end: false, whole: false) + W.priority(1)
        + W.continuation(1, dummy, whole: true),
      .connection([1])),
    .init(
      "http2/4.3/3",
      W.headers(1, end: false, whole: false) + W.headers(3)
        + W.continuation(1, dummy, whole: true),
      .connection([1])),
    .init("http2/5.4.1/1", Frame.frame(6, 0, 3, [0, 0, 0, 0, 0, 0, 0, 0]), .closed),
    .init("http2/5.4.1/2", Frame.frame(6, 0, 3, [0, 0, 0, 0, 0, 0, 0, 0]), .connection([1])),
    .init("http2/5.5/1", W.unknown, .taken),
    .init("http2/5.5/2", W.headers(1, whole: false) + W.unknown, .connection([1])),
  ]

  private static let streams: [ConformanceCase] = [
    .init("http2/5.1/1", W.data(1), .connection([1])),
    .init("http2/5.1/2", Frame.reset(1, 8), .connection([1])),
    .init("http2/5.1/3", W.window(1, 100), .connection([1])),
    .init("http2/5.1/4", W.continuation(1, W.get, whole: true), .connection([1])),
    .init("http2/5.1/5", W.headers(1) + W.data(1), .stream([5])),
    .init("http2/5.1/6", W.headers(1) + W.headers(1), .stream([5])),
    .init("http2/5.1/7", W.headers(1) + W.continuation(1, W.get, whole: true), .stream([1, 5])),
    .init("http2/5.1/8", open + Frame.reset(1, 8) + W.data(1), .stream([5])),
    .init("http2/5.1/9", open + Frame.reset(1, 8) + W.headers(1), .stream([5])),
    .init(
      "http2/5.1/10", open + Frame.reset(1, 8) + W.continuation(1, dummy, whole: true),
      .stream([1, 5])),
    .init("http2/5.1/11", closed + [.send(W.data(1))], .connection([5])),
    .init("http2/5.1/12", closed + [.send(W.headers(1))], .connection([5])),
    .init(
      "http2/5.1/13", closed + [.send(W.continuation(1, dummy, whole: true))],
      .connection([1, 5])),
    .init(
      "5.1 HEADERS after RST_STREAM, the answer read",
      [.send(open), .awaitEnd, .send(Frame.reset(1, 8) + W.headers(1))], .stream([5])),
    .init(
      "5.1 RST_STREAM and WINDOW_UPDATE on a closed stream",
      closed + [.send(Frame.reset(1, 8) + W.window(1, 9))], .taken),
    .init("http2/5.1.1/1", W.headers(2), .connection([1])),
    .init("http2/5.1.1/2", W.headers(5) + W.headers(3), .connection([1])),
    .init("http2/5.1.1/3", W.headers(5) + W.headers(5), .stream([5])),
    .init(
      "5.1.1 a lower stream, the answer read",
      [.send(W.headers(5)), .awaitEnd, .send(W.headers(3))], .connection([1])),
    .init(
      "http2/5.1.2/1",
      [.send(W.setting((4, 0)) + (0...1_000).flatMap { W.headers(2 * $0 + 1) })],
      .stream([1, 7])),
    .init("http2/5.3.1/1", Frame.frame(1, 37, 1, [0, 0, 0, 1, 255] + W.get), .stream([1])),
    .init("http2/5.3.1/2", W.priority(1, on: 1), .stream([1])),
  ]

  private static let frameKinds: [ConformanceCase] = [
    .init("http2/6.1/1", W.data(0), .connection([1])),
    .init("http2/6.1/2", W.headers(1, W.post) + W.data(1), .stream([5])),
    .init(
      "http2/6.1/3",
      W.headers(1, W.post + W.field("content-length", "4"), end: false)
        + Frame.frame(0, 9, 1, [6] + Array("Test".utf8)), .connection([1])),
    .init(
      "http2/6.2/1",
      W.headers(1, end: false, whole: false) + W.priority(1)
        + W.continuation(1, dummy, whole: true),
      .connection([1])),
    .init(
      "http2/6.2/2",
      W.headers(1, end: false, whole: false) + W.headers(3)
        + W.continuation(1, dummy, whole: true),
      .connection([1])),
    .init("http2/6.2/3", W.headers(0), .connection([1])),
    .init(
      "http2/6.2/4", Frame.frame(1, 13, 1, [UInt8(W.get.count + 2)] + W.get), .stream([1])),
    .init("http2/6.3/1", W.priority(0), .connection([1])),
    .init("http2/6.3/2", W.headers(1) + Frame.frame(2, 0, 1, [128, 0, 0, 1]), .stream([6])),
    .init("http2/6.3/3", W.priority(3) + W.headers(1), .answer),
    .init("http2/6.4/1", Frame.reset(0, 8), .connection([1])),
    .init("http2/6.4/2", Frame.reset(1, 8), .connection([1])),
    .init("http2/6.4/3", W.headers(1) + Frame.frame(3, 0, 1, [0, 0, 0]), .connection([6])),
    .init("http2/6.5/1", Frame.frame(4, 1, 0, [0]), .connection([6])),
    .init("http2/6.5/2", Frame.frame(4, 0, 1, [0, 3, 0, 0, 0, 100]), .connection([1])),
    .init("http2/6.5/3", Frame.frame(4, 0, 0, [0, 3, 0, 0, 0, 100, 0, 2, 0]), .connection([6])),
    .init("http2/6.5.2/1", W.setting((2, 2)), .connection([1])),
    .init("http2/6.5.2/2", W.setting((4, 0x8000_0000)), .connection([3])),
    .init("http2/6.5.2/3", W.setting((5, 16_383)), .connection([1])),
    .init("http2/6.5.2/4", W.setting((5, 16_777_216)), .connection([1])),
    .init("http2/6.5.2/5", W.setting((255, 1)), .taken),
    .init(
      "http2/6.5.3/1",
      [.send(W.setting((4, 100), (4, 1))), .awaitSettingsAnswer, .send(W.headers(1))], .data(1)),
    .init("http2/6.5.3/2", W.setting((2, 0)), .settingsAnswer),
    .init("http2/6.7/1", W.ping, .taken),
    .init("http2/6.7/2", Frame.frame(6, 1, 0, Array("invalid!".utf8)) + W.ping, .taken),
    .init("http2/6.7/3", Frame.frame(6, 0, 1, [0, 0, 0, 0, 0, 0, 0, 0]), .connection([1])),
    .init("http2/6.7/4", Frame.frame(6, 0, 0, [0, 0, 0, 0, 0, 0]), .connection([6])),
    .init("http2/6.8/1", Frame.frame(7, 0, 1, [0, 0, 0, 0, 0, 0, 0, 0]), .connection([1])),
    .init("http2/7/1", Frame.goAway(last: 0, 255), .closed),
    .init("http2/7/2", open + Frame.reset(1, 255) + W.ping, .taken),
    .init("http2/8.2/1", Frame.frame(5, 4, 1, [0, 0, 0, 3] + W.get), .connection([1])),
  ] + continuations

  private static let continuations: [ConformanceCase] = [
    .init(
      "http2/6.10/1",
      W.headers(1, whole: false) + W.continuation(1, dummy, whole: false)
        + W.continuation(1, dummy, whole: true), .answer),
    .init(
      "http2/6.10/2",
      W.headers(1, W.post, end: false, whole: false) + W.continuation(1, dummy, whole: false)
        + W.data(1), .connection([1])),
    .init(
      "http2/6.10/3", W.headers(1, whole: false) + W.continuation(0, dummy, whole: true),
      .connection([1])),
    .init("http2/6.10/4", W.headers(1) + W.continuation(1, dummy, whole: true), .connection([1])),
    .init(
      "http2/6.10/5",
      W.headers(1, whole: false) + W.continuation(1, dummy, whole: true)
        + W.continuation(1, dummy, whole: true), .connection([1])),
    .init(
      "http2/6.10/6",
      W.headers(1, W.post, end: false, whole: false) + W.data(1)
        + W.continuation(1, dummy, whole: false), .connection([1])),
  ]

  private static let flowControl: [ConformanceCase] = [
    .init("http2/6.9/1", W.window(0, 0), .connection([1])),
    .init("http2/6.9/2", W.headers(1, end: false) + W.window(1, 0), .stream([1])),
    .init("http2/6.9/3", Frame.frame(8, 0, 0, [0, 0, 1]), .connection([6])),
    .init("http2/6.9.1/1", window(1) + [.send(W.headers(1))], .data(1)),
    .init("http2/6.9.1/2", W.window(0, 0x7fff_ffff) + W.window(0, 0x7fff_ffff), .connection([3])),
    .init(
      "http2/6.9.1/3",
      W.headers(1, end: false) + W.window(1, 0x7fff_ffff) + W.window(1, 0x7fff_ffff),
      .resetOnly(3)),
    .init(
      "http2/6.9.2/1", window(0) + [.send(W.headers(1) + W.setting((4, 1)))], .data(1)),
    .init(
      "http2/6.9.2/2",
      window(3) + [.send(W.headers(1)), .awaitData] + window(2) + [.send(W.window(1, 2))],
      .data(1)),
    .init("http2/6.9.2/3", W.setting((4, 0x8000_0000)), .connection([3])),
  ]

  private static let scheme: [UInt8] = [0x87]
  private static let path: [UInt8] = [0x84]
  private static let authority: [UInt8] = [0x41, 1, 0x78]

  private static let messages: [ConformanceCase] = [
    .init(
      "http2/8.1/1", open + W.data(1, end: false) + W.headers(1, test, end: false), .stream([1])),
    .init(
      "http2/8.1.2.1/3",
      open + W.data(1, end: false) + W.headers(1, [0x83], end: true), .stream([1])),
    .init(
      "http2/8.1.2.6/1",
      W.headers(1, W.post + W.field("content-length", "1"), end: false) + W.data(1), .stream([1])),
    .init(
      "http2/8.1.2.6/2",
      W.headers(1, W.post + W.field("content-length", "1"), end: false) + W.data(1, end: false)
        + W.data(1), .stream([1])),
  ]
    + [
      ("http2/8.1.2/1", W.get + W.field("X-TEST", "ok")),
      ("http2/8.1.2.1/1", W.get + W.field(":test", "ok")),
      ("http2/8.1.2.1/2", W.get + W.field(":status", "200")),
      ("http2/8.1.2.1/4", test + W.get),
      ("http2/8.1.2.2/1", W.get + W.field("connection", "keep-alive")),
      (
        "http2/8.1.2.2/2", W.get + W.field("trailers", "test") + W.field("te", "trailers, deflate")
      ),
      ("http2/8.1.2.3/1", [0x82, 0x87, 0x44, 0] + authority),
      ("http2/8.1.2.3/2", scheme + path + authority),
      ("http2/8.1.2.3/3", [0x82] + path + authority),
      ("http2/8.1.2.3/4", [0x82] + scheme + authority),
      ("http2/8.1.2.3/5", W.get + [0x82]),
      ("http2/8.1.2.3/6", W.get + scheme),
      ("http2/8.1.2.3/7", W.get + path),
    ].map { .init($0, W.headers(1, $1), .stream([1])) }
}
