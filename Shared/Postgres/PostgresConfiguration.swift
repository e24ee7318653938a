/// Where the database is and how much of it a pool may take. Each limit has a default.
package struct PostgresConfiguration: Sendable {
  /// libpq's connection string or URI; TLS as it says (`sslmode=verify-full sslrootcert=…`).
  package var dsn: String
  /// Most connections that each reactor holds.
  package var connectionsPerReactor = 4
  /// Most calls that wait for a connection on each reactor; one more fails with `poolQueueFull`.
  package var queueLimit = 256
  /// Most of them that the calls of one share hold; nil: three quarters, so that there is one left
  /// for the others wherever there are two.
  package var shareOfConnections: Int?
  /// Most waiting calls of one share, one more fails with `poolShareFull`; nil: three quarters.
  package var shareOfQueue: Int?
  /// Most units of one share that are under way on one connection, one behind the other, where it
  /// can have no further connection; 1: none waits on a connection for another one.
  package var unitsPerConnection = 8
  /// How long opening one connection may take.
  package var connectTimeout: Duration = .seconds(5)
  /// How long a call may wait for a connection.
  package var acquireTimeout: Duration = .seconds(5)
  /// Most statements that stay prepared on one connection.
  package var statementCacheLimit = 256
  /// False behind a pooler that changes the server's connection between transactions and does not
  /// know prepared statements (PgBouncer before 1.21): each statement is then parsed anew.
  package var preparesStatements = true
  /// How long an abandoned call may take to leave its connection before that is closed.
  package var recoveryTimeout: Duration = .seconds(5)
  /// How long a COMMIT that has been sent may outlast the deadline before its outcome counts as
  /// unknown.
  package var commitGrace: Duration = .seconds(5)
  /// The pause after a connection failed to open doubles from here…
  package var retryPause: Duration = .milliseconds(100)
  /// …up to here.
  package var longestRetryPause: Duration = .seconds(2)

  /// Most rows of one statement's result, and most bytes that libpq takes for them; a result of
  /// more fails its call with `resultTooLarge`.
  package var resultRowLimit = 100_000
  package var resultByteLimit = 64 << 20

  /// How often idle connections are asked for a sign of life…
  package var healthCheckInterval: Duration = .seconds(30)
  /// …and how long each may take to give one.
  package var healthCheckTimeout: Duration = .seconds(5)

  package init(dsn: String) { self.dsn = dsn }

  var connectionsPerShare: Int {
    shareOfConnections.map { min($0, connectionsPerReactor) } ?? Self.part(connectionsPerReactor)
  }
  var queueLimitPerShare: Int {
    shareOfQueue.map { min($0, queueLimit) } ?? Self.part(queueLimit)
  }

  /// Three quarters, at least one less than all and never none.
  private static func part(_ all: Int) -> Int { max(min(all, 1), all - max(1, all / 4)) }
}
