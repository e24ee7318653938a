import Synchronization
import Testing

@testable import HTTP2

/// Header blocks that come again are known by the compression table's buffers.
struct HTTP2KnownBlocksTests {
  /// What a server saw: the blocks, and which of them it knew.
  private struct Seen: Sendable {
    var blocks: [HeaderBlock] = []
    var known: [Bool] = []
  }

  /// Sends the blocks one after the other over one connection, and gives what the server saw.
  private func exchange(_ blocks: [HeaderBlock]) async throws -> Seen {
    let seen = Mutex(Seen())
    let server = try Server { _, stream, headers, _ in
      seen.withLock { seen in
        seen.blocks.append(headers)
        seen.known.append(stream.known != nil)
      }
      stream.send(headers: [":status": "204"], endStream: true)
      return Recorder()
    }
    let connection = try await server.connect()
    for block in blocks {
      let answer = try await connection.reactor.run {
        let recorder = Recorder()
        _ = try connection.request(block, endStream: true, handler: recorder)
        return recorder
      }
      #expect(await answer.ended.value == .finished)
    }
    await server.end()
    return seen.withLock { $0 }
  }

  @Test func `a block that is repeated is known, and is what was sent`() async throws {
    var block = request("/s/M")
    block.append("x-one", "1")
    let seen = try await exchange(Array(repeating: block, count: 10))
    #expect(seen.blocks == Array(repeating: block, count: 10))
    #expect(seen.known.suffix(5) == [true, true, true, true, true])
    #expect(seen.known.first == false)
  }

  @Test func `the methods that a caller takes turns with are all known in the end`() async throws {
    let turns = (0..<4).map { request("/s/M\($0)") }
    let blocks = (0..<256).map { turns[$0 % turns.count] }
    let seen = try await exchange(blocks)
    #expect(seen.blocks == blocks)
    #expect(seen.known.suffix(4) == [true, true, true, true])
  }

  @Test func `a block with a secret is never kept`() async throws {
    var block = request("/s/M")
    block.append("authorization", "Bearer of-bad-news")
    let seen = try await exchange(Array(repeating: block, count: 40))
    #expect(seen.blocks == Array(repeating: block, count: 40))
    #expect(!seen.known.contains(true))
  }

  @Test func `a block that is too long is not kept`() async throws {
    var block = request("/s/M")
    for number in 0..<8 { block.append("x-\(number)", String(repeating: "a", count: 256)) }
    let seen = try await exchange(Array(repeating: block, count: 40))
    #expect(seen.blocks == Array(repeating: block, count: 40))
    #expect(!seen.known.contains(true))
  }

  /// Blocks that begin alike, are the beginning of another, repeat names, change one value, hold
  /// secrets, or push each other out of the compression table.
  @Test func `whatever comes, in whatever order, is what was sent`() async throws {
    var random = SplitMix(state: 7)
    let blocks = (0..<3_000).map { _ in
      var block = request("/s/M\(random.below(3))")
      for number in 0..<random.below(5) {
        switch random.below(6) {
        case 0: block.append("x-same", "1")
        case 1: block.append("x-\(number)", "\(random.below(2))")
        case 2: block.append("x-large", String(repeating: "v", count: random.below(900)))
        case 3: block.append("grpc-timeout", "\(random.below(3))S")
        case 4: block.append("x-empty", "")
        default: block.append("te", "trailers")
        }
      }
      return block
    }
    let seen = try await exchange(blocks)
    #expect(seen.blocks == blocks)
    #expect(seen.known.contains(true))
  }
}
