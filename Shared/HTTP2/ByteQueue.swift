import DequeModule

/// Bytes waiting to be sent: the arrays that were handed in, one behind the other, uncopied.
struct ByteQueue {
  private(set) var count = 0
  private var head: [UInt8] = []
  private var offset = 0
  // Most streams send one array: the deque is not allocated for it.
  private var rest: Deque<[UInt8]> = []

  mutating func append(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    if count == 0 {
      head = bytes
      offset = 0
    } else {
      rest.append(bytes)
    }
    count += bytes.count
  }

  /// Moves the first bytes to `target`, which is no longer than the queue.
  mutating func move(to target: UnsafeMutableRawBufferPointer) {
    precondition(target.count <= count, "more bytes are taken than wait")
    var filled = 0
    while filled < target.count {
      let length = min(head.count - offset, target.count - filled)
      unsafe head.withUnsafeBytes { bytes in
        unsafe target.baseAddress!.advanced(by: filled)
          .copyMemory(from: bytes.baseAddress!.advanced(by: offset), byteCount: length)
      }
      filled += length
      offset += length
      if offset == head.count {
        head = rest.popFirst() ?? []
        offset = 0
      }
    }
    count -= filled
  }

  mutating func removeAll() { self = ByteQueue() }
}
