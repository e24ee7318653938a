internal import COpenSSL
internal import Synchronization

/// A session that a server has given a ticket for.
// Unchecked: the SSL_SESSION is not changed any more, and its count of references is atomic.
@safe
final class ResumableSession: @unchecked Sendable {
  let handle: OpaquePointer

  /// Takes over one reference.
  init(_ handle: OpaquePointer) { unsafe self.handle = unsafe handle }
  deinit { unsafe SSL_SESSION_free(handle) }

  var isUsable: Bool { unsafe SSL_SESSION_is_resumable(handle) == 1 }
}

/// A client's sessions by the server name that was verified when they were made.
final class SessionCache: Sendable {
  /// Sessions kept for one name: about as many as connections to it are opened together.
  static let perName = 8
  static let names = 64

  private let sessions = Mutex<[String: [ResumableSession]]>([:])

  func keep(_ session: ResumableSession, for name: String) {
    sessions.withLock { sessions in
      if sessions[name] == nil, sessions.count >= Self.names, let other = sessions.keys.first {
        sessions[other] = nil
      }
      var known = sessions.removeValue(forKey: name) ?? []
      if known.count >= Self.perName { known.removeFirst() }
      known.append(session)
      sessions[name] = known
    }
  }

  /// The newest session for that name. A ticket is used once (RFC 8446, appendix C.4).
  func take(for name: String) -> ResumableSession? {
    sessions.withLock { sessions in
      while let session = sessions[name]?.popLast() {
        if session.isUsable { return session }
      }
      sessions[name] = nil
      return nil
    }
  }
}
