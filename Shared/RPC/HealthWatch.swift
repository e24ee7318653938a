import HTTP2
import Reactor

/// Watches what one server says of a service's health (grpc.health.v1, gRFC A17), on a stream of
/// the connection that it speaks of.
///
/// A server without this method is healthy. A stream that ends otherwise is opened again after a
/// pause, and until then the server is not.
final class HealthWatch: HTTP2StreamHandler, @unchecked Sendable {
  // Invariant: touched on the connection's reactor only.

  /// Bytes of one answer: an enumeration has no need of more.
  private static let maxMessageBytes = 64

  private(set) var isServing = false
  /// Why the connection is not picked; nil before the first answer too.
  private(set) var failure: RPCError?
  var isOpen: Bool { stream != nil }

  private let service: String
  private let headers: HeaderBlock
  private let backoff: RPCClientConfiguration.Backoff
  // The connection's owner ends the watch with it.
  private weak var connection: HTTP2Connection?
  private var changed: (() -> Void)?
  private var stream: HTTP2Stream?
  private var decoder = MessageDecoder(limit: maxMessageBytes)
  private var failures = 0
  private var timer: ReactorTimer?

  /// - Parameter fields: of every request to the server, but its path.
  init(
    _ service: String, _ connection: HTTP2Connection, fields: [HeaderField],
    _ backoff: RPCClientConfiguration.Backoff, changed: @escaping () -> Void
  ) {
    self.service = service
    headers = HeaderBlock(
      [HeaderField(name: ":path", value: "/grpc.health.v1.Health/Watch")] + fields)
    self.connection = connection
    self.backoff = backoff
    self.changed = changed
  }

  func begin() {
    guard let connection else { return }
    decoder = MessageDecoder(limit: Self.maxMessageBytes)
    do throws(HTTP2Error) {
      let stream = try connection.request(headers, endStream: false, handler: self)
      self.stream = stream
      stream.send(data: MessageFrame(HealthMessages.request(service)).bytes, endStream: true)
    } catch {
      ended(.unavailable("the health of the server cannot be watched: \(error)", cause: error))
    }
  }

  /// Watches no more, and tells nothing more.
  func end() {
    changed = nil
    timer?.cancel()
    timer = nil
    let open = stream
    stream = nil
    open?.handler = nil
    open?.reset(.cancel)
  }

  private func became(_ status: HealthMessages.Status) {
    failures = 0
    isServing = status == .serving
    failure =
      isServing ? nil : .unavailable("the server says of \"\(service)\" that it is \(status)")
    changed?()
  }

  private func ended(_ error: RPCError?) {
    let open = stream
    stream = nil
    open?.handler = nil
    open?.reset(.cancel)
    if error?.code == .unimplemented { return became(.serving) }
    failures += 1
    isServing = false
    failure = .unavailable("the watch of the server's health ended", cause: error)
    timer = connection?.reactor.schedule(after: backoff.delay(failures: failures)) {
      [weak self] in self?.begin()
    }
    changed?()
  }

  // MARK: Events of the stream

  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {
    if let error = ResponseStatus.refusal(in: headers) { return ended(error) }
    if endStream { ended(ResponseStatus.error(in: headers)) }
  }

  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    stream?.consumed(bytes.count)
    do throws(FramingError) {
      var rest = unsafe bytes
      while let message = unsafe try decoder.next(&rest) {
        became(HealthMessages.status(of: message.bytes))
      }
    } catch {
      return ended(error.answer)
    }
    if endStream, stream != nil { ended(nil) }
  }

  func trailersReceived(_ trailers: HeaderBlock) { ended(ResponseStatus.error(in: trailers)) }

  func streamWritable() {}

  func streamClosed(_ reason: HTTP2CloseReason) {
    guard stream != nil else { return }
    ended(.unavailable("the watch of the server's health was lost: \(reason)"))
  }
}

/// The two messages of `grpc.health.v1.Health/Watch`, written out: this room knows no schemas.
enum HealthMessages {
  enum Status: Int, Equatable { case unknown, serving, notServing, serviceUnknown }

  /// `HealthCheckRequest`: field 1 is the service's name.
  static func request(_ service: String) -> [UInt8] {
    guard !service.isEmpty else { return [] }
    let name = Array(service.utf8)
    return [0x0A] + varint(name.count) + name
  }

  /// `HealthCheckResponse`: field 1 is the status; others are passed over.
  static func status(of message: [UInt8]) -> Status {
    var status = Status.unknown
    var position = 0
    func number() -> Int? {
      var value = 0
      for shift in stride(from: 0, to: 63, by: 7) {
        guard position < message.count else { return nil }
        let byte = message[position]
        position += 1
        value |= Int(byte & 0x7F) << shift
        if byte & 0x80 == 0 { return value }
      }
      return nil
    }
    while let tag = number() {
      switch tag & 7 {
      case 0:
        guard let value = number() else { return .unknown }
        if tag >> 3 == 1 { status = Status(rawValue: value) ?? .unknown }
      case 1: position += 8
      case 2:
        guard let count = number(), count <= message.count else { return .unknown }
        position += count
      case 5: position += 4
      default: return .unknown
      }
    }
    return status
  }

  private static func varint(_ number: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = number
    while rest > 0x7F {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    return bytes + [UInt8(rest)]
  }
}
