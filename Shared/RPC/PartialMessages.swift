/// What a reactor of a server holds of messages that have not come whole.
///
/// A stream is known here from the first bytes of a message that came in pieces until it is whole
/// or given up: one that comes at once costs nothing. Beyond `limit` bytes calls are refused, first
/// the one of which most is held: whoever sends little is not refused for the sake of who sends
/// much and never ends.
final class PartialMessages {
  private struct Entry {
    // Unowned: it leaves when its stream is detached.
    unowned let stream: ServerStream
    var bytes: Int
  }

  private let limit: Int
  private var entries: [ObjectIdentifier: Entry] = [:]
  private(set) var bytes = 0

  init(limit: Int) { self.limit = limit }

  /// Notes how many bytes a stream holds.
  func note(_ count: Int, of stream: ServerStream) {
    let key = ObjectIdentifier(stream)
    bytes += count - (entries[key]?.bytes ?? 0)
    entries[key] = count > 0 ? Entry(stream: stream, bytes: count) : nil
    while bytes > limit, let (key, most) = entries.max(by: { $0.value.bytes < $1.value.bytes }) {
      entries[key] = nil
      bytes -= most.bytes
      most.stream.inboundFailed(.tooManyWaiting(limit: limit))
    }
  }
}
