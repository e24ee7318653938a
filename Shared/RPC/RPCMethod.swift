package import SwiftProtobuf

/// A method with the code that serves it.
///
/// `admit` runs before the request is read: while it has not returned, a client can send no more
/// than the stream's initial window. What it returns goes to the body.
package final class RPCMethod: Sendable {
  package let descriptor: MethodDescriptor
  /// Inherits where it runs: each async function that does not asks for its executor anew.
  typealias Serve = nonisolated(nonsending) @Sendable (ServerStream) async throws -> Void
  let serve: Serve

  private init(
    descriptor: MethodDescriptor, serve: @escaping Serve
  ) {
    self.descriptor = descriptor
    self.serve = serve
  }

  package static func unary<Context: Sendable, Request: Message, Response: Message>(
    _ descriptor: MethodDescriptor,
    admit: nonisolated(nonsending) @escaping @Sendable (ServerCall) async throws -> Context,
    _ body: nonisolated(nonsending) @escaping @Sendable (Request, Context) async throws -> Response
  ) -> RPCMethod {
    precondition(descriptor.kind == .unary, "\(descriptor.path) is not unary")
    return RPCMethod(descriptor: descriptor) { stream in
      let context = try await admit(stream.call)
      stream.admitted()
      let request: Request
      if let message = try stream.arrivedMessage() {
        request = try stream.decode(message)
      } else {
        request = try stream.decode(try await stream.onlyMessage())
      }
      let response = try await body(request, context)
      stream.answer(try stream.encode(response))
    }
  }

  package static func serverStreaming<Context: Sendable, Request: Message, Response: Message>(
    _ descriptor: MethodDescriptor,
    admit: nonisolated(nonsending) @escaping @Sendable (ServerCall) async throws -> Context,
    _ body: @escaping @Sendable (Request, Context, ResponseWriter<Response>) async throws -> Void
  ) -> RPCMethod {
    precondition(descriptor.kind == .serverStreaming, "\(descriptor.path) is not server streaming")
    return RPCMethod(descriptor: descriptor) { stream in
      let context = try await admit(stream.call)
      stream.admitted()
      let request: Request = try stream.decode(try await stream.onlyMessage())
      try await body(request, context, ResponseWriter(stream))
    }
  }

  package static func clientStreaming<Context: Sendable, Request: Message, Response: Message>(
    _ descriptor: MethodDescriptor,
    admit: nonisolated(nonsending) @escaping @Sendable (ServerCall) async throws -> Context,
    _ body: @escaping @Sendable (RequestStream<Request>, Context) async throws -> Response
  ) -> RPCMethod {
    precondition(descriptor.kind == .clientStreaming, "\(descriptor.path) is not client streaming")
    return RPCMethod(descriptor: descriptor) { stream in
      let context = try await admit(stream.call)
      stream.admitted()
      let response = try await body(RequestStream(stream), context)
      stream.answer(try stream.encode(response))
    }
  }

  package static func bidirectional<Context: Sendable, Request: Message, Response: Message>(
    _ descriptor: MethodDescriptor,
    admit: nonisolated(nonsending) @escaping @Sendable (ServerCall) async throws -> Context,
    _ body:
      @escaping @Sendable (RequestStream<Request>, Context, ResponseWriter<Response>) async throws
      -> Void
  ) -> RPCMethod {
    precondition(descriptor.kind == .bidirectional, "\(descriptor.path) is not bidirectional")
    return RPCMethod(descriptor: descriptor) { stream in
      let context = try await admit(stream.call)
      stream.admitted()
      try await body(RequestStream(stream), context, ResponseWriter(stream))
    }
  }
}

extension ServerStream {
  fileprivate func decode<Request: Message>(_ bytes: [UInt8]) throws(RPCError) -> Request {
    let request: Request = try wire.decode(bytes)
    if call.refusesUnknownFields { try UnknownFields.refuse(in: request) }
    return request
  }
}

/// Sends the messages of a streaming response.
package struct ResponseWriter<Response: Message>: Sendable {
  private let stream: ServerStream

  init(_ stream: ServerStream) { self.stream = stream }

  /// Suspends while more than the high-water mark of this stream waits to be sent. From any thread;
  /// messages go out in the order of the calls.
  /// - Throws: `CancellationError` when the task or the call has been cancelled.
  package func send(_ message: Response) async throws {
    try await stream.send(try stream.encode(message).bytes)
  }
}

/// The messages of a streaming request, for one reader.
///
/// A message that has been taken makes room for more: a slow reader stops the client.
package struct RequestStream<Request: Message>: AsyncSequence, Sendable {
  package typealias Element = Request
  private let stream: ServerStream

  init(_ stream: ServerStream) { self.stream = stream }

  package func makeAsyncIterator() -> Iterator { Iterator(stream: stream) }

  package struct Iterator: AsyncIteratorProtocol {
    fileprivate let stream: ServerStream

    /// - Throws: `RPCError` for bytes that are no message, `CancellationError` when the call was
    ///   cancelled.
    package mutating func next() async throws -> Request? {
      guard let bytes = try await stream.nextMessage() else { return nil }
      return try stream.decode(bytes)
    }
  }
}
