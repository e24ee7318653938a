import HTTP2
import Reactor
import SwiftProtobuf
import Synchronization
import Testing

@testable import RPC

@Suite(.timeLimit(.minutes(5))) struct `Pools of connections` {
  @Test func `pick first uses one address, and the next if it cannot be reached`() async throws {
    try await ServerFleet.run(2) { fleet in
      let client = fleet.client([0, 1])
      try await client.settle(on: ["0"], rounds: 5)
      // Nobody listens at the address of the third.
      let other = fleet.client([2, 1])
      try await other.settle(on: ["1"], rounds: 5)
    }
  }

  @Test func `round robin uses all addresses in turn`() async throws {
    try await ServerFleet.run(3) { fleet in
      let client = fleet.client([0, 1, 2]) { $0.loadBalancing = .roundRobin }
      try await client.settle(on: ["0", "1", "2"], rounds: 3)
      var counts: [String: Int] = [:]
      for _ in 0..<30 { counts[try await client.which(), default: 0] += 1 }
      #expect(counts == ["0": 10, "1": 10, "2": 10])
    }
  }

  @Test func `an address that cannot be reached is left out`() async throws {
    try await ServerFleet.run(2) { fleet in
      let client = fleet.client([0, 1, 2, 3]) { $0.loadBalancing = .roundRobin }
      try await client.settle(on: ["0", "1"])
      await fleet.servers[0].shutdown(grace: .zero)
      try await client.settle(on: ["1"])
    }
  }

  @Test func `least request avoids the server whose calls take long`() async throws {
    let journal = Journal()
    let slow: (Int) -> [RPCMethod] = { index in
      [
        .unary(.test("Slow"), admit: admitAll) { (request: Text, _) in
          if index == 0 { journal.note("stuck") }
          journal.note("slow")
          if index == 0 { await journal.wait(for: "go on") }
          return request
        }
      ]
    }
    try await ServerFleet.run(2, methods: slow) { fleet in
      let client = fleet.client([0, 1]) { $0.loadBalancing = .leastRequest }
      try await client.settle(on: ["0", "1"])
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<40 {
          group.addTask {
            let _: Text = try await client.unary(.test("Slow"), Text())
            journal.note("answered")
          }
        }
        // Until some are stuck at the first server, and the second has none left.
        await journal.wait(for: "slow", times: 40)
        await journal.wait(for: "answered", times: 40 - journal.count("stuck"))
        // Of two servers both are always compared.
        for _ in 0..<20 { #expect(try await client.which() == "1") }
        journal.note("go on")
        try await group.waitForAll()
      }
    }
  }

  @Test func `names are looked up again, and all that is found is used`() async throws {
    try await ServerFleet.run(3) { fleet in
      let list = AddressList([0])
      let client = fleet.client(naming: list) { $0.loadBalancing = .roundRobin }
      try await client.settle(on: ["0"])
      list.set([0, 1, 2])
      try await client.settle(on: ["0", "1", "2"])
      list.set([2])
      try await client.settle(on: ["2"])
      // A failure changes nothing.
      list.set(nil)
      await list.lookUps.wait(for: "look-up", times: list.lookUps.count("look-up") + 3)
      try await client.settle(on: ["2"])
    }
  }

  @Test func `pick first moves when its address is gone from the name`() async throws {
    try await ServerFleet.run(2) { fleet in
      let list = AddressList([0, 1])
      let client = fleet.client(naming: list)
      try await client.settle(on: ["0"])
      list.set([1])
      try await client.settle(on: ["1"])
    }
  }

  @Test func `a name that is not found fails calls, but for those that wait`() async throws {
    try await ServerFleet.run(1) { fleet in
      let list = AddressList(nil)
      let client = fleet.client(naming: list)
      let error = await rpcError { _ = try await client.which() }
      #expect(error?.code == .unavailable)
      #expect(error?.message.contains(ServerFleet.name) == true)
      async let late = client.which(waitForReady: true)
      await list.lookUps.wait(for: "look-up", times: list.lookUps.count("look-up") + 2)
      list.set([0])
      let answered = try await late
      #expect(answered == "0")
    }
  }

  @Test func `a failed connection brings the next look-up forward`() async throws {
    try await ServerFleet.run(2) { fleet in
      let list = AddressList([0])
      let client = fleet.client(naming: list) { $0.resolution.interval = .seconds(3_600) }
      try await client.settle(on: ["0"])
      list.set([1])
      await fleet.servers[0].shutdown(grace: .zero)
      try await client.settle(on: ["1"])
    }
  }

  @Test func `look-ups keep their distance however many connections fail`() async throws {
    try await ServerFleet.run(0) { fleet in
      let list = AddressList([0])
      let client = fleet.client(naming: list) {
        $0.resolution.interval = .seconds(3_600)
        $0.resolution.minInterval = .seconds(3_600)
      }
      for _ in 0..<50 { _ = await rpcError { _ = try await client.which() } }
      #expect(list.lookUps.count("look-up") == 1)
    }
  }

  @Test func `a channel without calls closes its connections and opens them again`() async throws {
    try await ScriptedServer.run({ $0.idleTimeout = .milliseconds(5) }) { script in
      for text in ["one", "two"] {
        async let answer: Text = script.client.unary(.test("Echo"), Text())
        let peer = try await script.accept()
        try await peer.request(on: 1)
        peer.write(Frame.answer(1, text))
        let answerText = try await answer.value
        #expect(answerText == text)
        try await peer.end()
      }
    }
  }

  @Test func `GOAWAY moves calls that were not processed, and lets the others finish`()
    async throws
  {
    try await ScriptedServer.run { script in
      async let first: Text = script.client.unary(.test("First"), Text())
      let old = try await script.accept()
      try await old.request(on: 1)
      async let second: Text = script.client.unary(.test("Second"), Text())
      try await old.request(on: 3)
      // Stream 1 is served to its end, stream 3 was not looked at.
      old.write(Frame.goAway(last: 1, 0))
      let new = try await script.accept()
      try await new.request(on: 1)
      new.write(Frame.answer(1, "moved"))
      let secondText = try await second.value
      #expect(secondText == "moved")
      old.write(Frame.answer(1, "stayed"))
      let firstText = try await first.value
      #expect(firstText == "stayed")
      try await old.end()
    }
  }

  @Test func `a stream of requests is moved whole`() async throws {
    try await ScriptedServer.run { script in
      let journal = Journal()
      let client = script.client
      async let answer: Text = client.clientStreaming(.test("Stream", .clientStreaming)) {
        (requests: RequestWriter<Text>) in
        try await requests.send(Text("one"))
        try await requests.send(Text("two"))
        journal.note("sent")
        await journal.wait(for: "moved")
        try await requests.send(Text("three"))
      }
      let old = try await script.accept()
      try await old.request(on: 1)
      await journal.wait(for: "sent")
      old.write(Frame.goAway(last: 0, 0))
      let new = try await script.accept()
      try await new.request(on: 1)
      journal.note("moved")
      let messages = ["one", "two", "three"].map { [10, UInt8($0.count)] + Array($0.utf8) }
      let body = try await new.body(of: 1)
      #expect(body == messages.flatMap { MessageFrame($0).bytes })
      new.write(Frame.answer(1, "whole"))
      let answerText = try await answer.value
      #expect(answerText == "whole")
    }
  }

  @Test func `a stream of requests beyond the bound is not sent again`() async throws {
    try await ScriptedServer.run({ $0.retryBufferBytes = 8 }) { script in
      let journal = Journal()
      let client = script.client
      async let error = rpcError {
        let _: Text = try await client.clientStreaming(.test("Stream", .clientStreaming)) {
          (requests: RequestWriter<Text>) in
          try await requests.send(Text("more than eight bytes"))
          journal.note("sent")
          // Until the server has ended the call.
          while true { try await requests.send(Text("again")) }
        }
      }
      let old = try await script.accept()
      try await old.request(on: 1)
      await journal.wait(for: "sent")
      old.write(Frame.goAway(last: 0, 0))
      let code = await error?.code
      #expect(code == .unavailable)
    }
  }

  @Test func `a silent server is given up, and the call fails`() async throws {
    let change: (inout RPCClientConfiguration) -> Void = {
      $0.http2.livenessInterval = .milliseconds(5)
      $0.http2.livenessTimeout = .milliseconds(5)
    }
    try await ScriptedServer.run(change) { script in
      async let error = rpcError {
        let _: Text = try await script.client.unary(.test("Silence"), Text())
      }
      let peer = try await script.accept()
      try await peer.request(on: 1)
      // PING, which nobody answers.
      try await peer.wait(for: 6, of: 0)
      let failed = await error
      #expect(failed?.code == .unavailable)
      #expect(failed?.message.contains("does not answer") == true)
    }
  }

  @Test func `an unused connection is asked too if it may be`() async throws {
    let change: (inout RPCClientConfiguration) -> Void = {
      $0.http2.livenessInterval = .milliseconds(5)
      $0.http2.livenessTimeout = .seconds(600)
      $0.http2.livenessWithoutStreams = true
    }
    try await ScriptedServer.run(change) { script in
      async let answer: Text = script.client.unary(.test("Echo"), Text())
      let peer = try await script.accept()
      try await peer.request(on: 1)
      peer.write(Frame.answer(1, "over"))
      let answered = try await answer.value
      #expect(answered == "over")
      try await peer.wait(for: 6, of: 0)
    }
  }

  @Test func `a server that is asked too often is asked less`() async throws {
    try await ScriptedServer.run({ $0.http2.livenessInterval = .seconds(300) }) { script in
      let reactor = script.reactors.reactors[0]
      for interval in [300, 600, 1_200] {
        async let connection = withCheckedContinuation { continuation in
          reactor.execute {
            script.client.withConnection(on: reactor, deadline: nil) { result in
              continuation.resume(returning: try? result.get())
            }
          }
        }
        let peer = try await script.accept()
        let limits = await connection?.limits
        #expect(limits?.livenessInterval == .seconds(interval))
        peer.write(Frame.goAway(last: 0, 11, "too_many_pings"))
        try await peer.end()
      }
    }
  }

  @Test func `a client that nobody holds any more closes its connection`() async throws {
    let server = try RawServer()
    let reactors = try ReactorGroup(count: 1)
    reactors.start()
    defer { reactors.shutdown() }
    let call = Task {
      let client = RPCClient(
        endpoint: Endpoint(host: "127.0.0.1", port: server.port), tls: nil, reactors: reactors)
      let answer: Text = try await client.unary(.test("Echo"), Text())
      return answer.value
    }
    let peer = ScriptedPeer(try await server.accept())
    peer.write(Frame.settings)
    try await peer.request(on: 1)
    peer.write(Frame.answer(1, "last"))
    let callText = try await call.value
    #expect(callText == "last")
    try await peer.end()
  }
}
