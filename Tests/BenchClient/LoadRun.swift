import Foundation
import Glibc
import HTTP2
import Reactor

/// Calls on connections of one reactor: the next one when the one before has been answered, or
/// when it is due.
// Unchecked: all variables are touched on the reactor's thread only, where `run` is called.
final class LoadRun: @unchecked Sendable {
  /// Most calls that wait for an answer: a pace that the service cannot keep ends the run.
  private static let openLimit = 10_000

  private let reactor: Reactor
  private let connections: [HTTP2Connection]
  private let requests: LoadRequests
  private var turn = 0
  private var open = 0
  private var started = 0
  private var callLimit = Int.max
  private var end = ContinuousClock.now
  private var isPaced = false
  private var pacing = false
  private var times: [Duration] = []
  private var refused = 0
  private var failure: LoadError?
  private var continuation: CheckedContinuation<Void, Never>?

  init(_ connections: [HTTP2Connection], _ requests: LoadRequests) {
    reactor = connections[0].reactor
    self.connections = connections
    self.requests = requests
  }

  /// Makes calls for that long, or that many, and waits for the last answer.
  /// - Throws: `LoadError` if a call failed.
  func run(pace: Pace?, seconds: Double, calls: Int?) async throws -> Measured {
    reactor.preconditionCurrent()
    let began = ContinuousClock.now
    if let calls { callLimit = calls }
    end = calls == nil ? began + .seconds(seconds) : began + .seconds(Int64.max / 4)
    isPaced = pace != nil
    await withCheckedContinuation { continuation in
      self.continuation = continuation
      if let pace {
        pacing = true
        pace.start(until: end, on: reactor, due: { self.due($0) }, ended: { self.paceEnded() })
      } else {
        for connection in connections { next(on: connection) }
      }
    }
    for connection in connections { connection.close() }
    if let failure { throw failure }
    return Measured(
      calls: times.count, elapsed: .now - began, refused: refused, times: times.sorted())
  }

  private func due(_ instant: ContinuousClock.Instant) {
    guard failure == nil else { return }
    guard open < Self.openLimit else {
      return fail("\(open) calls are unanswered: the pace is too fast")
    }
    call(on: connections[turn % connections.count], since: instant)
  }

  private func paceEnded() {
    pacing = false
    finishIfDone()
  }

  private func next(on connection: HTTP2Connection) {
    let now = ContinuousClock.now
    guard failure == nil, started < callLimit, now < end else { return finishIfDone() }
    call(on: connection, since: now)
  }

  private func call(on connection: HTTP2Connection, since: ContinuousClock.Instant) {
    let headers = requests.headers[turn % requests.headers.count]
    let body = requests.bodies[turn % requests.bodies.count]
    turn += 1
    started += 1
    let call = LoadCall(self, since: since)
    do throws(HTTP2Error) {
      let stream = try connection.request(headers, endStream: false, handler: call)
      call.stream = stream
      open += 1
      stream.send(data: body, endStream: true)
    } catch {
      fail("a call could not be made: \(error)")
    }
  }

  fileprivate func ended(_ call: LoadCall, on connection: HTTP2Connection, _ reason: String) {
    open -= 1
    if call.status == "0" {
      times.append(.now - call.since)
    } else if requests.mayBeRefused, call.status == "8" {
      refused += 1
    } else {
      fail("a call ended with grpc-status \(call.status ?? "none") (\(reason)): \(call.words)")
    }
    if isPaced { finishIfDone() } else { next(on: connection) }
  }

  private func fail(_ text: String) {
    if failure == nil { failure = LoadError(description: text) }
    finishIfDone()
  }

  private func finishIfDone() {
    guard open == 0, !pacing, let continuation else { return }
    self.continuation = nil
    continuation.resume()
  }
}

/// One call's answer, of which only the status counts.
private final class LoadCall: HTTP2StreamHandler {
  let since: ContinuousClock.Instant
  var status: String?
  var words = ""
  var stream: HTTP2Stream?
  private let run: LoadRun

  init(_ run: LoadRun, since: ContinuousClock.Instant) {
    self.run = run
    self.since = since
  }

  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {
    if endStream { trailersReceived(headers) }
  }

  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    stream?.consumed(bytes.count)
  }

  func trailersReceived(_ trailers: HeaderBlock) {
    status = trailers[first: "grpc-status"]
    words = trailers[first: "grpc-message"] ?? ""
  }

  func streamWritable() {}

  func streamClosed(_ reason: HTTP2CloseReason) {
    guard let stream else { return }
    self.stream = nil
    run.ended(self, on: stream.connection, "\(reason)")
  }
}

/// Times at which calls are due, by a thread that is punctual to microseconds; the reactor's own
/// timers are to milliseconds.
struct Pace: Sendable {
  /// Calls a second, on the average: the gaps are distributed exponentially.
  let rate: Double

  /// Tells the reactor of each call when it is due, then of the end.
  func start(
    until end: ContinuousClock.Instant, on reactor: Reactor,
    due: @escaping @Sendable (ContinuousClock.Instant) -> Void,
    ended: @escaping @Sendable () -> Void
  ) {
    Thread.detachNewThread {
      var next = ContinuousClock.now
      while true {
        next += .seconds(-log(Double.random(in: Double.leastNonzeroMagnitude..<1)) / rate)
        guard next < end else { break }
        Self.wait(until: next)
        let instant = next
        reactor.execute { due(instant) }
      }
      reactor.execute(ended)
    }
  }

  private static func wait(until instant: ContinuousClock.Instant) {
    let (seconds, attoseconds) = (instant - .now).components
    guard seconds > 0 || attoseconds > 0 else { return }
    var left = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    // It is read before the call returns; a signal only makes one call early.
    _ = unsafe nanosleep(&left, nil)
  }
}
