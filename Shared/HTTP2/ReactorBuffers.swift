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

/// Turns header blocks into what nghttp2 takes, without an allocation for each field.
@safe final class HeaderEncoder {
  private var bytes: UnsafeMutableBufferPointer<UInt8> = .allocate(capacity: 4096)

  deinit { unsafe bytes.deallocate() }

  /// Calls `body` with the fields; nghttp2 copies them before it returns.
  func encode<T>(_ block: HeaderBlock, _ body: (UnsafePointer<nghttp2_nv>?, Int) -> T) -> T {
    var needed = 0
    for field in block.fields { needed += field.name.utf8.count + field.value.utf8.count }
    if unsafe needed > bytes.count {
      unsafe bytes.deallocate()
      unsafe bytes = .allocate(capacity: needed * 2)
    }
    let count = block.fields.count
    return unsafe withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: count) { fields in
      let base = unsafe bytes.baseAddress!
      var position = 0
      for index in 0..<count {
        let field = block.fields[index]
        let name = position
        position = copyName(field.name, to: position)
        let value = position
        position = copyValue(field.value, to: position)
        unsafe fields.initializeElement(
          at: index,
          to: nghttp2_nv(
            name: base + name, value: base + value, namelen: value - name,
            valuelen: position - value, flags: Self.flags(field.name)))
      }
      return unsafe body(UnsafePointer(fields.baseAddress), count)
    }
  }

  // A secret must not enter the compression table that other people's requests share; what is
  // another for each call would push out of it what is the same, and make it slow to search.
  private static func flags(_ name: String) -> UInt8 {
    // The length rules most names out without a comparison.
    switch (name.utf8.count, name) {
    case (6, "cookie"), (10, "set-cookie"), (11, "traceparent"), (12, "grpc-timeout"),
      (12, "x-request-id"), (13, "authorization"):
      UInt8(NGHTTP2_NV_FLAG_NO_INDEX.rawValue)
    default: 0
    }
  }

  private func copyName(_ name: String, to start: Int) -> Int {
    let text = name.utf8.span
    let target = unsafe room(text.count, from: start)
    var upper: UInt8 = 0
    for position in text.indices {
      let byte = text[position]
      unsafe target[position] = byte
      upper |= byte &- 0x41 < 26 ? 1 : 0
    }
    guard upper != 0 else { return start + text.count }
    for position in text.indices where text[position] &- 0x41 < 26 {
      unsafe target[position] |= 0x20
    }
    return start + text.count
  }

  // One byte for each scalar (ISO 8859-1); what a field value may not hold (RFC 9113, section
  // 8.2.1) becomes a question mark rather than a stream error at the peer.
  private func copyValue(_ value: String, to start: Int) -> Int {
    let text = value.utf8.span
    let target = unsafe room(text.count, from: start)
    var odd: UInt8 = 0
    for position in text.indices {
      let byte = text[position]
      unsafe target[position] = byte
      odd |= byte &- 0x20 < 0x5f ? 0 : 1
    }
    return odd == 0 ? start + text.count : copyScalars(value, to: start)
  }

  private func room(_ count: Int, from start: Int) -> UnsafeMutableBufferPointer<UInt8> {
    unsafe UnsafeMutableBufferPointer(rebasing: bytes[start..<start + count])
  }

  private func copyScalars(_ value: String, to start: Int) -> Int {
    var position = start
    for scalar in value.unicodeScalars {
      let code = scalar.value
      let isAllowed = (code >= 0x20 && code != 0x7f && code <= 0xff) || code == 0x09
      unsafe bytes[position] = isAllowed ? UInt8(code) : 0x3f
      position += 1
    }
    return position
  }
}
