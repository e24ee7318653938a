import Synchronization

/// The metrics of a process, in the order of registration.
package final class MetricsRegistry: Sendable {
  /// The registry of this process.
  package static let standard = MetricsRegistry()
  /// Label combinations per metric; further ones are counted together under the label `other`.
  package static let maximumSeries = 1000
  /// The `content-type` of `text()`.
  package static let contentType = "text/plain; version=0.0.4; charset=utf-8"
  /// Upper bounds in seconds for the durations of calls.
  package static let durationBuckets: [Double] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]

  private let metrics = Mutex<[Metric]>([])

  package init() {}

  package func counter(_ name: String, _ help: String, labels: [String] = []) -> Counter {
    Counter(metric: register(name, help, .counter, labels))
  }

  /// A counter that is kept elsewhere, and read when the metrics are rendered.
  package func counter(
    _ name: String, _ help: String, read: @escaping @Sendable () -> Double
  ) {
    _ = register(name, help, .counter, [], read: read)
  }

  package func gauge(_ name: String, _ help: String, labels: [String] = []) -> Gauge {
    Gauge(metric: register(name, help, .gauge, labels))
  }

  /// A gauge that is read when the metrics are rendered.
  package func gauge(
    _ name: String, _ help: String, read: @escaping @Sendable () -> Double
  ) {
    _ = register(name, help, .gauge, [], read: read)
  }

  /// - Parameter buckets: upper bounds, rising; the last one, infinity, is added.
  package func histogram(
    _ name: String, _ help: String, labels: [String] = [],
    buckets: [Double] = MetricsRegistry.durationBuckets
  ) -> Histogram {
    precondition(buckets == buckets.sorted() && !buckets.isEmpty, "bounds of buckets rise")
    return Histogram(metric: register(name, help, .histogram, labels, buckets: buckets))
  }

  /// Everything in the Prometheus text format, version 0.0.4.
  package func text() -> String {
    var text = ""
    for metric in metrics.withLock({ $0 }) { metric.render(into: &text) }
    return text
  }

  private func register(
    _ name: String, _ help: String, _ kind: Metric.Kind, _ labels: [String],
    buckets: [Double] = [], read: (@Sendable () -> Double)? = nil
  ) -> Metric {
    precondition(Metric.isName(name) && labels.allSatisfy(Metric.isLabel), "\(name): bad name")
    let metric = Metric(
      name: name, help: help, kind: kind, labels: labels, buckets: buckets, read: read)
    metrics.withLock { metrics in
      precondition(!metrics.contains { $0.name == name }, "\(name) is registered twice")
      metrics.append(metric)
    }
    return metric
  }
}

/// A number that only rises.
package struct Counter: Sendable {
  fileprivate let metric: Metric

  /// `labels`: one value for each label that was registered.
  package func add(_ amount: Double = 1, _ labels: String...) {
    precondition(amount >= 0, "a counter only rises")
    metric.series(labels).update { $0.value += amount }
  }

  /// The counter of these labels' values, for who counts often.
  package func with(_ labels: String...) -> Series { Series(series: metric.series(labels)) }

  /// One of a counter's numbers.
  package struct Series: Sendable {
    fileprivate let series: Metric.Series

    package func increment() { series.update { $0.value += 1 } }
  }
}

/// A number that rises and falls.
package struct Gauge: Sendable {
  fileprivate let metric: Metric

  package func set(_ value: Double, _ labels: String...) {
    metric.series(labels).update { $0.value = value }
  }

  package func add(_ amount: Double, _ labels: String...) {
    metric.series(labels).update { $0.value += amount }
  }
}

/// Counts observations by size.
package struct Histogram: Sendable {
  fileprivate let metric: Metric

  package func observe(_ value: Double, _ labels: String...) {
    with(labels).observe(value)
  }

  /// The histogram of these labels' values, for who observes often.
  package func with(_ labels: String...) -> Series { with(labels) }

  private func with(_ labels: [String]) -> Series {
    Series(series: metric.series(labels), buckets: metric.buckets)
  }

  /// One of a histogram's series.
  package struct Series: Sendable {
    fileprivate let series: Metric.Series
    fileprivate let buckets: [Double]

    package func observe(_ value: Double) {
      let bucket = buckets.firstIndex { value <= $0 } ?? buckets.count
      series.update { values in
        values.value += value
        values.counts[bucket] += 1
      }
    }
  }
}

/// One metric with its series by label values.
private final class Metric: Sendable {
  enum Kind: String, Sendable { case counter, gauge, histogram }

  struct Values: Sendable {
    /// The value; of a histogram the sum.
    var value = 0.0
    /// Of a histogram: observations per bucket, not added up.
    var counts: [UInt64]
  }

  /// The values under one combination of labels.
  final class Series: Sendable {
    private let values: Mutex<Values>

    init(_ values: Values) { self.values = Mutex(values) }

    func update(_ change: (inout Values) -> Void) { values.withLock { change(&$0) } }

    var current: Values { values.withLock { $0 } }
  }

  let name: String
  private let help: String
  private let kind: Kind
  private let labels: [String]
  let buckets: [Double]
  private let read: (@Sendable () -> Double)?
  private let all: Mutex<[[String]: Series]>

  init(
    name: String, help: String, kind: Kind, labels: [String], buckets: [Double],
    read: (@Sendable () -> Double)?
  ) {
    self.name = name
    self.help = help
    self.kind = kind
    self.labels = labels
    self.buckets = buckets
    self.read = read
    // A metric without labels is there from the start, at zero.
    all = Mutex(labels.isEmpty ? [[]: Self.empty(kind, buckets)] : [:])
  }

  static func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy { isNameByte($0) || $0 == UInt8(ascii: ":") }
  }

  static func isLabel(_ text: String) -> Bool {
    guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
    return text.utf8.allSatisfy(isNameByte) && !text.hasPrefix("__") && text != "le"
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  func series(_ values: [String]) -> Series {
    precondition(values.count == labels.count, "\(name) has the labels \(labels)")
    return all.withLock { all in
      if let known = all[values] { return known }
      var key = values
      if all.count >= MetricsRegistry.maximumSeries {
        key = Array(repeating: "other", count: labels.count)
        if let known = all[key] { return known }
      }
      let new = Self.empty(kind, buckets)
      all[key] = new
      return new
    }
  }

  private static func empty(_ kind: Kind, _ buckets: [Double]) -> Series {
    Series(Values(counts: kind == .histogram ? Array(repeating: 0, count: buckets.count + 1) : []))
  }

  func render(into text: inout String) {
    text += "# HELP \(name) \(Self.escape(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n"
    if let read {
      text += "\(name) \(Self.number(read()))\n"
      return
    }
    let sorted = all.withLock { $0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    for (values, one) in sorted {
      let series = one.current
      let pairs = zip(labels, values).map { "\($0)=\"\(Self.escape($1, quotes: true))\"" }
      if kind == .histogram {
        render(series, pairs, into: &text)
      } else {
        text += "\(name)\(Self.braces(pairs)) \(Self.number(series.value))\n"
      }
    }
  }

  private func render(_ series: Values, _ pairs: [String], into text: inout String) {
    var count: UInt64 = 0
    for (index, bucket) in series.counts.enumerated() {
      count += bucket
      let bound = index < buckets.count ? Self.number(buckets[index]) : "+Inf"
      text += "\(name)_bucket\(Self.braces(pairs + ["le=\"\(bound)\""])) \(count)\n"
    }
    text += "\(name)_sum\(Self.braces(pairs)) \(Self.number(series.value))\n"
    text += "\(name)_count\(Self.braces(pairs)) \(count)\n"
  }

  private static func braces(_ pairs: [String]) -> String {
    pairs.isEmpty ? "" : "{\(pairs.joined(separator: ","))}"
  }

  private static func number(_ value: Double) -> String {
    if value.isNaN { return "NaN" }
    if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    return String(value)
  }

  private static func escape(_ text: String, quotes: Bool) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      switch character {
      case "\\": escaped += "\\\\"
      case "\n": escaped += "\\n"
      case "\"" where quotes: escaped += "\\\""
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }
}
