import CNGHTTP2
import Glibc

/// Makes texts of received bytes, and keeps short ones: most requests repeat what others said, and
/// to compare is cheaper than to check and allocate.
@safe final class HeaderTexts {
  private static let slotBits: UInt64 = 7
  /// Bytes; longer ones are seldom the same.
  private static let longest = 64

  private let slots: UnsafeMutableBufferPointer<String>
  private let known: UnsafeMutableBufferPointer<KnownField>

  /// A field by the library's own buffers, which a compression table hands out again and again.
  @safe private struct KnownField {
    /// Counted references: a buffer's address is not another's while they are held.
    var name: OpaquePointer?
    var value: OpaquePointer?
    var field = HeaderField(name: "", value: "")
  }

  init() {
    unsafe slots = .allocate(capacity: 1 << Self.slotBits)
    unsafe slots.initialize(repeating: "")
    unsafe known = .allocate(capacity: 1 << Self.slotBits)
    unsafe known.initialize(repeating: KnownField())
  }

  deinit {
    for unsafe field in unsafe known { Self.release(field) }
    unsafe known.deinitialize()
    unsafe known.deallocate()
    unsafe slots.deinitialize()
    unsafe slots.deallocate()
  }

  /// The field in these two buffers of the library, which are not null.
  /// - Parameter isSecret: whether the value is to be kept nowhere.
  func field(_ name: OpaquePointer, _ value: OpaquePointer, isSecret: Bool) -> HeaderField {
    let slot = unsafe Self.slot(name, value)
    if unsafe known[slot].value == value, unsafe known[slot].name == name {
      return unsafe known[slot].field
    }
    let (nameBytes, valueBytes) = unsafe (Self.bytes(name), Self.bytes(value))
    guard !isSecret else {
      return unsafe HeaderField(name: text(nameBytes), value: Self.new(valueBytes))
    }
    let field = unsafe HeaderField(name: text(nameBytes), value: text(valueBytes))
    if nameBytes.count <= Self.longest, valueBytes.count <= Self.longest {
      unsafe nghttp2_rcbuf_incref(name)
      unsafe nghttp2_rcbuf_incref(value)
      unsafe Self.release(known[slot])
      unsafe known[slot] = KnownField(name: name, value: value, field: field)
    }
    return field
  }

  private static func release(_ field: KnownField) {
    if let name = unsafe field.name { unsafe nghttp2_rcbuf_decref(name) }
    if let value = unsafe field.value { unsafe nghttp2_rcbuf_decref(value) }
  }

  static func bytes(_ buffer: OpaquePointer) -> UnsafeBufferPointer<UInt8> {
    let vector = unsafe nghttp2_rcbuf_get_buf(buffer)
    return unsafe UnsafeBufferPointer(start: vector.base, count: vector.len)
  }

  private static func slot(_ name: OpaquePointer, _ value: OpaquePointer) -> Int {
    let mixed = UInt64(UInt(bitPattern: name)) ^ UInt64(UInt(bitPattern: value)) &* 0x9e37_79b9
    return Int((mixed &* 0x9e37_79b9_7f4a_7c15) >> (64 - slotBits))
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
