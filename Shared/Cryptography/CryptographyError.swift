internal import COpenSSL

/// What can go wrong with keys, sealed data and signatures.
package enum CryptographyError: Error, Sendable, Equatable {
  /// OpenSSL refused; `reasons` is its error queue, oldest first. For logs, never for callers.
  case openSSL(operation: String, reasons: [String])
  /// Argon2 refused with its own code.
  case argon2(code: Int32, reason: String)
  /// A key, salt or message is not as long as it must be, in bytes.
  case wrongLength(of: String, expected: ClosedRange<Int>, found: Int)
  /// Another key, other associated data, or altered bytes: which of them cannot be told.
  case notAuthentic
  /// The leading version byte of a sealed value names a format that this build doesn't know.
  case unknownVersion(UInt8)
  /// A text is not in the encoding that it should be in.
  case malformed(String)
}

/// OpenSSL keeps errors in a queue per thread: emptied before a call, drained after a failure.
enum OpenSSLQueue {
  /// Longest queue that OpenSSL keeps (ERR_NUM_ERRORS).
  static let maximumReasons = 16

  static func clear() {
    ERR_clear_error()
  }

  static func drain(_ operation: String) -> CryptographyError {
    var reasons: [String] = []
    while reasons.count < maximumReasons {
      let code = ERR_get_error()
      if code == 0 { break }
      reasons.append(text(of: code))
    }
    return .openSSL(operation: operation, reasons: reasons)
  }

  /// Ends the process: a fixed algorithm that fails on valid arguments means a broken
  /// installation, and to go on without it would be to go on without protection.
  static func fail(_ operation: String) -> Never {
    fatalError("\(drain(operation))")
  }

  private static func text(of code: UInt) -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    // Safe: OpenSSL writes at most `count` bytes and ends them with zero.
    unsafe buffer.withUnsafeMutableBufferPointer { buffer in
      unsafe ERR_error_string_n(code, buffer.baseAddress, buffer.count)
    }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
