import CEpoll
import Glibc

/// Turns signals into events on a reactor. Once in a process.
package final class SignalWatcher: ReadinessHandler, @unchecked Sendable {
  // Invariant: `handler` is set before registration and called on the reactor's thread only.

  private let descriptor: Int32
  private let handler: @Sendable (Int32) -> Void

  package init(
    _ signals: [Int32], _ handler: @escaping @Sendable (Int32) -> Void
  ) throws(ReactorError) {
    descriptor = unsafe signals.withUnsafeBufferPointer { signals in
      unsafe ikso_signal_descriptor(signals.baseAddress, Int32(signals.count))
    }
    guard descriptor >= 0 else { throw ReactorError(call: "sigaction", code: ikso_errno()) }
    self.handler = handler
  }

  deinit { Glibc.close(descriptor) }

  /// Delivers on `reactor` from now on.
  package func deliver(on reactor: Reactor) {
    reactor.execute { [self] in
      do {
        try reactor.register(descriptor, .read, self)
      } catch {
        preconditionFailure("signals cannot be watched: \(error)")
      }
    }
  }

  package func ready(_ readiness: Readiness) {
    while true {
      let signal = ikso_signal_read(descriptor)
      if signal <= 0 { return }
      handler(signal)
    }
  }
}
