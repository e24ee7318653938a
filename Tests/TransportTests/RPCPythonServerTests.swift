import Foundation
import HTTP2
import ProgramSupport
import SwiftProtobuf
import Synchronization
import Testing

@testable import RPC

/// Our client against Python's grpcio, the C core's server.
@Suite(
  .enabled(if: PythonServer.isReady, "no Python with grpcio: set IKSO_TEST_PYTHON"),
  .timeLimit(.minutes(10)))
struct `grpcio as server` {
  @Test func `all kinds of calls, gzip, statuses, deadlines and metadata`() async throws {
    try await PythonServer.run { client in
      let large = String(repeating: "x", count: 1_000_000)
      for compresses in [false, true] {
        for text in ["hallo", "", large] {
          let answer: Text = try await client.unary(
            .test("Echo"), Text(text), CallOptions(compressesRequests: compresses))
          #expect(answer.value == text)
        }
      }
      let zipped: Text = try await client.unary(.test("Zip"), Text("again and again and again"))
      #expect(zipped.value == "again and again and again")

      let stream = try await client.serverStreaming(
        .test("Count", .serverStreaming), Text("3"), as: Text.self)
      var numbers: [String] = []
      for try await message in stream { numbers.append(message.value) }
      #expect(numbers == ["x", "x", "x"])

      let joined = try await client.clientStreaming(
        .test("Length", .clientStreaming), as: Text.self
      ) { (requests: RequestWriter<Text>) in
        for part in ["a", "bc", "def"] { try await requests.send(Text(part)) }
      }
      #expect(joined.value == "xxx")

      let answers = try await client.bidirectional(
        .test("Chat", .bidirectional), request: Text.self, as: Text.self
      ) { requests, responses in
        var answers: [String] = []
        var iterator = responses.makeAsyncIterator()
        for word in ["one", "two"] {
          try await requests.send(Text(word))
          answers.append(try await iterator.next()?.value ?? "")
        }
        requests.finish()
        return try await iterator.next() == nil ? answers : []
      }
      #expect(answers == ["one", "two"])

      let metadata = AnswerMetadata()
      var options = CallOptions(answerMetadata: metadata)
      for value in ["1", "2"] { try options.metadata.add("in", value) }
      try options.metadata.add("in-bin", bytes: [0, 255])
      let failed = await rpcError {
        let _: Text = try await client.unary(.test("Fail"), Text(), options)
      }
      #expect(failed?.code == .aborted && failed?.message == "nicht möglich: 100 % \u{1F600}")
      #expect(metadata.initial.all("first") == ["1", "2"])
      #expect(metadata.trailing.bytes(first: "last-bin") == [0, 255])

      let hung = await rpcError {
        let _: Text = try await client.unary(
          .test("Hang"), Text(), CallOptions(timeout: .milliseconds(100)))
      }
      #expect(hung?.code == .deadlineExceeded)
      let missing = await rpcError { let _: Text = try await client.unary(.test("No"), Text()) }
      #expect(missing?.code == .unimplemented)
    }
  }

  @Test func `calls are retried as the policy says`() async throws {
    try await PythonServer.run({
      $0.methodRetryPolicies = ["ikso.test.v1.Test/Third": RetryPolicy(maxAttempts: 3)]
    }) { client in
      // Fails until it is told of two attempts before.
      let answer: Text = try await client.unary(.test("Third"), Text("made it"))
      #expect(answer.value == "made it")
    }
  }
}

private enum PythonServer {
  static let interpreter = URL(
    filePath: ProcessInfo.processInfo.environment["IKSO_TEST_PYTHON"] ?? "/usr/bin/python3")

  static let isReady: Bool = {
    let result = try? Child.runBlocking(interpreter, ["-c", "import grpc"])
    return result?.status == 0
  }()

  /// Serves until its input ends.
  private static let script = """
    import grpc, sys
    from concurrent import futures

    def echo(request, context):
        return request

    def zip(request, context):
        context.set_compression(grpc.Compression.Gzip)
        return request

    def count(request, context):
        for _ in range(3):
            yield b"\\x0a\\x01x"

    def length(requests, context):
        number = sum(1 for _ in requests)
        return b"\\x0a" + bytes([number]) + b"x" * number

    def chat(requests, context):
        yield from requests

    def fail(request, context):
        sent = context.invocation_metadata()
        context.send_initial_metadata([("first", value) for key, value in sent if key == "in"])
        context.set_trailing_metadata(
            [("last-bin", value) for key, value in sent if key == "in-bin"])
        context.abort(grpc.StatusCode.ABORTED, "nicht möglich: 100 % \\U0001F600")

    def hang(request, context):
        import threading
        ended = threading.Event()
        context.add_callback(ended.set)
        ended.wait(60)
        return request

    def third(request, context):
        sent = dict(context.invocation_metadata())
        if sent.get("grpc-previous-rpc-attempts") != "2":
            context.set_trailing_metadata([("grpc-retry-pushback-ms", "1")])
            context.abort(grpc.StatusCode.UNAVAILABLE, "come again")
        return request

    def unary(method):
        return grpc.unary_unary_rpc_method_handler(method)

    handlers = {
        "Echo": unary(echo), "Zip": unary(zip), "Fail": unary(fail), "Hang": unary(hang),
        "Third": unary(third), "Count": grpc.unary_stream_rpc_method_handler(count),
        "Length": grpc.stream_unary_rpc_method_handler(length),
        "Chat": grpc.stream_stream_rpc_method_handler(chat),
    }
    server = grpc.server(futures.ThreadPoolExecutor(8))
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler("ikso.test.v1.Test", handlers)])
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    sys.stdin.read()
    server.stop(0)
    """

  static func run(
    _ change: (inout RPCClientConfiguration) -> Void = { _ in },
    _ body: (RPCClient) async throws -> Void
  ) async throws {
    let child = try Child(
      interpreter, ["-c", script], environment: ["GRPC_VERBOSITY": "NONE"], input: nil)
    defer { child.signal(SIGKILL) }
    var lines = child.lines.makeAsyncIterator()
    let port = try #require(await lines.next().flatMap { Int($0) })
    try await RPCFixture.run([]) { fixture in
      var configuration = RPCClientConfiguration()
      change(&configuration)
      try await body(fixture.client(.init(host: "127.0.0.1", port: port), configuration))
    }
  }
}
