import Synchronization
package import TLS

/// What a handler may know of the call that it serves, beside its messages.
///
/// A copy is a reference to the same call.
package struct ServerCall: Sendable {
  private let facts: Facts

  private final class Facts: Sendable {
    let method: MethodDescriptor
    let metadata: Metadata
    let deadline: ContinuousClock.Instant?
    let peer: PeerIdentity?
    let remoteAddress: String
    let requestID: String
    let answer = Mutex<Answer>(Answer())

    init(
      method: MethodDescriptor, metadata: Metadata, deadline: ContinuousClock.Instant?,
      peer: PeerIdentity?, remoteAddress: String, requestID: String
    ) {
      self.method = method
      self.metadata = metadata
      self.deadline = deadline
      self.peer = peer
      self.remoteAddress = remoteAddress
      self.requestID = requestID
    }
  }

  private struct Answer {
    var initial = Metadata()
    var trailing = Metadata()
  }

  /// - Parameters:
  ///   - remoteAddress: address and port of the socket's other end.
  ///   - requestID: names this call in every log; at most 64 characters.
  package init(
    method: MethodDescriptor, metadata: Metadata = Metadata(),
    deadline: ContinuousClock.Instant? = nil, peer: PeerIdentity? = nil,
    remoteAddress: String = "", requestID: String = ""
  ) {
    facts = Facts(
      method: method, metadata: metadata, deadline: deadline, peer: peer,
      remoteAddress: remoteAddress, requestID: requestID)
  }

  package var method: MethodDescriptor { facts.method }
  package var metadata: Metadata { facts.metadata }
  package var deadline: ContinuousClock.Instant? { facts.deadline }
  /// The identity in the client's certificate.
  package var peer: PeerIdentity? { facts.peer }
  package var remoteAddress: String { facts.remoteAddress }
  package var requestID: String { facts.requestID }

  /// The credentials of `authorization: Bearer …` (RFC 6750 section 2.1).
  package var bearerToken: String? {
    guard let value = metadata[first: "authorization"] else { return nil }
    let scheme = value.prefix(7)
    guard scheme.utf8.count == 7, scheme.lowercased() == "bearer " else { return nil }
    let token = value.dropFirst(7).drop { $0 == " " }
    return token.isEmpty ? nil : String(token)
  }

  /// Sent before the first message; without effect after it.
  package func setInitialMetadata(_ metadata: Metadata) {
    facts.answer.withLock { $0.initial = metadata }
  }

  /// Sent after the last message, with the status, be it OK or not.
  package func setTrailingMetadata(_ metadata: Metadata) {
    facts.answer.withLock { $0.trailing = metadata }
  }

  package func addTrailing(_ name: String, _ value: String) throws(MetadataError) {
    var added = Metadata()
    try added.add(name, value)
    facts.answer.withLock { $0.trailing.append(added) }
  }

  /// What the handler has set so far.
  package var initialMetadata: Metadata { facts.answer.withLock { $0.initial } }
  package var trailingMetadata: Metadata { facts.answer.withLock { $0.trailing } }
}
