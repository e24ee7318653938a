import HTTP2

/// The header blocks of an answer.
enum ResponseHead {
  static let requestIDName = "x-request-id"
  private static let status = HeaderField(name: ":status", value: "200")
  private static let contentType = HeaderField(name: "content-type", value: "application/grpc")
  private static let encodings = HeaderField(name: "grpc-accept-encoding", value: "identity")

  static func initial(requestID: String, _ metadata: Metadata) -> HeaderBlock {
    var fields = [status, contentType, HeaderField(name: requestIDName, value: requestID)]
    append(metadata, to: &fields)
    return HeaderBlock(fields)
  }

  /// Trailers of a call that ended well and has nothing to add.
  static let ok: HeaderBlock = ["grpc-status": "0"]

  static func trailers(_ error: RPCError?, _ metadata: Metadata) -> HeaderBlock {
    guard error != nil || !metadata.isEmpty else { return ok }
    var fields: [HeaderField] = []
    append(error, metadata, to: &fields)
    return HeaderBlock(fields)
  }

  /// Headers and trailers in one block, for a call that ends before its first message.
  static func trailersOnly(
    requestID: String?, _ error: RPCError?, initial: Metadata = Metadata(),
    trailing: Metadata = Metadata()
  ) -> HeaderBlock {
    var fields = [status, contentType]
    if let requestID { fields.append(HeaderField(name: requestIDName, value: requestID)) }
    if error?.code == .unimplemented { fields.append(encodings) }
    append(initial, to: &fields)
    append(error, trailing, to: &fields)
    return HeaderBlock(fields)
  }

  private static func append(
    _ error: RPCError?, _ metadata: Metadata, to fields: inout [HeaderField]
  ) {
    fields.append(HeaderField(name: "grpc-status", value: (error?.code ?? .ok).digits))
    if let error {
      if !error.message.isEmpty {
        let message = PercentEncoding.encode(error.message)
        fields.append(HeaderField(name: "grpc-message", value: message))
      }
      append(error.metadata, to: &fields)
    }
    append(metadata, to: &fields)
  }

  private static func append(_ metadata: Metadata, to fields: inout [HeaderField]) {
    for entry in metadata.entries {
      fields.append(HeaderField(name: entry.name, value: entry.value))
    }
  }
}
