/// Bounds of a process's life; those of its servers and pools are settings.
package enum Limits {
  static let signingKeyFetch: Duration = .seconds(2)
  package static let healthProbe: Duration = .seconds(2)
  /// Between two probes while somebody watches a process's health.
  package static let healthInterval: Duration = .seconds(5)
}
