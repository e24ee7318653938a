internal import CZlib

/// Decompresses whole streams in the zlib format (RFC 1950), such as stand in PDF files.
package enum Zlib {
  /// What the stream stands for; what comes after its end is left alone.
  /// - Throws: `tooLarge` when it stands for more than `limit` bytes, `malformed` for one that is
  ///   damaged or ends early.
  package static func inflate(_ bytes: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
    precondition(bytes.count <= Int(UInt32.max), "a stream is shorter than 4 GiB")
    var stream = unsafe z_stream()
    guard unsafe ikso_inflate_init_zlib(&stream) == Z_OK else { throw .malformed }
    defer { unsafe inflateEnd(&stream) }
    var result: [UInt8] = []
    var isTooLarge = false
    var status = Z_OK
    unsafe bytes.withUnsafeBytes { input in
      // zlib only reads its input; the pointer is used within this closure.
      let start = unsafe input.bindMemory(to: UInt8.self).baseAddress
      unsafe stream.next_in = unsafe UnsafeMutablePointer(mutating: start)
      unsafe stream.avail_in = UInt32(input.count)
      while status == Z_OK, !isTooLarge {
        let room = min(step, limit + 1 - result.count)
        let part = unsafe [UInt8](unsafeUninitializedCapacity: room) { output, count in
          unsafe stream.next_out = output.baseAddress
          unsafe stream.avail_out = UInt32(room)
          // Z_BUF_ERROR when nothing is left to read.
          status = unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
          count = unsafe room - Int(stream.avail_out)
        }
        result += part
        isTooLarge = result.count > limit
      }
    }
    guard !isTooLarge else { throw .tooLarge(limit: limit) }
    guard status == Z_STREAM_END else { throw .malformed }
    return result
  }

  private static let step = 64 * 1024
}
