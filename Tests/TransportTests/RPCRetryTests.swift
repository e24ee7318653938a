import HTTP2
import SwiftProtobuf
import Synchronization
import Testing

@testable import RPC

@Suite(.timeLimit(.minutes(5))) struct `Retries` {
  /// A policy that does not keep a test waiting.
  private static func policy(
    _ attempts: Int = 3, _ codes: Set<StatusCode> = [.unavailable]
  ) -> RetryPolicy {
    var policy = RetryPolicy(maxAttempts: attempts, retryableCodes: codes)
    policy.backoff.initial = .milliseconds(1)
    policy.backoff.maximum = .milliseconds(2)
    return policy
  }

  private static let idempotent = MethodDescriptor(
    service: "ikso.test.v1.Test", name: "Get", idempotent: true)

  /// Runs `body` against a server that answers call after call as `answer` says.
  private static func run(
    _ change: (inout RPCClientConfiguration) -> Void = { $0.retryPolicy = policy() },
    answer: @escaping @Sendable (Attempt) -> Void,
    _ body: (RPCClient, AttemptLog) async throws -> Void
  ) async throws {
    let log = AttemptLog()
    let unmatched: UnmatchedHandler = { raw in
      let attempt = Attempt(stream: raw.stream, number: log.note(raw.headers))
      return AttemptHandler { answer(attempt) }
    }
    try await RPCFixture.run([], unmatched: unmatched) { fixture in
      var configuration = RPCClientConfiguration()
      change(&configuration)
      try await body(fixture.client(configuration), log)
    }
  }

  @Test func `a call is made again until it succeeds, and says how often it was made`()
    async throws
  {
    try await Self.run(answer: { $0.number < 3 ? $0.fail(14) : $0.succeed() }) { client, log in
      let answer: Text = try await client.unary(Self.idempotent, Text())
      #expect(answer.value == "A")
      #expect(log.previousAttempts == [nil, "1", "2"])
    }
  }

  @Test(arguments: [(3, 3), (5, 5), (9, 5)])
  func `attempts end at the policy's number, and at five`(_ policy: Int, _ made: Int) async throws {
    try await Self.run({ $0.retryPolicy = Self.policy(policy) }, answer: { $0.fail(14) }) {
      client, log in
      let error = await rpcError { let _: Text = try await client.unary(Self.idempotent, Text()) }
      #expect(error?.code == .unavailable && log.count == made)
    }
  }

  @Test func `other statuses, and methods that are not idempotent, are not retried`()
    async throws
  {
    try await Self.run(answer: { $0.fail($0.number == 1 ? 13 : 14) }) { client, log in
      let fatal = await rpcError { let _: Text = try await client.unary(Self.idempotent, Text()) }
      #expect(fatal?.code == .internalError && log.count == 1)
      let once = await rpcError { let _: Text = try await client.unary(.test("Add"), Text()) }
      #expect(once?.code == .unavailable && log.count == 2)
    }
  }

  @Test(arguments: ["ikso.test.v1.Test/Add", "ikso.test.v1.Test"])
  func `a policy that names a method or its service covers it`(_ name: String) async throws {
    let change: (inout RPCClientConfiguration) -> Void = {
      $0.methodRetryPolicies = [name: Self.policy(2, [.aborted])]
    }
    try await Self.run(change, answer: { $0.number == 1 ? $0.fail(10) : $0.succeed() }) {
      client, log in
      let _: Text = try await client.unary(.test("Add"), Text())
      #expect(log.count == 2)
    }
  }

  @Test func `without a policy nothing is retried`() async throws {
    try await Self.run({ _ in }, answer: { $0.fail(14) }) { client, log in
      let error = await rpcError { let _: Text = try await client.unary(Self.idempotent, Text()) }
      #expect(error?.code == .unavailable && log.count == 1)
    }
  }

  @Test(arguments: [("-1", 1), ("soon", 1), ("", 1), ("2147483648", 1), ("0", 2), ("3", 2)])
  func `the server says whether and when to come again`(_ pushback: String, _ made: Int)
    async throws
  {
    let change: (inout RPCClientConfiguration) -> Void = {
      $0.retryPolicy = Self.policy()
      // Nothing but the server's word lets the second attempt come in time.
      if made == 2 { $0.retryPolicy?.backoff.initial = .seconds(3_600) }
      if made == 2 { $0.retryPolicy?.backoff.maximum = .seconds(3_600) }
    }
    let answer: @Sendable (Attempt) -> Void = {
      $0.number == 1 ? $0.fail(14, ["grpc-retry-pushback-ms": pushback]) : $0.succeed()
    }
    try await Self.run(change, answer: answer) { client, log in
      let error = await rpcError { let _: Text = try await client.unary(Self.idempotent, Text()) }
      #expect(error?.code == (made == 1 ? .unavailable : nil) && log.count == made)
    }
  }

  @Test func `an answer that has begun is the last`() async throws {
    let answer: @Sendable (Attempt) -> Void = { attempt in
      attempt.begin()
      attempt.end(14)
    }
    try await Self.run(answer: answer) { client, log in
      let error = await rpcError { let _: Text = try await client.unary(Self.idempotent, Text()) }
      #expect(error?.code == .unavailable && log.count == 1)
    }
  }

  @Test func `a request beyond the buffer is sent once`() async throws {
    let change: (inout RPCClientConfiguration) -> Void = {
      $0.retryPolicy = Self.policy()
      $0.retryBufferBytes = 100
    }
    try await Self.run(change, answer: { $0.fail(14) }) { client, log in
      let large = Text(String(repeating: "x", count: 200))
      let error = await rpcError { let _: Text = try await client.unary(Self.idempotent, large) }
      #expect(error?.code == .unavailable && log.count == 1)
      let small = await rpcError { let _: Text = try await client.unary(Self.idempotent, Text()) }
      #expect(small?.code == .unavailable && log.count == 4)
    }
  }

  @Test func `a wait that outlasts the deadline is not begun`() async throws {
    let change: (inout RPCClientConfiguration) -> Void = {
      $0.retryPolicy = Self.policy()
      $0.retryPolicy?.backoff.initial = .seconds(3_600)
      $0.retryPolicy?.backoff.maximum = .seconds(3_600)
    }
    try await Self.run(change, answer: { $0.fail(14) }) { client, log in
      let error = await rpcError {
        let _: Text = try await client.unary(
          Self.idempotent, Text(), CallOptions(timeout: .seconds(600)))
      }
      #expect(error?.code == .unavailable && log.count == 1)
    }
  }

  @Test func `failures of a server stop the retries, successes allow them again`() async throws {
    let change: (inout RPCClientConfiguration) -> Void = {
      $0.retryPolicy = Self.policy(5)
      $0.retryThrottling = RetryThrottling(maxTokens: 4, tokenRatio: 0.5)
    }
    let fails = Mutex(true)
    let answer: @Sendable (Attempt) -> Void = {
      fails.withLock { $0 } ? $0.fail(14) : $0.succeed()
    }
    try await Self.run(change, answer: answer) { client, log in
      let call = {
        await rpcError { let _: Text = try await client.unary(Self.idempotent, Text()) }
      }
      // 4 tokens: the first failure leaves 3, the second 2, which is the half.
      _ = await call()
      #expect(log.count == 2)
      _ = await call()
      #expect(log.count == 3)
      fails.withLock { $0 = false }
      // 1 token is left; five successes make 3.5.
      for _ in 0..<5 { _ = await call() }
      fails.withLock { $0 = true }
      _ = await call()
      #expect(log.count == 10)
    }
  }

  @Test func `tokens stay between nothing and their number`() {
    let tokens = RetryTokens(RetryThrottling(maxTokens: 2, tokenRatio: 0.1))
    for _ in 0..<9 { tokens.failed() }
    for _ in 0..<10 { tokens.succeeded() }
    #expect(!tokens.allowRetry)
    tokens.succeeded()
    #expect(tokens.allowRetry)
    for _ in 0..<90 { tokens.succeeded() }
    tokens.failed()
    #expect(!tokens.allowRetry)
  }

  @Test func `a stream of requests is sent again from its beginning`() async throws {
    let streaming = MethodDescriptor(
      service: "ikso.test.v1.Test", name: "Collect", kind: .clientStreaming, idempotent: true)
    try await Self.run(answer: { $0.number == 1 ? $0.fail(14) : $0.succeed() }) { client, log in
      let answer: Text = try await client.clientStreaming(streaming) {
        (requests: RequestWriter<Text>) in
        for text in ["one", "two"] { try await requests.send(Text(text)) }
      }
      #expect(answer.value == "A" && log.count == 2)
    }
  }

  @Test func `a cancelled call is not made again`() async throws {
    let journal = Journal()
    let change: (inout RPCClientConfiguration) -> Void = {
      $0.retryPolicy = Self.policy()
      $0.retryPolicy?.backoff.initial = .seconds(30)
      $0.retryPolicy?.backoff.maximum = .seconds(30)
    }
    let answer: @Sendable (Attempt) -> Void = {
      $0.fail(14)
      journal.note("failed")
    }
    try await Self.run(change, answer: answer) { client, log in
      let call = Task {
        await rpcError { let _: Text = try await client.unary(Self.idempotent, Text()) }
      }
      await journal.wait(for: "failed")
      call.cancel()
      #expect(await call.value?.code == .cancelled && log.count == 1)
    }
  }

  @Test func `the wait doubles up to its most, with a fifth of jitter`() {
    let backoff = RetryPolicy().backoff
    let waits = (1...6).map { backoff.delay(failures: $0, random: 0) }
    #expect(waits == [100, 200, 400, 800, 1_000, 1_000].map { .milliseconds($0) })
    #expect(backoff.delay(failures: 1, random: -1) == .milliseconds(80))
    #expect(backoff.delay(failures: 9, random: 1) == .milliseconds(1_200))
  }
}

/// The attempts that came, by their headers.
private final class AttemptLog: Sendable {
  private let attempts = Mutex<[HeaderBlock]>([])

  var count: Int { attempts.withLock { $0.count } }
  var previousAttempts: [String?] {
    attempts.withLock { $0.map { $0[first: "grpc-previous-rpc-attempts"] } }
  }

  func note(_ headers: HeaderBlock) -> Int {
    attempts.withLock { attempts in
      attempts.append(headers)
      return attempts.count
    }
  }
}

/// One attempt at the server, answered by hand.
private struct Attempt: Sendable {
  let stream: HTTP2Stream
  /// From 1.
  let number: Int

  private static let head: HeaderBlock = [":status": "200", "content-type": "application/grpc"]

  func fail(_ code: Int, _ fields: HeaderBlock = []) {
    var block = Self.head
    block.append("grpc-status", "\(code)")
    for field in fields { block.append(field.name, field.value) }
    stream.send(headers: block, endStream: true)
  }

  func succeed() {
    begin()
    end(0)
  }

  func begin() {
    stream.send(headers: Self.head, endStream: false)
    stream.send(data: MessageFrame([10, 1, 65]).bytes, endStream: false)
  }

  func end(_ code: Int) { stream.send(trailers: ["grpc-status": "\(code)"]) }
}

/// Answers when the first bytes of the request have come.
private final class AttemptHandler: HTTP2StreamHandler {
  private var answer: (() -> Void)?

  init(_ answer: @escaping () -> Void) { self.answer = answer }

  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {}
  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    answer?()
    answer = nil
  }
  func trailersReceived(_ trailers: HeaderBlock) {}
  func streamWritable() {}
  func streamClosed(_ reason: HTTP2CloseReason) {}
}
