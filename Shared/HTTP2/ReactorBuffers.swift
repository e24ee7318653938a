import CNGHTTP2

/// Memory that the connections of one reactor take turns to use: nothing stays in it between two
/// calls from the loop, so an idle connection holds no buffer.
@safe final class ReactorBuffers {
  /// Output gathered before it is written.
  static let outputBytes = 64 * 1024
  static let inputBytes = 64 * 1024
  // The largest frame that nghttp2 hands over at once, twice: one from the callback for DATA and
  // one returned, both begun below `outputBytes`.
  private static let slack = 2 * (16 * 1024 + 1024)

  let input: UnsafeMutableRawBufferPointer
  private let output: UnsafeMutableRawBufferPointer
  private(set) var outputCount = 0
  let headers = HeaderEncoder()
  let texts = HeaderTexts()
  /// Empty lists with room, for the connection that is told next.
  var endings: [(HTTP2Stream, HTTP2CloseReason)] = []
  var fields: [HeaderField] = []

  init() {
    unsafe input = .allocate(byteCount: Self.inputBytes, alignment: 16)
    unsafe output = .allocate(byteCount: Self.outputBytes + Self.slack, alignment: 16)
  }

  deinit {
    unsafe input.deallocate()
    unsafe output.deallocate()
  }

  var isOutputFull: Bool { outputCount >= Self.outputBytes }
  var gathered: UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: output[..<outputCount])
  }

  func clearOutput() { outputCount = 0 }

  func append(_ bytes: UnsafeRawBufferPointer) {
    guard let source = bytes.baseAddress else { return }
    let target = unsafe reserve(bytes.count)
    unsafe target.baseAddress!.copyMemory(from: source, byteCount: bytes.count)
  }

  /// Room for that many bytes, to be filled by the caller.
  func reserve(_ count: Int) -> UnsafeMutableRawBufferPointer {
    let end = outputCount + count
    precondition(end <= Self.outputBytes + Self.slack, "a frame is larger than announced")
    defer { outputCount += count }
    return unsafe UnsafeMutableRawBufferPointer(rebasing: output[outputCount..<outputCount + count])
  }
}
