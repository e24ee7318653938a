import CNGHTTP2

/// A header block that is the same in every answer. It is encoded once and never freed, as sessions
/// point into it as long as they like: for constants only.
// Unchecked: written before anybody else sees it.
@safe package final class ConstantBlock: @unchecked Sendable {
  package let block: HeaderBlock
  let encoded: UnsafeBufferPointer<nghttp2_nv>

  package init(_ block: HeaderBlock) {
    self.block = block
    let encoder = HeaderEncoder()
    let lasting = NGHTTP2_NV_FLAG_NO_COPY_NAME.rawValue | NGHTTP2_NV_FLAG_NO_COPY_VALUE.rawValue
    unsafe encoded = encoder.encode(nil, block.fields) { fields, count in
      let copies = UnsafeMutableBufferPointer<nghttp2_nv>.allocate(capacity: count)
      for index in 0..<count {
        unsafe copies.initializeElement(at: index, to: fields![index])
        unsafe copies[index].flags |= UInt8(lasting)
      }
      return UnsafeBufferPointer(copies)
    }
    // The bytes are the encoder's.
    _ = unsafe Unmanaged.passRetained(encoder)
  }
}

/// Turns header blocks into what nghttp2 takes, without an allocation for each field.
@safe final class HeaderEncoder {
  private var bytes: UnsafeMutableBufferPointer<UInt8> = .allocate(capacity: 4096)

  deinit { unsafe bytes.deallocate() }

  /// Calls `body` with the fields, behind the constant ones; nghttp2 copies them before it returns.
  func encode<T>(
    _ constant: ConstantBlock?, _ fields: some RandomAccessCollection<HeaderField>,
    _ body: (UnsafePointer<nghttp2_nv>?, Int) -> T
  ) -> T {
    var needed = 0
    for field in fields { needed += field.name.utf8.count + field.value.utf8.count }
    if unsafe needed > bytes.count {
      unsafe bytes.deallocate()
      unsafe bytes = .allocate(capacity: needed * 2)
    }
    let before = unsafe constant?.encoded.count ?? 0
    let count = before + fields.count
    return unsafe withUnsafeTemporaryAllocation(of: nghttp2_nv.self, capacity: count) { encoded in
      if let constant { _ = unsafe encoded.initialize(fromContentsOf: constant.encoded) }
      let base = unsafe bytes.baseAddress!
      var position = 0
      var index = before
      for field in fields {
        let name = position
        position = copyName(field.name, to: position)
        let value = position
        position = copyValue(field.value, to: position)
        unsafe encoded.initializeElement(
          at: index,
          to: nghttp2_nv(
            name: base + name, value: base + value, namelen: value - name,
            valuelen: position - value, flags: Self.flags(field.name)))
        index += 1
      }
      return unsafe body(UnsafePointer(encoded.baseAddress), count)
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
