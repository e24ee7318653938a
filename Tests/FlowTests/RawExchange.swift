import HTTP2
import RPC
import Reactor
import Synchronization
import TLS

/// One HTTP/2 exchange, byte for byte as a test wants it: what a broken or hostile client sends.
struct RawExchange: Sendable {
  struct Answer: Sendable {
    var headers: HeaderBlock?
    var trailers: HeaderBlock?
    var bytes: [UInt8] = []
    var end: HTTP2CloseReason = .finished

    /// The gRPC status, wherever it stands; nil if there is none.
    var status: StatusCode? {
      (trailers?[first: "grpc-status"] ?? headers?[first: "grpc-status"])
        .flatMap { Int($0) }.flatMap(StatusCode.init)
    }

    var message: String {
      trailers?[first: "grpc-message"] ?? headers?[first: "grpc-message"] ?? ""
    }
  }

  /// Sends `headers` and `body` on a connection of its own and waits for the end of the stream.
  /// - Parameter ending: whether the request ends with them.
  static func run(
    _ endpoint: Endpoint, tls: TLSContext, headers: HeaderBlock, body: [UInt8],
    ending: Bool = true
  ) async throws -> Answer {
    let reactor = try House.current().reactors.next()
    let connection = try await HTTP2Connector.connect(
      to: endpoint, tls: tls, on: reactor, deadline: .now + .seconds(60))
    let answer: Answer = try await withCheckedThrowingContinuation { continuation in
      reactor.execute {
        let collector = Collector(continuation)
        do {
          let stream = try connection.request(
            headers, endStream: ending && body.isEmpty, handler: collector)
          collector.stream = stream
          if !body.isEmpty { stream.send(data: body, endStream: ending) }
        } catch {
          continuation.resume(throwing: error)
        }
      }
    }
    reactor.execute { connection.close() }
    return answer
  }

  static func headers(
    _ path: String, token: String? = nil, contentType: String = "application/grpc"
  ) -> HeaderBlock {
    var block: HeaderBlock = [
      ":method": "POST", ":scheme": "https", ":path": path, ":authority": "localhost",
      "te": "trailers", "content-type": contentType,
    ]
    if let token { block.append("authorization", "Bearer \(token)") }
    return block
  }

  /// A gRPC message: flag, length, bytes.
  static func framed(_ message: [UInt8], claiming length: Int? = nil) -> [UInt8] {
    let length = UInt32(length ?? message.count)
    return [0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + message
  }

  private final class Collector: HTTP2StreamHandler {
    private let continuation: CheckedContinuation<Answer, any Error>
    private var answer = Answer()
    var stream: HTTP2Stream?

    init(_ continuation: CheckedContinuation<Answer, any Error>) {
      self.continuation = continuation
    }

    func headersReceived(_ headers: HeaderBlock, endStream: Bool) { answer.headers = headers }
    func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
      answer.bytes += unsafe [UInt8](bytes)
      stream?.consumed(bytes.count)
    }
    func trailersReceived(_ trailers: HeaderBlock) { answer.trailers = trailers }
    func streamWritable() {}
    func streamClosed(_ reason: HTTP2CloseReason) {
      answer.end = reason
      stream = nil
      continuation.resume(returning: answer)
    }
  }
}
