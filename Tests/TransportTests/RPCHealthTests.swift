import HTTP2
import SwiftProtobuf
import Testing

@testable import RPC

@Suite(.timeLimit(.minutes(5))) struct `Health of connections` {
  /// `grpc.health.v1.Health/Watch` of one server, whose status a test sets.
  private final class Watched: Sendable {
    private let stream: AsyncStream<UInt64>
    private let continuation: AsyncStream<UInt64>.Continuation
    let journal = Journal()

    init(_ first: UInt64?) {
      (stream, continuation) = AsyncStream.makeStream()
      if let first { set(first) }
    }

    func set(_ status: UInt64) { continuation.yield(status) }
    /// Ends the watch.
    func end() { continuation.finish() }

    var method: RPCMethod {
      let descriptor = MethodDescriptor(
        service: "grpc.health.v1.Health", name: "Watch", kind: .serverStreaming)
      // Field 1 of the request is a text, field 1 of the answer a number.
      return .serverStreaming(descriptor, admit: admitAll) {
        (request: Text, _, responses: ResponseWriter<Google_Protobuf_UInt64Value>) in
        self.journal.note("watched \(request.value)")
        for await status in self.stream {
          try await responses.send(Google_Protobuf_UInt64Value(status))
        }
      }
    }
  }

  @Test func `a server is used only while it serves`() async throws {
    let watched = [Watched(1), Watched(2)]
    try await ServerFleet.run(2, methods: { [watched[$0].method] }) { fleet in
      let client = fleet.client([0, 1]) {
        $0.loadBalancing = .roundRobin
        $0.healthService = "ikso.test.v1.Test"
      }
      try await client.settle(on: ["0"])
      await watched[1].journal.wait(for: "watched ikso.test.v1.Test")
      watched[1].set(1)
      try await client.settle(on: ["0", "1"])
      watched[0].set(2)
      try await client.settle(on: ["1"])
    }
  }

  @Test func `calls wait for the first answer, and fail with its name while none serves`()
    async throws
  {
    let watched = Watched(nil)
    try await ServerFleet.run(1, methods: { _ in [watched.method] }) { fleet in
      let client = fleet.client([0]) { $0.healthService = "" }
      async let first = client.which()
      await watched.journal.wait(for: "watched ")
      watched.set(1)
      let answered = try await first
      #expect(answered == "0")
      watched.set(3)
      while true {
        guard let error = await rpcError({ _ = try await client.which() }) else { continue }
        #expect(error.code == .unavailable)
        #expect(error.message.contains("serviceUnknown"))
        break
      }
      async let patient = client.which(waitForReady: true)
      watched.set(1)
      let late = try await patient
      #expect(late == "0")
    }
  }

  @Test func `a server without the method counts as healthy`() async throws {
    try await ServerFleet.run(1) { fleet in
      let client = fleet.client([0]) { $0.healthService = "ikso.test.v1.Test" }
      try await client.settle(on: ["0"])
    }
  }

  @Test func `a watch that ends is begun again`() async throws {
    let watched = Watched(1)
    try await ServerFleet.run(1, methods: { _ in [watched.method] }) { fleet in
      let client = fleet.client([0]) { $0.healthService = "x" }
      try await client.settle(on: ["0"])
      watched.end()
      // The stream of statuses is used up: each further watch ends at once.
      await watched.journal.wait(for: "watched x", times: 3)
    }
  }

  @Test(arguments: [
    ([], HealthMessages.Status.unknown), ([8, 1], .serving), ([8, 2], .notServing),
    ([8, 3], .serviceUnknown), ([8, 9], .unknown), ([18, 2, 8, 1, 8, 1], .serving),
    ([8], .unknown), ([0x85], .unknown), ([18, 200], .unknown),
    ([21, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0, 8, 1], .serving),
  ])
  func `the status is field 1, whatever else there is`(
    _ bytes: [UInt8], _ status: HealthMessages.Status
  ) {
    #expect(HealthMessages.status(of: bytes) == status)
  }

  @Test func `the request names the service`() throws {
    let long = String(repeating: "s", count: 300)
    for name in ["", "a.b.C", long] {
      let read = try Text(serializedBytes: HealthMessages.request(name))
      #expect(read.value == name)
    }
  }
}
