import Glibc

/// Makes texts of received bytes, and keeps short ones: most requests repeat what others said, and
/// to compare is cheaper than to check and allocate.
@safe final class HeaderTexts {
  private static let slotBits: UInt64 = 7
  /// Bytes; longer ones are seldom the same.
  private static let longest = 64

  private let slots: UnsafeMutableBufferPointer<String>

  init() {
    unsafe slots = .allocate(capacity: 1 << Self.slotBits)
    unsafe slots.initialize(repeating: "")
  }

  deinit {
    unsafe slots.deinitialize()
    unsafe slots.deallocate()
  }

  /// - Parameter isSecret: whether the value is to be kept nowhere.
  func field(
    _ name: UnsafeBufferPointer<UInt8>, _ value: UnsafeBufferPointer<UInt8>, isSecret: Bool
  ) -> HeaderField {
    unsafe HeaderField(name: text(name), value: isSecret ? Self.new(value) : text(value))
  }

  /// The text of `bytes`, one scalar for each (ISO 8859-1).
  func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    guard (1...Self.longest).contains(bytes.count) else { return unsafe Self.new(bytes) }
    let slot = unsafe Self.slot(UnsafeRawBufferPointer(bytes))
    let known = unsafe slots[slot]
    if unsafe Self.holds(known, bytes) { return known }
    let text = unsafe Self.new(bytes)
    // Other than ASCII is longer as UTF-8, and must not be found by the bytes of that.
    if text.utf8.count == bytes.count { unsafe slots[slot] = text }
    return text
  }

  private static func holds(_ text: String, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let count = bytes.count
    guard text.utf8.count == count else { return false }
    return unsafe text.utf8.span.withUnsafeBytes {
      unsafe memcmp($0.baseAddress!, bytes.baseAddress!, count) == 0
    }
  }

  static func new(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
    var joined: UInt8 = 0
    for unsafe byte in unsafe bytes { joined |= byte }
    if joined < 0x80 { return unsafe String(decoding: bytes, as: UTF8.self) }
    var text = String.UnicodeScalarView()
    for unsafe byte in unsafe bytes { text.append(Unicode.Scalar(byte)) }
    return String(text)
  }

  /// By the length and the bytes at both ends.
  private static func slot(_ bytes: UnsafeRawBufferPointer) -> Int {
    var first: UInt64 = 0
    var last = UInt64(bytes.count)
    if bytes.count >= 8 {
      first = unsafe bytes.loadUnaligned(as: UInt64.self)
      last ^= unsafe bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
    } else {
      for unsafe byte in unsafe bytes { first = first << 8 | UInt64(byte) }
    }
    let mixed = (first &* 0x9e37_79b9_7f4a_7c15 ^ last) &* 0xff51_afd7_ed55_8ccd
    return Int(mixed >> (64 - slotBits))
  }
}
