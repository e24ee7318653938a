import CNGHTTP2
import Glibc

/// A header block that the peer of a connection has sent before, and what its reader made of it.
///
/// Most callers say the same in each request to a method. A repeated block is known by comparing
/// it, field by field, with the library's own buffers, most of them by their addresses, as a
/// compression table (RFC 7541, section 2.3) hands out the same ones: neither texts nor lists are
/// made of it again.
@safe package final class KnownBlock {
  /// The buffers of one field.
  @safe struct Field {
    let name: OpaquePointer
    let value: OpaquePointer

    /// Takes or gives back a reference: while one is held no other text has the same address.
    func retain() {
      unsafe nghttp2_rcbuf_incref(name)
      unsafe nghttp2_rcbuf_incref(value)
    }

    func release() {
      unsafe nghttp2_rcbuf_decref(name)
      unsafe nghttp2_rcbuf_decref(value)
    }

    /// As counted by SETTINGS_MAX_HEADER_LIST_SIZE (RFC 9113, section 6.5.2).
    var bytes: Int {
      unsafe HeaderTexts.bytes(name).count + HeaderTexts.bytes(value).count + 32
    }

    func isSame(as other: Field) -> Bool {
      let hasSameName = unsafe Self.isSame(name, other.name)
      let hasSameValue = unsafe Self.isSame(value, other.value)
      return hasSameName && hasSameValue
    }

    private static func isSame(_ one: OpaquePointer, _ other: OpaquePointer) -> Bool {
      if one == other { return true }
      let (bytes, others) = unsafe (HeaderTexts.bytes(one), HeaderTexts.bytes(other))
      guard bytes.count == others.count else { return false }
      guard let start = bytes.baseAddress, let other = others.baseAddress else { return true }
      return unsafe memcmp(start, other, bytes.count) == 0
    }
  }

  package let block: HeaderBlock
  /// For whoever takes requests to keep what it has read out of the block.
  package var reading: AnyObject?
  fileprivate let fields: UnsafeMutableBufferPointer<Field>
  fileprivate let count: Int

  /// Takes over the references that `learned` holds.
  fileprivate init(_ block: HeaderBlock, _ learned: [Field]) {
    self.block = block
    count = learned.count
    unsafe fields = .allocate(capacity: count)
    _ = unsafe fields.initialize(fromContentsOf: learned)
  }

  deinit {
    for unsafe field in unsafe fields { field.release() }
    unsafe fields.deallocate()
  }
}

/// Follows a connection's header blocks, and remembers those that come again and again.
// A class, whose members are plain values: what a field costs is a comparison.
@safe final class KnownBlocks {
  /// Blocks that a connection has remembered.
  private static let limit = 4
  /// Bytes of a block, counted as the header list is, that is worth it.
  private static let longest = 2_048
  /// Unknown blocks after which one is remembered: at first and at most. A peer that never repeats
  /// itself makes work for nothing once in so many requests.
  private static let patience = (first: 2, most: 1_024)

  private var known: [KnownBlock] = []
  private var oldest = 0
  private var unknown = 0
  private var patience = KnownBlocks.patience.first

  /// The block that agrees with the one coming in, as far as that has come, and what is next in it.
  private var candidate: KnownBlock?
  private var next: UnsafeMutablePointer<KnownBlock.Field>?
  private var left = 0
  /// Whether the block coming in may still be a known one.
  private var isFollowing = false
  /// Fields of the block coming in, if it is to be remembered; each with a reference.
  private var learned: [KnownBlock.Field] = []
  private var learnedBytes = 0
  private var isLearning = false

  deinit { for field in learned { field.release() } }

  /// A request's block comes in.
  func begin() {
    if isLearning { forget() }
    isFollowing = candidate != nil
    rewind()
  }

  private func rewind() {
    unsafe next = candidate?.fields.baseAddress
    left = candidate?.count ?? 0
  }

  /// Whether the block is, with this field, still one that is known.
  func follow(_ field: KnownBlock.Field) -> Bool {
    guard isFollowing else { return false }
    if left > 0, let place = unsafe next, unsafe place.pointee.isSame(as: field) {
      unsafe next = place + 1
      left -= 1
      return true
    }
    return change(to: field)
  }

  /// Goes over to another known block that begins as this one does, with `field` behind it.
  private func change(to field: KnownBlock.Field) -> Bool {
    guard let candidate else { return false }
    let position = candidate.count - left
    for other in known where other !== candidate && position < other.count {
      guard unsafe other.fields[position].isSame(as: field) else { continue }
      let agrees = (0..<position).allSatisfy { index in
        unsafe other.fields[index].isSame(as: candidate.fields[index])
      }
      guard agrees else { continue }
      self.candidate = other
      unsafe next = other.fields.baseAddress! + position + 1
      left = other.count - position - 1
      return true
    }
    return false
  }

  /// The block is none of the known ones: gives the fields that came before it was seen to differ,
  /// and their bytes.
  func depart(into fields: inout [HeaderField]) -> Int {
    unknown += 1
    isLearning = unknown >= patience
    guard isFollowing, let candidate else { return 0 }
    isFollowing = false
    let position = candidate.count - left
    fields.append(contentsOf: candidate.block.fields[..<position])
    var bytes = 0
    for index in 0..<position {
      let field = unsafe candidate.fields[index]
      bytes += field.bytes
      if isLearning { learn(field) }
    }
    return bytes
  }

  /// Another field of a block that is unknown.
  /// - Parameter isSecret: whether the field is to be kept nowhere.
  func note(_ field: KnownBlock.Field, isSecret: Bool) {
    guard isLearning else { return }
    if isSecret { forget() } else { learn(field) }
  }

  /// The known block that has come in whole; nil if it is no known one.
  var whole: KnownBlock? { isFollowing && left == 0 ? candidate : nil }

  /// Remembers the unknown block that has come in, if it was time to.
  func end(_ block: HeaderBlock) {
    guard isLearning else { return }
    guard learned.count == block.fields.count else { return forget() }
    let new = KnownBlock(block, learned)
    learned = []
    forget()
    candidate = new
    if known.count < Self.limit {
      known.append(new)
    } else {
      known[oldest] = new
      oldest = (oldest + 1) % Self.limit
    }
  }

  private func learn(_ field: KnownBlock.Field) {
    learnedBytes += field.bytes
    guard learnedBytes <= Self.longest else { return forget() }
    field.retain()
    learned.append(field)
  }

  /// Ends learning; the next block to be learned has to wait longer.
  private func forget() {
    for field in learned { field.release() }
    learned = []
    learnedBytes = 0
    isLearning = false
    unknown = 0
    patience = min(patience * 2, Self.patience.most)
  }
}
