/// Where the database is and how much of it a pool may take. Each limit has a default.
package struct PostgresConfiguration: Sendable {
  /// libpq's connection string or URI; TLS as it says (`sslmode=verify-full sslrootcert=…`).
  package var dsn: String
  /// Most connections that each reactor holds.
  package var connectionsPerReactor = 4
  /// Most calls that wait for a connection on each reactor; one more fails with `poolQueueFull`.
  package var queueLimit = 256
  /// How long opening one connection may take.
  package var connectTimeout: Duration = .seconds(5)
  /// How long a call may wait for a connection.
  package var acquireTimeout: Duration = .seconds(5)
  /// Most statements that stay prepared on one connection.
  package var statementCacheLimit = 256
  /// How long an abandoned call may take to leave its connection before that is closed.
  package var recoveryTimeout: Duration = .seconds(5)
  /// How long a COMMIT that has been sent may outlast the deadline before its outcome counts as
  /// unknown.
  package var commitGrace: Duration = .seconds(5)
  /// The pause after a connection failed to open doubles from here…
  package var retryPause: Duration = .milliseconds(100)
  /// …up to here.
  package var longestRetryPause: Duration = .seconds(2)

  package init(dsn: String) { self.dsn = dsn }
}
