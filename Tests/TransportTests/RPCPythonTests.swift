import Foundation
import ProgramSupport
import SwiftProtobuf
import Synchronization
import Testing

@testable import RPC

/// Python's grpcio, the C core's client, against our server. IKSO_TEST_PYTHON names the interpreter
/// (`Deploy/test` makes one with grpcio); without it `python3` is taken, if it has grpcio.
@Suite(.enabled(if: Python.hasGRPC, "no Python with grpcio: set IKSO_TEST_PYTHON"))
struct `grpcio as client` {
  private let script = """
    import grpc, sys

    channel = grpc.insecure_channel("127.0.0.1:" + sys.argv[1])
    service = "/ikso.test.v1.Test/"
    check = 0

    def expect(actual, wanted):
        global check
        check += 1
        assert actual == wanted, f"check {check}: {actual!r} is not {wanted!r}"

    def text(value):
        data = value.encode()
        length, size = b"", len(data)
        while True:
            length += bytes([size & 127 | (128 if size > 127 else 0)])
            size >>= 7
            if not size:
                return b"\\x0a" + length + data if data else b""

    echo = channel.unary_unary(service + "Echo")
    expect(echo(text("hallo"), timeout=600), text("hallo"))
    expect(echo(text(""), timeout=600), b"")
    large = text("x" * 3_000_000)
    expect(echo(large, timeout=600), large)

    calls = [echo.future(text(str(n)), timeout=600) for n in range(200)]
    expect([call.result() for call in calls], [text(str(n)) for n in range(200)])

    count = channel.unary_stream(service + "Count")
    expect(list(count(text("1000"), timeout=600)), [text(str(n)) for n in range(1000)])

    join = channel.stream_unary(service + "Join")
    expect(join((text(part) for part in "abc"), timeout=600), text("abc"))

    chat = channel.stream_stream(service + "Chat")
    expect(list(chat((text(part) for part in "abc"), timeout=600)), [text(p) for p in "abc"])

    def error(method, message, **options):
        try:
            method(message, **options)
        except grpc.RpcError as error:
            return error

    failed = error(channel.unary_unary(service + "Fail"), text(""), timeout=600)
    expect(failed.code(), grpc.StatusCode.ABORTED)
    expect(failed.details(), "nicht möglich: 100 % \\U0001F600")
    expect([m.value for m in failed.trailing_metadata() if m.key == "reason"], ["WHY"])

    unknown = error(channel.unary_unary(service + "Nothing"), b"", timeout=600)
    expect(unknown.code(), grpc.StatusCode.UNIMPLEMENTED)
    expect(unknown.details(), "unknown method /ikso.test.v1.Test/Nothing")

    late = error(channel.unary_unary(service + "Hang"), b"", timeout=0.2)
    expect(late.code(), grpc.StatusCode.DEADLINE_EXCEEDED)

    packed = grpc.insecure_channel(
        "127.0.0.1:" + sys.argv[1], compression=grpc.Compression.Gzip)
    compressible = text("x" * 1_000_000)
    expect(packed.unary_unary(service + "Echo")(compressible, timeout=600), compressible)
    bomb = error(packed.unary_unary(service + "Echo"), text("x" * 5_000_000), timeout=600)
    expect(bomb.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)

    meta = channel.unary_unary(service + "Meta")
    sent = (("in", "1"), ("in", "2"), ("in-bin", b"\\x00\\xff"), ("x-request-id", "py-1"))
    answer, call = meta.with_call(b"", timeout=120, metadata=sent)
    expect(answer, text("py-1"))
    expect(dict(call.initial_metadata())["copy-bin"], b"\\x00\\xff")
    expect(dict(call.initial_metadata())["x-request-id"], "py-1")
    expect([m.value for m in call.trailing_metadata() if m.key == "out"], ["1", "2"])

    stream = channel.unary_stream(service + "Endless")(b"", timeout=600)
    expect(next(stream), text("again"))
    stream.cancel()
    print("checks:", check)
    """

  @Test(.timeLimit(.minutes(10)))
  func `all kinds of calls, statuses, deadlines and metadata`() async throws {
    let journal = Journal()
    try await RPCFixture.run(methods(journal)) { fixture in
      let output = try await Python.run(script, "\(fixture.server.boundPort)")
      // A script that broke off has ended no call: there is nothing to wait for.
      try #require(output == "checks: 20")
      await journal.wait(for: "Endless ended")
      await journal.wait(for: "Hang ended")
    }
  }

  private func methods(_ journal: Journal) -> [RPCMethod] {
    [
      .echo,
      .unary(.test("Fail"), admit: admitAll) { (_: Text, _) -> Text in
        throw RPCError(.aborted, "nicht möglich: 100 % \u{1F600}", metadata: ["reason": "WHY"])
      },
      .unary(.test("Hang"), admit: admitAll) { (request: Text, _) in
        defer { journal.note("Hang ended") }
        try await sleepUntilCancelled()
        return request
      },
      .unary(.test("Meta"), admit: admitAll) { (_: Text, call) in
        var initial = Metadata()
        try initial.add("copy-bin", bytes: call.metadata.bytes(first: "in-bin") ?? [])
        call.setInitialMetadata(initial)
        for value in call.metadata.all("in") { try call.addTrailing("out", value) }
        return Text(call.requestID)
      },
      .serverStreaming(.test("Count", .serverStreaming), admit: admitAll) {
        (request: Text, _, responses: ResponseWriter<Text>) in
        for number in 0..<(Int(request.value) ?? 0) { try await responses.send(Text("\(number)")) }
      },
      .serverStreaming(.test("Endless", .serverStreaming), admit: admitAll) {
        (_: Text, _, responses: ResponseWriter<Text>) in
        defer { journal.note("Endless ended") }
        while true { try await responses.send(Text("again")) }
      },
      .clientStreaming(.test("Join", .clientStreaming), admit: admitAll) {
        (requests: RequestStream<Text>, _) in
        var all = ""
        for try await request in requests { all += request.value }
        return Text(all)
      },
      .bidirectional(.test("Chat", .bidirectional), admit: admitAll) {
        (requests: RequestStream<Text>, _, responses: ResponseWriter<Text>) in
        for try await request in requests { try await responses.send(request) }
      },
    ]
  }
}

enum Python {
  private static let interpreter =
    ProcessInfo.processInfo.environment["IKSO_TEST_PYTHON"] ?? "python3"

  /// Asked once: whether the interpreter is there and has grpcio.
  static let hasGRPC: Bool = {
    let result = try? Child.runBlocking(
      URL(filePath: "/usr/bin/env"), [interpreter, "-c", "import grpc"])
    return result?.status == 0
  }()

  /// What the script printed, its errors included.
  static func run(_ script: String, _ argument: String) async throws -> String {
    try await Child.run(
      URL(filePath: "/usr/bin/env"), [interpreter, "-c", script, argument]
    ).output
  }
}
