internal import Glibc
internal import Synchronization

/// The lowest version of TLS that is spoken.
package enum TLSVersion: Sendable { case tls12, tls13 }

/// Certificate, key and trust of this process for one role, as they stand in files; shared by all
/// its connections.
///
/// ALPN `h2` only, no early data. `reloadIfChanged` takes up new files; each new connection uses
/// what was loaded last.
package final class TLSContext: Sendable {
  enum Role: Sendable { case client, server }

  var role: Role { files.role }
  private let files: TLSFiles
  private let state: Mutex<State>

  private struct State {
    var current: TLSGeneration
    /// The trust file as it was when a load was last tried.
    var trust: Trust
    /// The files as they were when a load was last tried.
    var stamps: [FileStamp?]
  }

  /// A context for accepting connections.
  ///
  /// - Parameter clientTrustFile: PEM authorities of client certificates; nil: none is asked for.
  /// - Parameter requireClientCertificate: without a certificate the handshake is refused.
  /// - Parameter minimumVersion: `.tls12` allows its ECDHE suites with AEAD beside TLS 1.3.
  package static func server(
    certificateChainFile: String, privateKeyFile: String, clientTrustFile: String?,
    requireClientCertificate: Bool, minimumVersion: TLSVersion = .tls13
  ) throws(TLSError) -> TLSContext {
    try TLSContext(
      TLSFiles(
        role: .server, certificateChain: certificateChainFile, privateKey: privateKeyFile,
        trust: clientTrustFile, requiresPeerCertificate: requireClientCertificate,
        minimumVersion: minimumVersion))
  }

  /// A context for connecting; the server's chain and host name are always verified.
  package static func client(
    trustFile: String, certificateChainFile: String?, privateKeyFile: String?,
    minimumVersion: TLSVersion = .tls13
  ) throws(TLSError) -> TLSContext {
    try TLSContext(
      TLSFiles(
        role: .client, certificateChain: certificateChainFile, privateKey: privateKeyFile,
        trust: trustFile, requiresPeerCertificate: true, minimumVersion: minimumVersion))
  }

  private init(_ files: TLSFiles) throws(TLSError) {
    self.files = files
    // Before the load: a file that changes meanwhile is loaded again.
    let stamps = files.stamps
    let trust = Trust()
    state = Mutex(
      State(current: try TLSGeneration(files, trust: trust), trust: trust, stamps: stamps))
  }

  /// Loads the files again if one of them has changed since the last try; true when what they hold
  /// is in use now. To be called every few seconds.
  ///
  /// Established connections stay until `TLSSession.isPeerTrusted` says that the new trust does
  /// not vouch for their peer.
  /// - Throws: once for each change, when the files cannot be used: what was loaded before stays.
  package func reloadIfChanged() throws(TLSError) -> Bool {
    let stamps = files.stamps
    let (hasChanged, trust) = state.withLock { state in
      // Marked until it is loaded: the next try may find another file mended.
      if state.stamps.last != stamps.last { state.trust = Trust() }
      defer { state.stamps = stamps }
      return (state.stamps != stamps, state.trust)
    }
    guard hasChanged else { return false }
    let new = try TLSGeneration(files, trust: trust)
    state.withLock { $0.current = new }
    return true
  }

  var current: TLSGeneration { state.withLock { $0.current } }
}

/// Stands for one content of the trust file.
final class Trust: Sendable {}

/// Where a context's material stands, and how it is used.
struct TLSFiles: Sendable {
  var role: TLSContext.Role
  var certificateChain: String?
  var privateKey: String?
  var trust: String?
  var requiresPeerCertificate: Bool
  var minimumVersion: TLSVersion

  var stamps: [FileStamp?] {
    [certificateChain, privateKey, trust].map { path in path.flatMap { FileStamp($0) } }
  }
}

/// What tells one content of a file from another without reading it; nil: it cannot be looked at.
struct FileStamp: Equatable, Sendable {
  private let numbers: [Int]

  init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    numbers = [
      Int(status.st_dev), Int(status.st_ino), Int(status.st_size),
      status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec,
    ]
  }
}
