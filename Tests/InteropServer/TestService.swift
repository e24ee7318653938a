import Foundation
import RPC
import ServerSupport
import SwiftProtobuf
import TestSchemas

/// `grpc.testing.TestService` as gRPC's interop-test-descriptions.md asks of a server.
/// UnimplementedCall and UnimplementedService are left to the server's answer to unknown methods.
struct TestService: Sendable {
  /// Bytes of one payload.
  private static let payloadLimit: Int32 = 64 * 1024 * 1024
  /// Requests that HalfDuplexCall keeps until the client has sent its last.
  private static let requestLimit = 1_000

  private typealias Output = InteropStreamingOutputCallResponse

  var methods: [RPCMethod] {
    [
      .unary(method("EmptyCall"), admit: admit) { (request: InteropEmpty, _) in request },
      .unary(method("UnaryCall"), admit: admit) { try answer($0, $1) },
      .unary(method("CacheableUnaryCall"), admit: admit) {
        (request: InteropSimpleRequest, call) in
        var metadata = call.initialMetadata
        try metadata.add("cache-control", "max-age=60, public")
        call.setInitialMetadata(metadata)
        return try answer(request, call)
      },
      .serverStreaming(method("StreamingOutputCall", .serverStreaming), admit: admit) {
        (request: InteropStreamingOutputCallRequest, call, responses) in
        try await send(request, call, responses)
        try check(request.hasResponseStatus ? request.responseStatus : nil)
      },
      .clientStreaming(method("StreamingInputCall", .clientStreaming), admit: admit, count),
      .bidirectional(method("FullDuplexCall", .bidirectional), admit: admit) {
        (requests: RequestStream<InteropStreamingOutputCallRequest>, call, responses) in
        for try await request in requests {
          try check(request.hasResponseStatus ? request.responseStatus : nil)
          try await send(request, call, responses)
        }
      },
      .bidirectional(method("HalfDuplexCall", .bidirectional), admit: admit) {
        (requests: RequestStream<InteropStreamingOutputCallRequest>, call, responses) in
        var kept: [InteropStreamingOutputCallRequest] = []
        for try await request in requests {
          guard kept.count < Self.requestLimit else {
            throw RPCError.resourceExhausted("more than \(Self.requestLimit) requests")
          }
          kept.append(request)
        }
        for request in kept { try await send(request, call, responses) }
      },
    ]
  }

  private func method(_ name: String, _ kind: CallKind = .unary) -> MethodDescriptor {
    MethodDescriptor(service: "grpc.testing.TestService", name: name, kind: kind)
  }

  /// Sends the two entries back that clients send to see whether metadata arrives.
  private func admit(_ call: ServerCall) async throws -> ServerCall {
    var initial = Metadata()
    for value in call.metadata.all("x-grpc-test-echo-initial") {
      try initial.add("x-grpc-test-echo-initial", value)
    }
    call.setInitialMetadata(initial)
    var trailing = Metadata()
    for value in call.metadata.allBytes("x-grpc-test-echo-trailing-bin") {
      try trailing.add("x-grpc-test-echo-trailing-bin", bytes: value)
    }
    call.setTrailingMetadata(trailing)
    return call
  }

  private func answer(
    _ request: InteropSimpleRequest, _ call: ServerCall
  ) throws -> InteropSimpleResponse {
    try expect(request.hasExpectCompressed ? request.expectCompressed : nil, call)
    try check(request.hasResponseStatus ? request.responseStatus : nil)
    if request.hasResponseCompressed {
      call.setResponseCompression(request.responseCompressed.value)
    }
    let payload = try payload(request.responseSize)
    return .with { $0.payload = payload }
  }

  @Sendable private func count(
    _ requests: RequestStream<InteropStreamingInputCallRequest>, _ call: ServerCall
  ) async throws -> InteropStreamingInputCallResponse {
    var sum = 0
    for try await request in requests {
      try expect(request.hasExpectCompressed ? request.expectCompressed : nil, call)
      sum += request.payload.body.count
    }
    guard let size = Int32(exactly: sum) else {
      throw RPCError.outOfRange("the payloads are \(sum) bytes, more than 32 bits can tell")
    }
    return .with { $0.aggregatedPayloadSize = size }
  }

  private func send(
    _ request: InteropStreamingOutputCallRequest, _ call: ServerCall,
    _ responses: ResponseWriter<Output>
  ) async throws {
    for parameters in request.responseParameters {
      try await TestServer.pause(.microseconds(Int64(max(parameters.intervalUs, 0))))
      if parameters.hasCompressed { call.setResponseCompression(parameters.compressed.value) }
      let payload = try payload(parameters.size)
      try await responses.send(.with { $0.payload = payload })
    }
  }

  private func payload(_ size: Int32) throws -> InteropPayload {
    guard (0...Self.payloadLimit).contains(size) else {
      throw RPCError.invalidArgument("a size is \(size); it must be 0 to \(Self.payloadLimit)")
    }
    return .with { $0.body = Data(count: Int(size)) }
  }

  /// Ends the call with the status that the request wants.
  private func check(_ status: InteropEchoStatus?) throws {
    guard let status, status.code != 0 else { return }
    throw RPCError(StatusCode(rawValue: Int(status.code)) ?? .unknown, status.message)
  }

  private func expect(_ compressed: InteropBoolValue?, _ call: ServerCall) throws {
    guard let compressed, compressed.value != call.lastRequestWasCompressed else { return }
    throw RPCError.invalidArgument(
      compressed.value
        ? "the request should have been compressed and was not"
        : "the request should not have been compressed and was")
  }
}
