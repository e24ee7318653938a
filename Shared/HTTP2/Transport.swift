import CSocket
import Glibc
internal import TLS

/// What reading or writing a connection's socket came to.
enum TransportProgress {
  case done(Int)
  /// To be tried again when the socket is readable, or with `onWrite` writable.
  case blocked(onWrite: Bool)
  case lost(HTTP2Error)
}

/// A connected non-blocking socket, encrypted or (in tests and benchmarks) not. It owns the
/// descriptor until `close`.
struct Transport {
  let descriptor: Int32
  let session: TLSSession?

  func handshake() -> TransportProgress {
    guard let session else { return .done(0) }
    return progress { () throws(TLSError) in try session.handshake() }
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> TransportProgress {
    if let session {
      return progress { () throws(TLSError) in unsafe try session.read(into: buffer) }
    }
    let count = unsafe ikso_receive(descriptor, buffer.baseAddress, buffer.count)
    if count > 0 { return .done(count) }
    if count == 0 { return .lost(Self.ended) }
    return failure(Int32(-count), onWrite: false)
  }

  /// Writes all bytes that the socket takes; `.done` has their count, which may be short.
  func write(_ bytes: UnsafeRawBufferPointer) -> TransportProgress {
    guard let session else {
      let count = unsafe ikso_send(descriptor, bytes.baseAddress, bytes.count)
      return count >= 0 ? .done(count) : failure(Int32(-count), onWrite: true)
    }
    var written = 0
    while written < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[written...])
      switch progress({ () throws(TLSError) in unsafe try session.write(rest) }) {
      case .done(let count): written += count
      case .blocked(let onWrite): return written > 0 ? .done(written) : .blocked(onWrite: onWrite)
      case .lost(let error): return .lost(error)
      }
    }
    return .done(written)
  }

  /// Whether bytes have been taken from the socket that `read` has not given yet.
  var hasPending: Bool { session?.hasPending ?? false }

  func close() {
    session?.close()
    Glibc.close(descriptor)
  }

  private static let ended = HTTP2Error.connectionLost(reason: "the peer closed the connection")

  private func failure(_ code: Int32, onWrite: Bool) -> TransportProgress {
    switch code {
    case EAGAIN, EINTR: .blocked(onWrite: onWrite)
    default: .lost(.connectionLost(reason: String(systemError: code)))
    }
  }

  private func progress(_ call: () throws(TLSError) -> TLSProgress) -> TransportProgress {
    do throws(TLSError) {
      switch try call() {
      case .done(let count): return .done(count)
      case .wantRead: return .blocked(onWrite: false)
      case .wantWrite: return .blocked(onWrite: true)
      case .ended: return .lost(Self.ended)
      }
    } catch .connectionLost(let reason) {
      return .lost(.connectionLost(reason: reason))
    } catch {
      return .lost(.tls(error))
    }
  }
}
