import HTTP2
import Synchronization
import Testing

@testable import RPC

/// Messages that come in pieces, and some that never end.
@Suite(.timeLimit(.minutes(5))) struct RPCPartialMessageTests {
  private static let limit = 100_000

  private static func frame(_ count: Int) throws -> [UInt8] {
    try WireProtocol.grpc.encode(Text(String(repeating: "a", count: count)), gzip: nil).bytes
  }

  @Test func `beyond their bound the call that holds most is refused, and others go on`()
    async throws
  {
    let told = Mutex<[HTTP2Excess]>([])
    let message = try Self.frame(90_000)
    try await RPCFixture.run([.echo]) {
      $0.maxPartialBytes = Self.limit
      $0.onExcess = { excess in told.withLock { $0.append(excess) } }
    } _: { fixture in
      // Who is refused has room again, and keeps nobody out: not at the third time either.
      for count in 1...3 {
        let hoarder = try await WireCall.open(fixture, "Echo")
        await hoarder.send(Array(message.dropLast()))
        let other = try await WireCall.open(fixture, "Echo")
        await other.send(Array(message[..<30_000]))
        let refusal = await hoarder.answer()
        #expect(refusal.headers[first: "grpc-status"] == "8")
        await other.send(Array(message[30_000...]), endStream: true)
        let answer = await other.answer()
        #expect(answer.trailers[first: "grpc-status"] == "0")
        #expect(answer.data == message)
        #expect(told.withLock { $0.count } == count)
      }
    }
    #expect(told.withLock { $0 }.allSatisfy { $0.bound == .partialMessageBytes })
  }

  @Test func `what was given up half read is held no longer`() async throws {
    let (part, message) = (try Self.frame(30_000).dropLast(), try Self.frame(90_000))
    try await RPCFixture.run([.echo], configure: { $0.maxPartialBytes = Self.limit }) { fixture in
      for _ in 1...5 {
        let broken = try await WireCall.open(fixture, "Echo")
        await broken.send(Array(part))
        broken.closeConnection()
        let short = try await WireCall.open(fixture, "Echo")
        await short.send(Array(part), endStream: true)
        #expect(await short.answer().headers[first: "grpc-status"] == "13")
      }
      let whole = try await WireCall.open(fixture, "Echo")
      await whole.send(message, endStream: true)
      #expect(await whole.answer().data == message)
    }
  }
}
