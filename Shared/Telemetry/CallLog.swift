package import Logging
package import RPC
import TLS

/// Writes one line per call and counts it.
///
/// The line says when, what, how it ended, how long it took and by which names it can be found. It
/// holds nothing about a person: no address, no token, no message, no text of an answer. The detail
/// of an error is there only where the fault is ours (INTERNAL, UNKNOWN, DATA_LOSS).
package struct CallLog: CallObserver {
  private let level: Logger.Level
  private let writer: LineWriter
  private let tenant: @Sendable (ServerCall) -> String?
  private let meter: CallMeter

  /// - Parameters:
  ///   - logger: its level decides which calls are written; ended calls are `info`, calls that
  ///     met an overload `warning`, faults of ours `error`.
  ///   - service: this process, e.g. `goals`.
  ///   - metrics: gets `ikso_calls_total` and `ikso_call_seconds`; nil counts nothing.
  ///   - tenant: a pseudonym of the tenant, never its name; must not wait.
  package init(
    logger: Logger, service: String, metrics: MetricsRegistry? = nil,
    writer: LineWriter = .standardError,
    tenant: @escaping @Sendable (ServerCall) -> String? = { _ in nil }
  ) {
    self.level = logger.logLevel
    self.writer = writer
    self.tenant = tenant
    meter = CallMeter(process: service, metrics)
  }

  package func callEnded(
    _ call: ServerCall?, path: String, code: StatusCode, duration: Duration,
    error: (any Error)?
  ) {
    let method = call.map { meter.method($0.method) } ?? meter.unmatched
    method.count(code, duration)
    let severity = Self.severity(code)
    guard severity >= level else { return }
    var line = JSONLine(level: severity.rawValue)
    line.add(fields: method.fields)
    if let call {
      line.add("request", call.requestID)
      if let peer = call.peer?.serviceName { line.add("peer", peer) }
      if let trace = TraceContext(of: call) { line.add("trace", trace.traceID) }
      let actor = call.actor
      if let actor { line.add("actor", actor.name) }
      if let tenant = tenant(call) ?? actor?.tenant { line.add("tenant", tenant) }
    } else {
      line.add("path", Self.shortened(path))
    }
    line.add("code", code.name)
    line.add("ms", milliseconds: duration)
    if severity == .error, let error { line.add("error", Self.detail(error)) }
    writer.write(line)
  }

  private static func severity(_ code: StatusCode) -> Logger.Level {
    switch code {
    case .internalError, .unknown, .dataLoss: .error
    case .unavailable, .resourceExhausted, .deadlineExceeded: .warning
    case .ok, .cancelled, .invalidArgument, .notFound, .alreadyExists, .permissionDenied,
      .failedPrecondition, .aborted, .outOfRange, .unimplemented, .unauthenticated:
      .info
    }
  }

  private static func detail(_ error: any Error) -> String {
    guard let error = error as? RPCError else { return String(describing: error) }
    guard let cause = error.cause else { return error.description }
    return "\(error.description): \(cause)"
  }

  /// Without a query, where a stranger's client may have put anything; 128 characters.
  private static func shortened(_ path: String) -> String {
    String(path.prefix { $0 != "?" && $0 != "#" }.prefix(128))
  }
}
