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
  private var fields: [nghttp2_nv] = unsafe []

  deinit { unsafe bytes.deallocate() }

  /// Calls `body` with the fields; nghttp2 copies them before it returns.
  func encode<T>(_ block: HeaderBlock, _ body: (UnsafePointer<nghttp2_nv>?, Int) -> T) -> T {
    var needed = 0
    for field in block.fields { needed += field.name.utf8.count + field.value.utf8.count }
    if unsafe needed > bytes.count {
      unsafe bytes.deallocate()
      unsafe bytes = .allocate(capacity: needed * 2)
    }
    unsafe fields.removeAll(keepingCapacity: true)
    var position = 0
    for field in block.fields {
      let name = position
      position = copyName(field.name, to: position)
      let value = position
      position = copyValue(field.value, to: position)
      let base = unsafe bytes.baseAddress!
      unsafe fields.append(
        nghttp2_nv(
          name: base + name, value: base + value, namelen: value - name,
          valuelen: position - value, flags: Self.flags(field.name)))
    }
    return unsafe fields.withUnsafeBufferPointer { unsafe body($0.baseAddress, $0.count) }
  }

  // A secret must not enter the compression table that other people's requests share.
  private static func flags(_ name: String) -> UInt8 {
    name == "authorization" || name == "cookie" || name == "set-cookie"
      ? UInt8(NGHTTP2_NV_FLAG_NO_INDEX.rawValue) : 0
  }

  private func copyName(_ name: String, to start: Int) -> Int {
    var position = start
    for byte in name.utf8 {
      let isUpper = byte >= 0x41 && byte <= 0x5a
      unsafe bytes[position] = isUpper ? byte | 0x20 : byte
      position += 1
    }
    return position
  }

  // One byte for each scalar (ISO 8859-1); what a field value may not hold (RFC 9113, section
  // 8.2.1) becomes a question mark rather than a stream error at the peer.
  private func copyValue(_ value: String, to start: Int) -> Int {
    var position = start
    for byte in value.utf8 {
      if byte >= 0x80 { return copyScalars(value, to: start) }
      unsafe bytes[position] = (byte >= 0x20 && byte != 0x7f) || byte == 0x09 ? byte : 0x3f
      position += 1
    }
    return position
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

  /// The text of received bytes: one scalar for each (ISO 8859-1).
  static func text(_ start: UnsafePointer<UInt8>?, _ count: Int) -> String {
    let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
    var joined: UInt8 = 0
    for unsafe byte in unsafe bytes { joined |= byte }
    if joined < 0x80 { return unsafe String(decoding: bytes, as: UTF8.self) }
    var text = String.UnicodeScalarView()
    for unsafe byte in unsafe bytes { text.append(Unicode.Scalar(byte)) }
    return String(text)
  }
}
