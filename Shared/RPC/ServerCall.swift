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
    let wire: Wire
    let answer = Mutex<Answer>(Answer())

    init(
      method: MethodDescriptor, metadata: Metadata, deadline: ContinuousClock.Instant?,
      peer: PeerIdentity?, remoteAddress: String, requestID: String, wire: Wire
    ) {
      self.method = method
      self.metadata = metadata
      self.deadline = deadline
      self.peer = peer
      self.remoteAddress = remoteAddress
      self.requestID = requestID
      self.wire = wire
    }
  }

  /// Who calls, as the log names them: set where it was found out.
  package struct Actor: Sendable, Equatable {
    /// A name that stands for no client's person: `service-account:payroll-export`.
    package let name: String
    /// The organisation in which they act, by its id.
    package let tenant: String

    package init(name: String, tenant: String) {
      self.name = name
      self.tenant = tenant
    }
  }

  private struct Answer {
    var actor: Actor?
    var initial = Metadata()
    var trailing = Metadata()
    /// The handler's choice; nil: as the request was.
    var compression: Bool?
    var lastRequestWasCompressed = false
    var refusesUnknownFields = false
  }

  /// How the caller speaks.
  struct Wire: Sendable {
    var wireProtocol = WireProtocol.grpc
    var timeout: Duration?
    var query: QueryParameters?
    var acceptsGzip = false
    var requestIsCompressed = false
  }

  /// - Parameters:
  ///   - remoteAddress: address and port of the socket's other end.
  ///   - requestID: names this call in every log; at most 64 characters.
  package init(
    method: MethodDescriptor, metadata: Metadata = Metadata(),
    deadline: ContinuousClock.Instant? = nil, peer: PeerIdentity? = nil,
    remoteAddress: String = "", requestID: String = ""
  ) {
    self.init(
      method: method, metadata: metadata, deadline: deadline, peer: peer,
      remoteAddress: remoteAddress, requestID: requestID, wire: Wire())
  }

  init(
    method: MethodDescriptor, metadata: Metadata, deadline: ContinuousClock.Instant?,
    peer: PeerIdentity?, remoteAddress: String, requestID: String, wire: Wire
  ) {
    facts = Facts(
      method: method, metadata: metadata, deadline: deadline, peer: peer,
      remoteAddress: remoteAddress, requestID: requestID, wire: wire)
  }

  package var method: MethodDescriptor { facts.method }
  package var metadata: Metadata { facts.metadata }
  package var deadline: ContinuousClock.Instant? { facts.deadline }
  /// Nil for most: a client's people are not named in logs.
  package var actor: Actor? { facts.answer.withLock { $0.actor } }

  package func setActor(_ actor: Actor) { facts.answer.withLock { $0.actor = actor } }

  /// Whether a field of a request that its message does not have is refused with
  /// INVALID_ARGUMENT; else it is passed over, as protobuf has it.
  package var refusesUnknownFields: Bool { facts.answer.withLock { $0.refusesUnknownFields } }

  /// Before the first request is read.
  package func refuseUnknownFields() { facts.answer.withLock { $0.refusesUnknownFields = true } }

  /// The identity in the client's certificate.
  package var peer: PeerIdentity? { facts.peer }
  package var remoteAddress: String { facts.remoteAddress }
  package var requestID: String { facts.requestID }
  /// The time that the caller gave the call, as it said it; `deadline` is its end.
  package var timeout: Duration? { facts.wire.timeout }
  /// The parameters of a Connect GET, percent-decoded; empty for any other request.
  package var query: [(name: String, value: String)] { facts.wire.query?.all ?? [] }
  package var wireProtocol: WireProtocol { facts.wire.wireProtocol }

  /// Whether the message that was taken last came compressed.
  package var lastRequestWasCompressed: Bool {
    facts.answer.withLock { $0.lastRequestWasCompressed }
  }

  /// Has messages compressed or not from now on, for a caller that reads gzip; until then they are
  /// if the request names gzip for its own.
  package func setResponseCompression(_ on: Bool) {
    facts.answer.withLock { $0.compression = on }
  }

  func noteRequest(isCompressed: Bool) {
    facts.answer.withLock { $0.lastRequestWasCompressed = isCompressed }
  }

  /// Whether the next message goes out compressed.
  var compressesResponse: Bool {
    guard facts.wire.acceptsGzip else { return false }
    return facts.answer.withLock { $0.compression } ?? facts.wire.requestIsCompressed
  }

  /// Whether messages may be compressed later on: to be said in the headers.
  var mayCompressResponse: Bool {
    guard facts.wire.acceptsGzip else { return false }
    return facts.wire.requestIsCompressed || facts.answer.withLock { $0.compression } != nil
  }

  /// Whether the request names gzip for its messages.
  var requestIsCompressed: Bool { facts.wire.requestIsCompressed }

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
