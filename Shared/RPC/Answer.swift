import HTTP2

/// Writes the answer to one request in its caller's protocol: header blocks, and the end.
struct Answer: Sendable {
  static let requestIDName = "x-request-id"

  let wire: WireProtocol
  /// nil when the request was refused before it had one.
  let requestID: String?
  /// Within which an error's reason is stable; nil: reasons are not told.
  var domain: String?

  private static let ok200 = HeaderField(name: ":status", value: "200")
  private static let grpcEncoding = HeaderField(name: "grpc-encoding", value: "gzip")
  private static let connectEncoding = HeaderField(name: "connect-content-encoding", value: "gzip")
  private static let contentEncoding = HeaderField(name: "content-encoding", value: "gzip")
  private static let grpcEncodings = HeaderField(
    name: "grpc-accept-encoding", value: ContentCoding.supported)
  private static let connectEncodings = HeaderField(
    name: "connect-accept-encoding", value: ContentCoding.supported)
  private static let encodings = HeaderField(
    name: "accept-encoding", value: ContentCoding.supported)
  /// What a GET answers is somebody's: no cache on the way may keep it.
  private static let uncached = HeaderField(name: "cache-control", value: "private, no-store")
  /// Trailers of a gRPC call that ended well and has nothing to add.
  private static let okTrailers = ConstantBlock(["grpc-status": "0"])
  /// What a gRPC call is answered with before its first message, most of the time.
  private static let grpcOpening = ConstantBlock([
    ok200.name: ok200.value, "content-type": WireProtocol.grpc.contentType,
  ])

  /// Sends the block before the first message of an answer with envelopes.
  /// - Parameters:
  ///   - mayCompress: whether messages that are marked so are gzip.
  ///   - hasReadGzip: whether the request's messages were.
  func begin(_ stream: HTTP2Stream, _ initial: Metadata, mayCompress: Bool, hasReadGzip: Bool) {
    if initial.isEmpty, !mayCompress, !hasReadGzip, wire == .grpc, let requestID {
      let field = HeaderField(name: Self.requestIDName, value: requestID)
      return stream.send(headers: Self.grpcOpening, and: field)
    }
    var fields = opening(Self.ok200, contentType: wire.contentType)
    if mayCompress { fields.append(wire.isConnect ? Self.connectEncoding : Self.grpcEncoding) }
    // A peer tells which compressions it reads once one of them was used (gRPC, compression.md);
    // the C core logs an error when one is used by a peer that did not tell.
    if !wire.isConnect, mayCompress || hasReadGzip { fields.append(Self.grpcEncodings) }
    Self.append(initial, to: &fields)
    stream.send(headers: HeaderBlock(fields), endStream: false)
  }

  /// The block before the only message of an answer without envelopes, trailing metadata and all.
  func unaryHeaders(_ initial: Metadata, _ trailing: Metadata, isCompressed: Bool) -> HeaderBlock {
    var fields = opening(Self.ok200, contentType: wire.contentType)
    if wire.family == .connectGet { fields.append(Self.uncached) }
    if isCompressed { fields.append(Self.contentEncoding) }
    Self.append(initial, to: &fields)
    Self.append(trailing, to: &fields, prefix: Self.trailerPrefix)
    return HeaderBlock(fields)
  }

  /// Ends the answer: with the status after what was sent, or as all that is sent.
  ///
  /// - Parameters:
  ///   - headersAreSent: false: no message went out before.
  ///   - httpStatus: instead of the one that belongs to the error's code, where HTTP says more.
  func end(
    _ stream: HTTP2Stream, _ error: RPCError?, initial: Metadata = Metadata(),
    trailing: Metadata = Metadata(), headersAreSent: Bool = false, httpStatus: String? = nil
  ) {
    let error = error?.naming(domain)
    switch wire.family {
    case .grpc where headersAreSent:
      if error == nil, trailing.isEmpty {
        stream.send(trailers: Self.okTrailers)
      } else {
        stream.send(trailers: trailers(error, trailing))
      }
    case .grpc:
      stream.send(headers: trailersOnly(error, initial, trailing), endStream: true)
    case .grpcWeb, .grpcWebText, .connectStream:
      if !headersAreSent {
        stream.send(headers: endingHeaders(error, initial), endStream: false)
      }
      stream.send(data: lastFrame(error, trailing), endStream: true)
    case .connectUnary, .connectGet:
      // Only an error comes here: a good answer ends with its only message.
      let error = error ?? .internalError("the call ended without an answer")
      stream.send(
        headers: errorHeaders(error, initial, trailing, httpStatus: httpStatus), endStream: false)
      stream.send(data: Array(ConnectError.json(error).utf8), endStream: true)
    }
    // The answer is complete: what the client still sends is not wanted (RFC 9113, section 8.1).
    if !stream.isRemoteEnded { stream.reset(.noError) }
  }

  // MARK: Blocks

  private func opening(_ status: HeaderField, contentType: String) -> [HeaderField] {
    let type = HeaderField(name: "content-type", value: contentType)
    guard let requestID else { return [status, type] }
    return [status, type, HeaderField(name: Self.requestIDName, value: requestID)]
  }

  func trailers(_ error: RPCError?, _ metadata: Metadata) -> HeaderBlock {
    var fields: [HeaderField] = []
    Self.append(error, metadata, to: &fields)
    return HeaderBlock(fields)
  }

  /// Headers and trailers in one block, for a gRPC call that ends before its first message.
  private func trailersOnly(
    _ error: RPCError?, _ initial: Metadata, _ trailing: Metadata
  ) -> HeaderBlock {
    var fields = endingHeaders(error, initial).fields
    Self.append(error, trailing, to: &fields)
    return HeaderBlock(fields)
  }

  private func endingHeaders(_ error: RPCError?, _ initial: Metadata) -> HeaderBlock {
    var fields = opening(Self.ok200, contentType: wire.contentType)
    // Who used a compression that is not known here learns which are.
    if error?.code == .unimplemented {
      fields.append(wire.isConnect ? Self.connectEncodings : Self.grpcEncodings)
    }
    Self.append(initial, to: &fields)
    return HeaderBlock(fields)
  }

  private func errorHeaders(
    _ error: RPCError, _ initial: Metadata, _ trailing: Metadata, httpStatus: String?
  ) -> HeaderBlock {
    let status = httpStatus ?? ConnectError.httpStatus(error.code)
    var fields = opening(
      HeaderField(name: ":status", value: status), contentType: "application/json")
    if error.code == .unimplemented { fields.append(Self.encodings) }
    Self.append(initial, to: &fields)
    Self.append(error.metadata, to: &fields)
    Self.append(trailing, to: &fields, prefix: Self.trailerPrefix)
    return HeaderBlock(fields)
  }

  /// The end as a frame of the body (PROTOCOL-WEB; Connect, EndStreamResponse).
  private func lastFrame(_ error: RPCError?, _ trailing: Metadata) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: MessageDecoder.prefixBytes)
    if wire.family == .connectStream {
      bytes += ConnectError.endOfStream(error, trailing).utf8
      MessageFrame.setPrefix(of: &bytes, flag: MessageFrame.endOfStreamFlag)
      return bytes
    }
    for field in trailers(error, trailing).fields {
      bytes += "\(field.name): \(field.value)\r\n".utf8
    }
    MessageFrame.setPrefix(of: &bytes, flag: MessageFrame.trailersFlag)
    return wire.family == .grpcWebText ? Base64.characters(bytes, isPadded: true) : bytes
  }

  // MARK: Fields

  /// What tells trailing metadata from leading in one header block (Connect).
  private static let trailerPrefix = "trailer-"

  private static func append(
    _ error: RPCError?, _ metadata: Metadata, to fields: inout [HeaderField]
  ) {
    fields.append(HeaderField(name: "grpc-status", value: (error?.code ?? .ok).digits))
    if let error {
      if !error.message.isEmpty {
        let message = PercentEncoding.encode(error.message)
        fields.append(HeaderField(name: "grpc-message", value: message))
      }
      if let details = error.statusBytes {
        fields.append(
          HeaderField(name: RPCError.detailsName, value: Base64.encode(details)))
      }
      append(error.metadata, to: &fields)
    }
    append(metadata, to: &fields)
  }

  private static func append(
    _ metadata: Metadata, to fields: inout [HeaderField], prefix: String = ""
  ) {
    for entry in metadata.entries {
      let name = prefix.isEmpty ? entry.name : prefix + entry.name
      fields.append(HeaderField(name: name, value: entry.value))
    }
  }
}
