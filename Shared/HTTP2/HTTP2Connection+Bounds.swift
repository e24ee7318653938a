import CNGHTTP2
import Reactor

/// What ends streams and connections that take too long or ask for too much. Timers run only while
/// there is something to wait for; none reads the clock for a frame.
extension HTTP2Connection {
  /// Ends the connection at once since the peer has crossed a bound.
  func end(_ bound: HTTP2Bound, _ reason: String) {
    excess = bound
    end(.connectionLost(reason: "\(reason) (\(bound.rawValue))"))
  }

  /// Ends the connection with a GOAWAY of that code; what was answered before goes out first.
  func terminate(_ code: HTTP2ErrorCode, _ reason: String, _ bound: HTTP2Bound? = nil) {
    guard excess == nil else { return }
    excess = bound
    _ = unsafe nghttp2_session_terminate_session(session, code.rawValue)
    lastLibraryError = bound.map { "\(reason) (\($0.rawValue))" } ?? reason
    markDirty()
  }

  /// Resets a stream with which the peer has crossed a bound.
  func reset(_ stream: HTTP2Stream, _ bound: HTTP2Bound, _ reason: String) {
    stream.reset(.enhanceYourCalm)
    stream.crossed(bound, reason)
  }

  /// Called after each input: a block that came whole never starts the timer.
  func watchHeaders() {
    guard inspector.isAwaitingHeaders else {
      headerTimer?.cancel()
      headerTimer = nil
      return
    }
    guard headerTimer == nil else { return }
    headerTimer = reactor.schedule(after: limits.headerTimeout) { [unowned self] in
      terminate(
        .enhanceYourCalm, "a header block was not complete within the time allowed",
        .headerTimeout)
    }
  }

  // MARK: Age

  func watchAge() {
    let age = limits.connectionAge * Double.random(in: 0.9...1.1)
    ageTimer = reactor.schedule(after: age) { [unowned self] in
      lastLibraryError = "ended in good order: its age is reached (connectionAge)"
      drain(within: limits.connectionAgeGrace)
    }
  }

  /// Takes no more requests and closes when the open ones have ended or their time has.
  func drain(within grace: Duration) {
    goAway()
    guard !isClosed else { return }
    ageTimer?.cancel()
    ageTimer = reactor.schedule(after: grace) { [unowned self] in
      let reason = "streams were open at the end of the grace period (connectionAgeGrace)"
      // The handler has answered, and the peer does not take it.
      if bytesWaiting > 0 { excess = .connectionAgeGrace }
      lastLibraryError = reason
      _ = unsafe nghttp2_session_terminate_session(session, HTTP2ErrorCode.noError.rawValue)
      end(.connectionLost(reason: reason))
    }
  }

  // MARK: Bodies

  /// Called after each input: a body that came whole never starts the timer.
  ///
  /// Looks in half the time allowed each; three looks without a byte are between once and one and a
  /// half times that.
  func watchBodies() {
    guard bodiesDue > 0, bodyTimer == nil, !isClosed else { return }
    bodyTimer = reactor.schedule(after: limits.bodyStallTimeout / 2) { [unowned self] in
      bodyTimer = nil
      lookAtBodies()
    }
  }

  private static let quietLooks = 3

  private func lookAtBodies() {
    let hasWindow = unsafe nghttp2_session_get_local_window_size(session) > 0
    for stream in streams
    where stream.isBodyDue && !stream.isOver && !stream.isResetDue {
      let mayMove =
        unsafe hasWindow
        && nghttp2_session_get_stream_local_window_size(session, stream.id) > 0
      stream.quietLooks = stream.hasMoved || !mayMove ? 0 : stream.quietLooks + 1
      stream.hasMoved = false
      if stream.quietLooks == Self.quietLooks {
        reset(stream, .bodyStallTimeout, "the rest of the request does not come")
      }
    }
    deliver()
    watchBodies()
  }

  // MARK: Output

  /// Looks at what the peer has taken since the look before: a socket that takes nothing ends the
  /// connection, a window that is kept closed its stream, or the connection if it is all streams'.
  func judge(_ pace: inout OutputPace) {
    guard state == .open else { return }
    let verdict = pace.judge(
      written: liveness.sent, framed: bytesFramed, waiting: heldBytes,
      isSocketBlocked: !backlog.isEmpty)
    switch verdict {
    case .waiting: break
    case .stuck: end(.outputStallTimeout, "the peer does not take what is sent")
    case .open(let isAnyTaken):
      lookAtWindows(isAnyTaken: isAnyTaken)
      deliver()
    }
  }

  private func lookAtWindows(isAnyTaken: Bool) {
    // Who takes much finds the connection's window used up at most looks.
    let isClosed =
      unsafe !isAnyTaken && nghttp2_session_get_remote_window_size(session) <= 0
    for stream in streams where stream.output.count > 0 && !stream.isOver {
      let mayMove =
        unsafe !isClosed
        && nghttp2_session_get_stream_remote_window_size(session, stream.id) > 0
      stream.closedLooks = stream.hasGone || mayMove ? 0 : stream.closedLooks + 1
      stream.hasGone = false
      guard stream.closedLooks > WaitingOutput.looksPerTimeout else { continue }
      if isClosed {
        let reason = "the peer keeps the window of the connection closed"
        return terminate(.enhanceYourCalm, reason, .outputStallTimeout)
      }
      reset(stream, .outputStallTimeout, "the peer keeps its window closed")
    }
  }

  // MARK: Early answers

  /// Tells the handler that the stream has ended, and the peer a little later: frames that are on
  /// their way still get the errors they deserve, and most requests end by themselves.
  func linger(_ stream: HTTP2Stream) {
    guard role == .server else {
      submitReset(stream, .noError)
      return
    }
    end(stream, .finished)
    // Those that have ended meanwhile are let go of before there are too many.
    if lingering.count >= 2 * limits.maxConcurrentStreams {
      lingering.removeAll { $0.stream.slot == nil }
    }
    lingering.append((stream, .now + limits.lingerTimeout))
    watchLingering()
  }

  private func watchLingering() {
    guard lingerTimer == nil, let first = lingering.first else { return }
    lingerTimer = reactor.schedule(after: max(.zero, first.due - .now)) { [unowned self] in
      lingerTimer = nil
      let now = ContinuousClock.now
      let count = lingering.firstIndex { $0.due > now } ?? lingering.count
      for (stream, _) in lingering.prefix(count) { submitReset(stream, .noError) }
      lingering.removeFirst(count)
      watchLingering()
    }
  }

  /// Takes what comes for a stream that nobody reads.
  func discard(_ count: Int, _ id: Int32) {
    guard let stream = stream(id), stream.isResetDue else {
      _ = unsafe nghttp2_session_consume(session, id, count)
      return
    }
    // Its own window stays used: there is no room for more. The connection's is given back at once:
    // curl 7.88, whose stream is closed by its own last frame, sleeps until any frame comes.
    let held = unsafe nghttp2_session_get_effective_recv_data_length(session)
    _ = unsafe nghttp2_session_consume_connection(session, count)
    // An update of its own takes off what was counted as consumed: these bytes, and no others'.
    if unsafe nghttp2_session_get_effective_recv_data_length(session) == held, count > 0 {
      _ = unsafe nghttp2_submit_window_update(session, 0, 0, Int32(count))
    }
    stream.lingeredBytes += count
    if stream.lingeredBytes > limits.lingerBytes { submitReset(stream, .noError) }
  }
}
