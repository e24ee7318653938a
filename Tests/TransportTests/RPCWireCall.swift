import HTTP2
import Reactor
import Synchronization

@testable import RPC

/// A call written by hand, for what our own client would not send.
final class WireCall: HTTP2StreamHandler, @unchecked Sendable {
  // Invariant: touched on `reactor`'s thread only, but for `ended`.

  struct Answer: Sendable {
    var headers = HeaderBlock()
    var data: [UInt8] = []
    var trailers = HeaderBlock()
    var close: HTTP2CloseReason?
  }

  private let reactor: Reactor
  private var connection: HTTP2Connection?
  private var stream: HTTP2Stream?
  private var received = Answer()
  private let ended = Journal()

  private init(_ reactor: Reactor) { self.reactor = reactor }

  /// Sends the headers of a call; a value in `changes` replaces a field, an empty one removes it.
  /// With `whole` the request goes out and ends in the same turn.
  static func open(
    _ fixture: RPCFixture, _ method: String, _ changes: [String: String] = [:],
    whole: [UInt8]? = nil
  ) async throws -> WireCall {
    let reactor = fixture.reactors.reactors[0]
    let call = WireCall(reactor)
    let connection = try await HTTP2Connector.connect(
      to: fixture.endpoint, tls: nil, on: reactor, deadline: .now + .seconds(5))
    var headers: HeaderBlock = [
      ":method": "POST", ":scheme": "http", ":authority": "localhost",
      ":path": "/ikso.test.v1.Test/\(method)", "te": "trailers",
      "content-type": "application/grpc",
    ]
    for (name, value) in changes {
      if let position = headers.fields.firstIndex(where: { $0.name == name }) {
        headers.fields[position].value = value
      } else {
        headers.append(name, value)
      }
    }
    headers.fields.removeAll { $0.value.isEmpty }
    let block = headers
    await call.onReactor {
      call.connection = connection
      call.stream = try? connection.request(block, endStream: false, handler: call)
      if let whole { call.stream?.send(data: whole, endStream: true) }
    }
    return call
  }

  func send(_ bytes: [UInt8], endStream: Bool = false) async {
    await onReactor { self.stream?.send(data: bytes, endStream: endStream) }
  }

  func closeConnection() { reactor.execute { self.connection?.close() } }

  /// All that came until the stream was closed.
  func answer() async -> Answer {
    await ended.wait(for: "closed")
    return await withCheckedContinuation { continuation in
      reactor.execute {
        self.connection?.close()
        continuation.resume(returning: self.received)
      }
    }
  }

  private func onReactor(_ body: @escaping @Sendable () -> Void) async {
    await withCheckedContinuation { continuation in
      reactor.execute {
        body()
        continuation.resume()
      }
    }
  }

  func headersReceived(_ headers: HeaderBlock, endStream: Bool) { received.headers = headers }

  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    unsafe received.data.append(contentsOf: bytes)
  }

  func trailersReceived(_ trailers: HeaderBlock) { received.trailers = trailers }
  func streamWritable() {}

  func streamClosed(_ reason: HTTP2CloseReason) {
    received.close = reason
    ended.note("closed")
  }
}
