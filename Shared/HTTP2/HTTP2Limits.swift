package import TLS

/// What a connection allows its peer and its own process; every bound has a name and a default.
package struct HTTP2Limits: Sendable {
  /// Names, values and 32 bytes a field of one received header block (RFC 9113, section 6.5.2).
  package var headerListBytes = 16 * 1024
  /// Streams that a peer may have open at a time; a server's.
  package var maxConcurrentStreams = 1_000
  /// Requests that a client may have open or waiting for the peer's limit.
  package var openRequests = 10_000
  /// Bytes that a peer may send ahead of `consumed`, per stream.
  package var initialWindowBytes = 256 * 1024
  /// The same, for all streams of a connection together.
  package var connectionWindowBytes = 1024 * 1024
  /// Bytes waiting to be sent at which a stream is no longer writable.
  package var highWaterBytes = 256 * 1024
  /// Bytes waiting under which it is writable again.
  package var lowWaterBytes = 64 * 1024
  /// Bytes waiting in one stream at which it is reset: its owner ignores `isWritable`.
  package var streamBytesWaiting = 32 * 1024 * 1024
  /// Bytes waiting in all streams of a connection at which the stream that adds more is reset.
  package var connectionBytesWaiting = 128 * 1024 * 1024
  /// Bytes waiting on all connections of a listener's reactor at which connections are closed, the
  /// slowest first; so many in a process for each of its reactors. Checked at the end of a turn.
  package var reactorBytesWaiting = 256 * 1024 * 1024
  /// Time in which a peer takes nothing of what waits, after which, or a quarter as long again, the
  /// stream is reset whose window it keeps closed, or the connection closed.
  package var outputStallTimeout = Duration.seconds(60)
  /// Frames waiting to be sent at which the connection is closed: the peer does not read.
  package var framesWaiting = 20_000
  /// Streams a second that a client may have reset, by its own frame or by an error of its own,
  /// in the long run; beyond it ENHANCE_YOUR_CALM (CVE-2023-44487, CVE-2025-8671).
  package var resetsPerSecond = 200
  /// Resets allowed at once: all streams of a connection may be cancelled together.
  package var resetBurst = 1_000
  /// Frames a second that carry no request or body (PING, SETTINGS, PRIORITY, WINDOW_UPDATE beyond
  /// what was sent, CONTINUATION, empty DATA, unknown ones) in the long run; a server's. Beyond it
  /// ENHANCE_YOUR_CALM.
  package var controlFramesPerSecond = 500
  /// Control frames allowed at once.
  package var controlFrameBurst = 5_000
  /// CONTINUATION frames of one header block; a server's. Beyond it ENHANCE_YOUR_CALM
  /// (CVE-2024-28182).
  package var continuationFrames = 8
  /// Connections that a listener holds; one more is closed at once.
  package var connections = 10_000
  /// Time until the peer's first SETTINGS frame, encryption included.
  package var handshakeTimeout = Duration.seconds(10)
  /// Time from the begin of a header block to its end; a server's.
  package var headerTimeout = Duration.seconds(10)
  /// Time without a byte of a body that is due (`HTTP2Stream.expectBody`) while the peer has
  /// window, after which, or half as long again, the stream is reset.
  package var bodyStallTimeout = Duration.seconds(30)
  /// Time that a stream which was answered early still takes in what the peer sends, before the
  /// peer is told to stop; a server's.
  package var lingerTimeout = Duration.seconds(1)
  /// Bytes that such a stream takes in before.
  package var lingerBytes = 64 * 1024
  /// Age at which a server ends a connection with GOAWAY, give or take a tenth so that connections
  /// which came together do not leave together.
  package var connectionAge = Duration.seconds(3_600)
  /// Time that open streams then have to finish.
  package var connectionAgeGrace = Duration.seconds(300)
  /// Time without any stream after which a connection ends with GOAWAY.
  package var idleTimeout = Duration.seconds(600)
  /// Time without a byte from the peer after which it is asked (PING) while streams are open.
  package var livenessInterval = Duration.seconds(30)
  /// Time for the answer, after which the connection is given up.
  package var livenessTimeout = Duration.seconds(20)
  /// Whether the peer is asked while no stream is open too; gRPC servers may forbid it.
  package var livenessWithoutStreams = false

  package init() {}
}

/// A bound of `HTTP2Limits`, or of the layer above, whose crossing ends a connection or a stream.
package enum HTTP2Bound: String, Sendable {
  case connections, handshakeTimeout, headerTimeout, bodyStallTimeout
  case headerListBytes, messageBytes, partialMessageBytes
  case streamBytesWaiting, connectionBytesWaiting, reactorBytesWaiting, outputStallTimeout
  case framesWaiting, resetsPerSecond, controlFramesPerSecond, continuationFrames
  case idleTimeout, connectionAge, connectionAgeGrace
}

/// What the owner of a listener is told of a connection or stream that was refused or ended because
/// the peer crossed a bound.
package struct HTTP2Excess: Sendable, CustomStringConvertible {
  package let bound: HTTP2Bound
  /// `address:port` of the peer.
  package let remoteAddress: String
  package let peer: PeerIdentity?
  package let reason: String

  package var description: String { "\(remoteAddress): \(reason) (\(bound.rawValue))" }
}
