import Testing

@testable import RPC

@Suite struct `Message framing` {
  /// Feeds chunks as they would arrive and gives the messages that come out after each.
  private func decode(
    _ chunks: [[UInt8]], limit: Int = 100, encoding: String? = nil
  ) throws -> [[[UInt8]]] {
    var decoder = MessageDecoder(limit: limit, encoding: encoding)
    let transcript = try chunks.map { try feed(&decoder, $0) }
    #expect(try decoder.end() == nil)
    return transcript
  }

  private func feed(_ decoder: inout MessageDecoder, _ chunk: [UInt8]) throws -> [[UInt8]] {
    var messages: [[UInt8]] = []
    try unsafe chunk.withUnsafeBytes { bytes in
      var rest = unsafe bytes
      while let message = unsafe try decoder.next(&rest) { messages.append(message.bytes) }
    }
    return messages
  }

  @Test func `one frame in one chunk`() throws {
    #expect(try decode([[0, 0, 0, 0, 3, 7, 8, 9]]) == [[[7, 8, 9]]])
  }

  @Test func `an empty message is a message`() throws {
    #expect(try decode([[0, 0, 0, 0, 0]]) == [[[]]])
  }

  @Test func `two frames in one chunk, and the head of a third`() throws {
    let transcript = try decode([[0, 0, 0, 0, 1, 7, 0, 0, 0, 0, 1, 8, 0, 0], [0, 0, 1, 9]])
    #expect(transcript == [[[7], [8]], [[9]]])
  }

  @Test func `a frame that comes byte by byte`() throws {
    let transcript = try decode([0, 0, 0, 0, 2, 7, 8].map { [$0] })
    #expect(transcript == [[], [], [], [], [], [], [[7, 8]]])
  }

  @Test func `a length above the limit is refused before its bytes come`() {
    #expect(throws: FramingError.tooLarge(bytes: 101, limit: 100)) {
      try decode([[0, 0, 0, 0, 101]])
    }
    #expect(
      FramingError.tooLarge(bytes: 101, limit: 100).answer.description
        == "RESOURCE_EXHAUSTED: a message of 101 bytes exceeds the limit of 100 bytes")
  }

  @Test func `a length of four gigabytes allocates nothing`() {
    #expect(throws: FramingError.tooLarge(bytes: 0xffff_ffff, limit: 100)) {
      try decode([[0, 0xff, 0xff, 0xff, 0xff]])
    }
  }

  @Test func `a compressed message names the encoding that is not supported`() {
    #expect(throws: FramingError.compressed(encoding: "br")) {
      try decode([[1, 0, 0, 0, 1, 7]], encoding: "br")
    }
    let answer = FramingError.compressed(encoding: "gzip").answer
    #expect(answer.code == .unimplemented && answer.message.contains("\"gzip\""))
  }

  @Test func `an uncompressed message passes whatever the encoding`() throws {
    #expect(try decode([[0, 0, 0, 0, 1, 7]], encoding: "gzip") == [[[7]]])
  }

  @Test(arguments: [nil, "identity"])
  func `a compressed message without an encoding is the peer's error`(_ encoding: String?) {
    #expect(throws: FramingError.compressedWithoutEncoding) {
      try decode([[1, 0, 0, 0, 1, 7]], encoding: encoding)
    }
    #expect(FramingError.compressedWithoutEncoding.answer.code == .internalError)
  }

  @Test func `flags other than 0 and 1 are refused`() {
    #expect(throws: FramingError.unknownFlag(2)) { try decode([[2, 0, 0, 0, 0]]) }
  }

  @Test func `an end inside a prefix or a message is a truncation`() {
    #expect(throws: FramingError.truncated(received: 3, expected: 5)) { try decode([[0, 0, 0]]) }
    #expect(throws: FramingError.truncated(received: 1, expected: 2)) {
      try decode([[0, 0, 0, 0, 2, 7]])
    }
    #expect(throws: FramingError.truncated(received: 0, expected: 2)) {
      try decode([[0, 0, 0, 0, 2]])
    }
  }

  @Test func `nothing is read after an error`() throws {
    var decoder = MessageDecoder(limit: 100)
    #expect(throws: FramingError.unknownFlag(9)) { try feed(&decoder, [9, 0, 0, 0, 0]) }
    #expect(try feed(&decoder, [0, 0, 0, 0, 1, 7]) == [])
    #expect(try decoder.end() == nil)
  }

  @Test func `any cut of the same bytes gives the same messages`() throws {
    let messages: [[UInt8]] = [[], [1], Array(repeating: 2, count: 70), [3, 4, 5]]
    let bytes = messages.flatMap { MessageFrame($0).bytes }
    for first in 0...bytes.count {
      for second in stride(from: first, through: bytes.count, by: 7) {
        let cut = [bytes[..<first], bytes[first..<second], bytes[second...]].map(Array.init)
        #expect(try decode(cut).flatMap { $0 } == messages)
      }
    }
  }

  @Test func `a frame carries its length in four bytes, big end first`() {
    #expect(MessageFrame(Array(repeating: 1, count: 258)).bytes.prefix(5) == [0, 0, 0, 1, 2])
    #expect(MessageFrame([]).bytes == [0, 0, 0, 0, 0])
  }
}
