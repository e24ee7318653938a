internal import Reactor
package import SwiftProtobuf

/// The streams' machinery follows with the HTTP/2 room.
final class ServerStream: Sendable {
  let call: ServerCall
  init(_ call: ServerCall) { self.call = call }
  func admitted() {}
  func onlyMessage() async throws -> [UInt8] { throw RPCError.unimplemented("pending") }
  func nextMessage() async throws -> [UInt8]? { throw RPCError.unimplemented("pending") }
  func send(_ frame: [UInt8]) async throws { throw RPCError.unimplemented("pending") }
  func answer(_ frame: [UInt8]) {}
}

final class ClientCall: Sendable {
  func nextMessage() async throws -> [UInt8]? { throw RPCError.unimplemented("pending") }
}

package final class RPCClient: Sendable {
  package func unary<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ request: Request, _ options: CallOptions = CallOptions(),
    as response: Response.Type = Response.self
  ) async throws(RPCError) -> Response { throw .unimplemented("pending") }

  package func serverStreaming<Request: Message, Response: Message>(
    _ method: MethodDescriptor, _ request: Request, _ options: CallOptions = CallOptions(),
    as response: Response.Type = Response.self
  ) async throws(RPCError) -> ResponseStream<Response> { throw .unimplemented("pending") }
}

package protocol CallObserver: Sendable {
  /// - Parameter call: `nil` when the request was refused before it became a call.
  func callEnded(
    _ call: ServerCall?, path: String, code: StatusCode, duration: Duration,
    error: (any Error)?)
}
