package import Logging
package import RPC

/// Writes a line of JSON for each message of swift-log.
package struct JSONLogHandler: LogHandler {
  package var logLevel: Logger.Level
  package var metadata: Logger.Metadata = [:]
  package var metadataProvider: Logger.MetadataProvider?

  private let label: String
  private let writer: LineWriter

  package init(
    label: String, level: Logger.Level = .info, writer: LineWriter = .standardError
  ) {
    self.label = label
    self.logLevel = level
    self.writer = writer
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    var line = JSONLine(level: event.level.rawValue)
    line.add("logger", label)
    line.add("message", event.message.description)
    if let error = event.error { line.add("error", String(describing: error)) }
    if let trace = TraceContext.current { line.add("trace", trace.traceID) }
    var fields = metadata
    if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
    if let own = event.metadata { fields.merge(own) { $1 } }
    // One place for what callers name, so that no name of theirs collides with one of ours.
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
      line.add(named: "meta.\(name)", value.description)
    }
    writer.write(line)
  }
}

extension Logger {
  /// This logger with the request and trace of a call, so that its lines can be found by them.
  package func of(_ call: ServerCall) -> Logger {
    var logger = self
    logger[metadataKey: "request"] = .string(call.requestID)
    if let trace = TraceContext(of: call) { logger[metadataKey: "trace"] = .string(trace.traceID) }
    return logger
  }
}
