import RPC
import Synchronization

/// Counts calls by method and outcome: `ikso_calls_total` and `ikso_call_seconds`.
///
/// The series of a method are looked up by their labels once, not with every call.
final class CallMeter: Sendable {
  private let calls: Counter
  private let durations: Histogram
  private let methods = Mutex<[ObjectIdentifier: Method]>([:])
  private let unmatched: Method

  init(_ metrics: MetricsRegistry) {
    calls = metrics.counter(
      "ikso_calls_total", "Calls that ended, by outcome.", labels: ["service", "method", "code"])
    durations = metrics.histogram(
      "ikso_call_seconds", "Time from the request's headers to the end of the call.",
      labels: ["service", "method"])
    unmatched = Method(nil, calls, durations)
  }

  /// - Parameter descriptor: nil for a request whose path no method has: that is the client's text,
  ///   and never becomes a label.
  func count(_ descriptor: MethodDescriptor?, _ code: StatusCode, _ duration: Duration) {
    let method = descriptor.map(method) ?? unmatched
    method.count(code, duration)
  }

  private func method(_ descriptor: MethodDescriptor) -> Method {
    methods.withLock { methods in
      let id = ObjectIdentifier(descriptor)
      if let known = methods[id] { return known }
      let new = Method(descriptor, calls, durations)
      methods[id] = new
      return new
    }
  }

  private final class Method: Sendable {
    /// Held, so that no other descriptor can have its identity; there are as many as methods.
    private let descriptor: MethodDescriptor?
    private let calls: Counter
    private let durations: Histogram.Series
    private let byCode = Mutex<[Counter.Series?]>(
      Array(repeating: nil, count: StatusCode.allCases.count))

    init(_ descriptor: MethodDescriptor?, _ calls: Counter, _ durations: Histogram) {
      self.descriptor = descriptor
      self.calls = calls
      self.durations = durations.with(
        descriptor?.service ?? "", descriptor?.name ?? CallMeter.unmatchedName)
    }

    func count(_ code: StatusCode, _ duration: Duration) {
      let (seconds, attoseconds) = duration.components
      durations.observe(Double(seconds) + Double(attoseconds) * 1e-18)
      byCode.withLock { byCode in
        if let known = byCode[code.rawValue] { return known }
        let new = calls.with(
          descriptor?.service ?? "", descriptor?.name ?? CallMeter.unmatchedName, code.name)
        byCode[code.rawValue] = new
        return new
      }.increment()
    }
  }

  private static let unmatchedName = "unmatched"
}
