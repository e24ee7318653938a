internal import CZlib

/// Why bytes could not be decompressed.
package enum GzipError: Error, Equatable {
  /// They are no whole gzip file (RFC 1952).
  case malformed
  /// They stand for more than `limit` bytes.
  case tooLarge(limit: Int)
}

/// Compresses and decompresses whole messages in the gzip format (RFC 1952), on zlib.
///
/// Keeps its working memory (300 KiB once both directions were used) for the next message; nothing
/// of one message is in the next. For one thread at a time.
@safe package final class Gzip {
  private var deflater: UnsafeMutablePointer<z_stream>?
  private var inflater: UnsafeMutablePointer<z_stream>?

  // Speed over size: the reactor thread that compresses serves other calls too.
  private static let level: Int32 = 1
  /// Output grows by at least that many bytes at a time.
  private static let step = 4 * 1024

  package init() {}

  deinit {
    if let deflater = unsafe deflater {
      unsafe deflateEnd(deflater)
      unsafe deflater.deallocate()
    }
    if let inflater = unsafe inflater {
      unsafe inflateEnd(inflater)
      unsafe inflater.deallocate()
    }
  }

  /// - Parameter prefix: zero bytes that the result begins with, for the caller to fill.
  package func compress(_ bytes: UnsafeRawBufferPointer, prefix: Int = 0) -> [UInt8] {
    let stream = unsafe startedDeflater()
    let bound = unsafe Int(deflateBound(stream, UInt(bytes.count)))
    return unsafe [UInt8](unsafeUninitializedCapacity: prefix + bound) { output, count in
      unsafe output.prefix(prefix).initialize(repeating: 0)
      unsafe Self.give(bytes, to: stream)
      unsafe stream.pointee.next_out = output.baseAddress! + prefix
      unsafe stream.pointee.avail_out = UInt32(bound)
      let result = unsafe deflate(stream, Z_FINISH)
      precondition(result == Z_STREAM_END, "deflateBound was too small: \(result)")
      count = unsafe prefix + bound - Int(stream.pointee.avail_out)
    }
  }

  /// Gives back what `compress` was given, of one gzip member or several.
  ///
  /// Memory grows with what comes out, never beyond `limit` by more than a step.
  package func decompress(_ bytes: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
    let stream = unsafe startedInflater()
    var result: [UInt8] = []
    var failure: GzipError?
    unsafe bytes.withUnsafeBytes { input in
      unsafe Self.give(input, to: stream)
      failure = unsafe inflateAll(stream, into: &result, limit: limit)
    }
    if let failure { throw failure }
    return result
  }

  private func inflateAll(
    _ stream: UnsafeMutablePointer<z_stream>, into result: inout [UInt8], limit: Int
  ) -> GzipError? {
    while true {
      let room = min(max(Self.step, result.count), limit + 1 - result.count)
      guard room > 0 else { return .tooLarge(limit: limit) }
      var status = Z_OK
      let part = unsafe [UInt8](unsafeUninitializedCapacity: room) { output, count in
        unsafe stream.pointee.next_out = output.baseAddress
        unsafe stream.pointee.avail_out = UInt32(room)
        status = unsafe inflate(stream, Z_NO_FLUSH)
        count = unsafe room - Int(stream.pointee.avail_out)
      }
      if result.isEmpty { result = part } else { result += part }
      if result.count > limit { return .tooLarge(limit: limit) }
      switch status {
      case Z_STREAM_END:
        if unsafe stream.pointee.avail_in == 0 { return nil }
        // Another member follows (RFC 1952, section 2.2).
        guard unsafe inflateReset(stream) == Z_OK else { return .malformed }
      case Z_OK:
        // Nothing is left, yet the member has not ended.
        if unsafe stream.pointee.avail_in == 0, part.count < room { return .malformed }
      default: return .malformed
      }
    }
  }

  private static func give(
    _ bytes: UnsafeRawBufferPointer, to stream: UnsafeMutablePointer<z_stream>
  ) {
    precondition(bytes.count <= Int(UInt32.max), "a message is shorter than 4 GiB")
    // zlib only reads its input; the pointer is used before the caller's closure returns.
    let start = unsafe bytes.bindMemory(to: UInt8.self).baseAddress
    unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(mutating: start)
    unsafe stream.pointee.avail_in = UInt32(bytes.count)
  }

  private func startedDeflater() -> UnsafeMutablePointer<z_stream> {
    if let stream = unsafe deflater {
      unsafe deflateReset(stream)
      return unsafe stream
    }
    // zlib keeps the stream's address: it may not move.
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let result = unsafe ikso_deflate_init_gzip(stream, Self.level)
    precondition(result == Z_OK, "no memory for zlib: \(result)")
    unsafe deflater = stream
    return unsafe stream
  }

  private func startedInflater() -> UnsafeMutablePointer<z_stream> {
    if let stream = unsafe inflater {
      unsafe inflateReset(stream)
      return unsafe stream
    }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let result = unsafe ikso_inflate_init_gzip(stream)
    precondition(result == Z_OK, "no memory for zlib: \(result)")
    unsafe inflater = stream
    return unsafe stream
  }
}
