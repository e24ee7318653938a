import HTTP2
import SwiftProtobuf
import Testing

@testable import RPC

@Suite(.timeLimit(.minutes(5))) struct `Requests on the wire` {
  private func status(
    _ chunks: [[UInt8]], method: String = "Echo", _ changes: [String: String] = [:]
  ) async throws -> WireCall.Answer {
    var answer = WireCall.Answer()
    try await RPCFixture.run([.echo]) { fixture in
      let raw = try await WireCall.open(fixture, method, changes)
      for chunk in chunks { await raw.send(chunk) }
      await raw.send([], endStream: true)
      answer = await raw.answer()
    }
    return answer
  }

  @Test func `a whole call: headers, message, trailers`() async throws {
    let answer = try await status([MessageFrame([10, 1, 65]).bytes])
    #expect(answer.headers[first: ":status"] == "200")
    #expect(answer.headers[first: "content-type"] == "application/grpc")
    #expect(answer.headers[first: "x-request-id"]?.utf8.count == RequestIDs.length)
    #expect(answer.data == MessageFrame([10, 1, 65]).bytes)
    #expect(answer.trailers == ["grpc-status": "0"])
    #expect(answer.close == .finished)
  }

  @Test func `a frame that stops halfway is INTERNAL`() async throws {
    let answer = try await status([[0, 0, 0, 0, 9, 1, 2]])
    #expect(answer.headers[first: "grpc-status"] == "13")
    #expect(
      answer.headers[first: "grpc-message"] == "the stream ended after 2 of 9 bytes of a message")
  }

  @Test func `a compressed message is UNIMPLEMENTED and says what is supported`() async throws {
    let answer = try await status([[1, 0, 0, 0, 1, 0]], ["grpc-encoding": "br"])
    #expect(answer.headers[first: "grpc-status"] == "12")
    #expect(answer.headers[first: "grpc-message"]?.contains("\"br\"") == true)
    #expect(answer.headers[first: "grpc-accept-encoding"] == "gzip")
  }

  @Test func `bytes that are no message are INTERNAL`() async throws {
    let answer = try await status([MessageFrame([0xff, 0xff]).bytes])
    #expect(answer.headers[first: "grpc-status"] == "13")
    let message = answer.headers[first: "grpc-message"]
    #expect(message == "the message is no google.protobuf.StringValue")
  }

  @Test func `no message and two messages are UNIMPLEMENTED for a unary call`() async throws {
    #expect(try await status([]).headers[first: "grpc-status"] == "12")
    let two = MessageFrame([]).bytes + MessageFrame([]).bytes
    #expect(try await status([two]).headers[first: "grpc-status"] == "12")
  }

  @Test func `another content type is 415, another method 405, another path 404`() async throws {
    let text = try await status([], ["content-type": "text/plain"])
    #expect(text.headers[first: ":status"] == "415")
    #expect(text.headers[first: "accept-post"]?.contains("application/connect+json") == true)
    #expect(String(decoding: text.data, as: UTF8.self).contains("application/grpc"))
    let put = try await status([], [":method": "PUT"])
    #expect(put.headers[first: ":status"] == "405")
    #expect(put.headers[first: "allow"] == "POST")
    let nothing = try await status([], [":path": "/", "content-type": ""])
    #expect(nothing.headers[first: ":status"] == "404")
    #expect(!nothing.data.isEmpty)
  }

  @Test func `a request without te or with a bad timeout is refused`() async throws {
    let plain = try await status([], ["te": ""])
    #expect(plain.headers[first: "grpc-status"] == "13")
    let late = try await status([], ["grpc-timeout": "soon"])
    #expect(late.headers[first: "grpc-status"] == "13")
  }

  @Test func `an early answer lets the client stop sending`() async throws {
    try await RPCFixture.run([.echo]) { fixture in
      let raw = try await WireCall.open(fixture, "Nothing")
      let answer = await raw.answer()
      #expect(answer.headers[first: "grpc-status"] == "12")
    }
  }

  @Test func `calls of unknown paths go to the unmatched hook`() async throws {
    let unmatched: UnmatchedHandler = { call in
      guard call.path == "/ikso.test.v1.Test/Raw" else { return nil }
      return Loop(call.stream)
    }
    try await RPCFixture.run([.echo], unmatched: unmatched) { fixture in
      let raw = try await WireCall.open(fixture, "Raw", ["content-type": "application/grpc-web"])
      await raw.send([1, 2, 3], endStream: true)
      let answer = await raw.answer()
      #expect(answer.headers[first: ":status"] == "299" && answer.data == [1, 2, 3])
      let other = try await WireCall.open(fixture, "Other")
      #expect(await other.answer().headers[first: "grpc-status"] == "12")
    }
  }
}

/// Sends back what comes.
private final class Loop: HTTP2StreamHandler {
  private let stream: HTTP2Stream

  init(_ stream: HTTP2Stream) {
    self.stream = stream
    stream.send(headers: [":status": "299"], endStream: false)
  }

  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {}
  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    unsafe stream.send(data: Array(bytes), endStream: endStream)
    stream.consumed(bytes.count)
  }
  func trailersReceived(_ trailers: HeaderBlock) {}
  func streamWritable() {}
  func streamClosed(_ reason: HTTP2CloseReason) {}
}
