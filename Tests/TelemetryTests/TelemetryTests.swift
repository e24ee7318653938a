import Foundation
import Logging
import RPC
import Synchronization
import TLS
import Testing

@testable import Telemetry

/// Keeps what a writer puts out.
private final class Sink: Sendable {
  private let bytes = Mutex<[UInt8]>([])
  func take(_ more: [UInt8]) { bytes.withLock { $0 += more } }

  func objects() throws -> [[String: any Sendable]] {
    try bytes.withLock { $0 }.split(separator: UInt8(ascii: "\n")).map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line))
      let pairs = try #require(object as? [String: Any])
      return pairs.mapValues { value in
        (value as? String) ?? (value as? NSNumber).map { "\($0)" } ?? "?"
      }
    }
  }

  func texts() throws -> [[String: String]] {
    try objects().map { $0.compactMapValues { $0 as? String } }
  }
}

private struct Secret: Error, CustomStringConvertible {
  var description: String { "column \"email\" is gone" }
}

@Suite struct LogTests {
  private let sink = Sink()
  private let writer: LineWriter

  init() {
    writer = LineWriter { [sink] in sink.take($0) }
  }

  private func logger(_ level: Logger.Level = .info) -> Logger {
    Logger(label: "test") { JSONLogHandler(label: $0, level: level, writer: writer) }
  }

  @Test func `a message becomes a line of JSON`() throws {
    var logger = logger()
    logger[metadataKey: "room"] = "a"
    logger.info("hello \"world\"\n\u{1}\u{85}é", metadata: ["number": "1", "level": "x"])
    logger.debug("unseen")
    writer.flush()
    let lines = try sink.texts()
    #expect(lines.count == 1)
    #expect(lines[0]["message"] == "hello \"world\"\n\u{1}\u{85}é")
    #expect(lines[0]["level"] == "info")
    #expect(lines[0]["logger"] == "test")
    #expect(lines[0]["meta.room"] == "a" && lines[0]["meta.number"] == "1")
    #expect(lines[0]["meta.level"] == "x")
  }

  @Test(arguments: [
    (0.0, "1970-01-01T00:00:00.000Z"), (951_782_399.999, "2000-02-28T23:59:59.999Z"),
    (951_782_400, "2000-02-29T00:00:00.000Z"), (1_767_268_800.25, "2026-01-01T12:00:00.250Z"),
    (-1, "1969-12-31T23:59:59.000Z"), (4_107_542_400, "2100-03-01T00:00:00.000Z"),
  ])
  func `times are written as RFC 3339 has them`(seconds: Double, text: String) {
    let line = JSONLine(level: "info", time: Date(timeIntervalSince1970: seconds)).finish()
    #expect(String(decoding: line, as: UTF8.self) == "{\"time\":\"\(text)\",\"level\":\"info\"}\n")
  }

  @Test func `a long field is cut at a character`() throws {
    logger().info("\(String(repeating: "é", count: 5000))")
    writer.flush()
    let message = try #require(try sink.texts().first?["message"])
    #expect(message.utf8.count == JSONLine.maximumFieldBytes + "…".utf8.count)
  }

  @Test func `a full buffer drops lines, counts them and says so`() throws {
    let gate = DispatchSemaphore(value: 0)
    let blocked = Sink()
    let small = LineWriter(capacity: 10) {
      gate.wait()
      blocked.take($0)
      gate.signal()
    }
    for _ in 0..<100 { small.write(Array("{}\n".utf8)) }
    #expect(small.dropped > 0)
    gate.signal()
    small.flush()
    let lines = try blocked.texts()
    let notices = lines.compactMap { $0["dropped"] }.compactMap { Int($0) }
    #expect(notices.reduce(0, +) == small.dropped)
    #expect(lines.count - notices.count + small.dropped == 100)
  }

  @Test func `the trace of the task stands in the line`() throws {
    let trace = TraceContext.root()
    TraceContext.$current.withValue(trace) { logger().info("x") }
    writer.flush()
    #expect(try sink.texts().first?["trace"] == trace.traceID)
  }

  private func call() -> ServerCall {
    ServerCall(
      method: MethodDescriptor(service: "ikso.goals.v1.GoalsService", name: "CreateGoal"),
      metadata: [
        "authorization": "Bearer secret-token",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      ],
      peer: PeerIdentity(spiffe: "spiffe://ikso/gateway"), remoteAddress: "192.0.2.7:1",
      requestID: "r1")
  }

  @Test func `a call leaves one line, without address or token`() throws {
    let log = CallLog(logger: logger(), service: "goals", writer: writer) { _ in "t1" }
    log.callEnded(
      call(), path: "/x", code: .notFound, duration: .microseconds(1234),
      error: RPCError.notFound("goal of Jane not found", cause: Secret()))
    writer.flush()
    let line = try #require(try sink.texts().first)
    #expect(
      Set(line.keys) == [
        "time", "level", "process", "service", "method", "request", "peer", "trace", "tenant",
        "code", "ms",
      ])
    #expect(line["code"] == "NOT_FOUND" && line["ms"] == "1.234" && line["tenant"] == "t1")
    #expect(line["trace"] == "0af7651916cd43dd8448eb211c80319c")
    #expect(line["level"] == "info" && line["request"] == "r1" && line["peer"] == "gateway")
  }

  @Test func `a program or support is named, with the organisation it acts in`() throws {
    let log = CallLog(logger: logger(), service: "goals", writer: writer)
    let rpc = call()
    rpc.setActor(ServerCall.Actor(name: "service-account:payroll", tenant: "t2"))
    log.callEnded(rpc, path: "/x", code: .permissionDenied, duration: .zero, error: nil)
    writer.flush()
    let line = try #require(try sink.texts().first)
    #expect(line["actor"] == "service-account:payroll" && line["tenant"] == "t2")
  }

  @Test func `the detail is there when the fault is ours`() throws {
    let log = CallLog(logger: logger(), service: "goals", writer: writer)
    log.callEnded(
      call(), path: "/x", code: .internalError, duration: .zero,
      error: RPCError.internalError("internal error", cause: Secret()))
    log.callEnded(call(), path: "/x", code: .unknown, duration: .zero, error: Secret())
    writer.flush()
    let lines = try sink.texts()
    #expect(lines[0]["error"] == "INTERNAL: internal error: column \"email\" is gone")
    #expect(lines[1]["error"] == "column \"email\" is gone")
    #expect(lines.allSatisfy { $0["level"] == "error" })
  }

  @Test func `the level decides which calls are written`() throws {
    let log = CallLog(logger: logger(.warning), service: "goals", writer: writer)
    log.callEnded(call(), path: "/x", code: .ok, duration: .zero, error: nil)
    log.callEnded(call(), path: "/x", code: .deadlineExceeded, duration: .zero, error: nil)
    writer.flush()
    #expect(try sink.texts().map { $0["code"] } == ["DEADLINE_EXCEEDED"])
  }

  @Test func `a stranger's path is cut and never a label`() throws {
    let metrics = MetricsRegistry()
    let log = CallLog(logger: logger(), service: "goals", metrics: metrics, writer: writer)
    let path = "/\(String(repeating: "a", count: 200))?mail=jane@example.com"
    for path in [path, "/b?mail=jane@example.com"] {
      log.callEnded(nil, path: path, code: .unimplemented, duration: .zero, error: nil)
    }
    writer.flush()
    let lines = try sink.texts()
    #expect(lines[0]["path"]?.count == 128 && lines[1]["path"] == "/b")
    let counted = #"ikso_calls_total{service="",method="unmatched",code="UNIMPLEMENTED"} 2"#
    #expect(metrics.text().contains(counted))
  }

  @Test func `a call's logger carries its request and trace`() throws {
    logger().of(call()).info("x")
    writer.flush()
    let line = try #require(try sink.texts().first)
    #expect(line["meta.request"] == "r1")
    #expect(line["meta.trace"] == "0af7651916cd43dd8448eb211c80319c")
  }
}

@Suite struct MetricsTests {
  @Test func `the text is what Prometheus reads`() {
    let metrics = MetricsRegistry()
    let calls = metrics.counter("calls_total", "Calls\nby \\kind.", labels: ["kind"])
    calls.add(1, "b\"\\\n")
    calls.add(2.5, "a")
    calls.add(1, "a")
    metrics.gauge("open", "Open.").set(-3)
    metrics.gauge("read", "Read.") { .infinity }
    let sizes = metrics.histogram("size", "Sizes.", buckets: [0.5, 1])
    for size in [0.5, 0.75, 7] { sizes.observe(size) }
    #expect(
      metrics.text() == """
        # HELP calls_total Calls\\nby \\\\kind.
        # TYPE calls_total counter
        calls_total{kind="a"} 3.5
        calls_total{kind="b\\"\\\\\\n"} 1
        # HELP open Open.
        # TYPE open gauge
        open -3
        # HELP read Read.
        # TYPE read gauge
        read +Inf
        # HELP size Sizes.
        # TYPE size histogram
        size_bucket{le="0.5"} 1
        size_bucket{le="1"} 2
        size_bucket{le="+Inf"} 3
        size_sum 8.25
        size_count 3

        """)
  }

  @Test func `label combinations are bounded`() {
    let metrics = MetricsRegistry()
    let calls = metrics.counter("c", "C.", labels: ["x"])
    for number in 0..<MetricsRegistry.maximumSeries + 5 { calls.add(1, "\(number)") }
    calls.add(1, "0")
    let text = metrics.text()
    #expect(text.contains("c{x=\"other\"} 5\n"))
    #expect(text.contains("c{x=\"0\"} 2\n"))
    #expect(text.split(separator: "\n").count == MetricsRegistry.maximumSeries + 3)
  }
}

@Suite struct TraceContextTests {
  @Test func `the example of the standard is read and written`() throws {
    let text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    let trace = try #require(TraceContext(traceparent: text))
    #expect(trace.traceID == "4bf92f3577b34da6a3ce929d0e0e4736")
    #expect(trace.spanID == "00f067aa0ba902b7" && trace.isSampled)
    #expect(trace.traceparent == text)
  }

  @Test(arguments: [
    "", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
    "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
    "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01x",
    "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  ])
  func `anything else is ignored`(text: String) {
    #expect(TraceContext(traceparent: text) == nil)
  }

  @Test func `a later version is read as far as it is known`() {
    let text = "01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-later"
    #expect(TraceContext(traceparent: text)?.spanID == "00f067aa0ba902b7")
  }

  @Test func `a child keeps the trace and has a span of its own`() {
    let root = TraceContext.root(isSampled: true)
    let child = root.child()
    #expect(child.traceID == root.traceID && child.spanID != root.spanID && child.isSampled)
    #expect(TraceContext(traceparent: child.traceparent) == child)
  }
}
