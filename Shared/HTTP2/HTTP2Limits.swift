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
  /// Frames waiting to be sent at which the connection is closed: the peer does not read.
  package var framesWaiting = 20_000
  /// Streams a second that a client may have reset, by its own frame or by an error of its own,
  /// in the long run; beyond it ENHANCE_YOUR_CALM (CVE-2023-44487, CVE-2025-8671).
  package var resetsPerSecond = 200
  /// Resets allowed at once: all streams of a connection may be cancelled together.
  package var resetBurst = 1_000
  /// Connections that a listener holds; one more is closed at once.
  package var connections = 10_000
  /// Time until the peer's first SETTINGS frame, encryption included.
  package var handshakeTimeout = Duration.seconds(10)
  /// Time without any stream after which a connection ends with GOAWAY.
  package var idleTimeout = Duration.seconds(600)
  /// Time without a byte from the peer after which it is asked (PING) while streams are open; also
  /// the longest standstill of output.
  package var livenessInterval = Duration.seconds(30)
  /// Time for the answer, after which the connection is given up.
  package var livenessTimeout = Duration.seconds(20)
  /// Whether the peer is asked while no stream is open too; gRPC servers may forbid it.
  package var livenessWithoutStreams = false

  package init() {}
}
