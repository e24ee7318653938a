import RPC
import Synchronization

/// What is kept of each method for all its calls: their metrics, `ikso_calls_total` and
/// `ikso_call_seconds`, and the beginning of their lines.
///
/// The series of a method are looked up by their labels once, not with every call.
final class CallMeter: Sendable {
  private let process: String
  private let calls: Counter?
  private let durations: Histogram?
  private let methods = Mutex<[ObjectIdentifier: Method]>([:])
  let unmatched: Method

  /// - Parameter metrics: nil counts nothing.
  init(process: String, _ metrics: MetricsRegistry?) {
    self.process = process
    calls = metrics?.counter(
      "ikso_calls_total", "Calls that ended, by outcome.", labels: ["service", "method", "code"])
    durations = metrics?.histogram(
      "ikso_call_seconds", "Time from the request's headers to the end of the call.",
      labels: ["service", "method"])
    unmatched = Method(nil, process, calls, durations)
  }

  func method(_ descriptor: MethodDescriptor) -> Method {
    methods.withLock { methods in
      let id = ObjectIdentifier(descriptor)
      if let known = methods[id] { return known }
      let new = Method(descriptor, process, calls, durations)
      methods[id] = new
      return new
    }
  }

  final class Method: Sendable {
    /// Process, service and method as fields of a line.
    let fields: [UInt8]
    /// Held, so that no other descriptor can have its identity; there are as many as methods.
    private let descriptor: MethodDescriptor?
    private let calls: Counter?
    private let durations: Histogram.Series?
    private let byCode = Mutex<[Counter.Series?]>(
      Array(repeating: nil, count: StatusCode.allCases.count))

    /// - Parameter descriptor: nil for requests whose path no method has: that is the client's
    ///   text, and never becomes a label.
    fileprivate init(
      _ descriptor: MethodDescriptor?, _ process: String, _ calls: Counter?,
      _ durations: Histogram?
    ) {
      self.descriptor = descriptor
      self.calls = calls
      self.durations = durations?.with(
        descriptor?.service ?? "", descriptor?.name ?? Self.unmatchedName)
      fields = JSONLine.fields { line in
        line.add("process", process)
        guard let descriptor else { return }
        line.add("service", descriptor.service)
        line.add("method", descriptor.name)
      }
    }

    func count(_ code: StatusCode, _ duration: Duration) {
      guard let calls else { return }
      let (seconds, attoseconds) = duration.components
      durations?.observe(Double(seconds) + Double(attoseconds) * 1e-18)
      byCode.withLock { byCode in
        if let known = byCode[code.rawValue] { return known }
        let new = calls.with(
          descriptor?.service ?? "", descriptor?.name ?? Self.unmatchedName, code.name)
        byCode[code.rawValue] = new
        return new
      }.increment()
    }

    private static let unmatchedName = "unmatched"
  }
}
