import Foundation
import RPC
import ServerSupport
import SwiftProtobuf
import TestSchemas

/// `connectrpc.conformance.v1.ConformanceService`: answers as each request says, and tells what of
/// the request arrived. `Unimplemented` is left to the server's answer to unknown methods.
struct ConformanceService: Sendable {
  /// Requests that are kept of one call.
  private static let requestLimit = 10_000

  private typealias Payload = ConformanceConformancePayload
  private typealias Info = ConformanceConformancePayload.RequestInfo

  var methods: [RPCMethod] {
    [
      .unary(method("Unary"), admit: { $0 }) {
        (request: ConformanceUnaryRequest, call) -> ConformanceUnaryResponse in
        let definition = request.hasResponseDefinition ? request.responseDefinition : nil
        let payload = try await answer(definition, [try .init(message: request)], call)
        return .with { $0.payload = payload }
      },
      .unary(method("IdempotentUnary", hasNoSideEffects: true), admit: { $0 }) {
        (request: ConformanceIdempotentUnaryRequest, call) -> ConformanceIdempotentUnaryResponse in
        let definition = request.hasResponseDefinition ? request.responseDefinition : nil
        let payload = try await answer(definition, [try .init(message: request)], call)
        return .with { $0.payload = payload }
      },
      .clientStreaming(method("ClientStream", .clientStreaming), admit: { $0 }, clientStream),
      .serverStreaming(method("ServerStream", .serverStreaming), admit: { $0 }, serverStream),
      .bidirectional(method("BidiStream", .bidirectional), admit: { $0 }, bidiStream),
    ]
  }

  /// So that an Any with one of these can be read and written as JSON.
  static func registerTypes() {
    let types: [any Message.Type] = [
      ConformanceUnaryRequest.self, ConformanceIdempotentUnaryRequest.self,
      ConformanceClientStreamRequest.self, ConformanceServerStreamRequest.self,
      ConformanceBidiStreamRequest.self, ConformanceUnimplementedRequest.self, Payload.self,
      Info.self, ConformanceHeader.self, ConformanceError.self,
    ]
    for type in types { Google_Protobuf_Any.register(messageType: type) }
  }

  private func method(
    _ name: String, _ kind: CallKind = .unary, hasNoSideEffects: Bool = false
  ) -> MethodDescriptor {
    MethodDescriptor(
      service: "connectrpc.conformance.v1.ConformanceService", name: name, kind: kind,
      idempotent: hasNoSideEffects, hasNoSideEffects: hasNoSideEffects)
  }

  // MARK: Methods

  @Sendable private func clientStream(
    _ requests: RequestStream<ConformanceClientStreamRequest>, _ call: ServerCall
  ) async throws -> ConformanceClientStreamResponse {
    var definition: ConformanceUnaryResponseDefinition?
    var seen: [Google_Protobuf_Any] = []
    for try await request in requests {
      if seen.isEmpty, request.hasResponseDefinition { definition = request.responseDefinition }
      try keep(request, in: &seen)
    }
    let payload = try await answer(definition, seen, call)
    return .with { $0.payload = payload }
  }

  @Sendable private func serverStream(
    _ request: ConformanceServerStreamRequest, _ call: ServerCall,
    _ responses: ResponseWriter<ConformanceServerStreamResponse>
  ) async throws {
    guard request.hasResponseDefinition else { return }
    var script = try Script(request.responseDefinition, call)
    let seen = [try Google_Protobuf_Any(message: request)]
    while let data = script.next() {
      let payload = self.payload(data, script.isFirst ? info(call, seen) : nil)
      try await script.pause()
      try await responses.send(.with { $0.payload = payload })
    }
    try script.end(info(call, seen))
  }

  @Sendable private func bidiStream(
    _ requests: RequestStream<ConformanceBidiStreamRequest>, _ call: ServerCall,
    _ responses: ResponseWriter<ConformanceBidiStreamResponse>
  ) async throws {
    var script: Script?
    var isFullDuplex = false
    var isFirst = true
    var seen: [Google_Protobuf_Any] = []
    for try await request in requests {
      if isFirst {
        isFirst = false
        isFullDuplex = request.fullDuplex
        if request.hasResponseDefinition { script = try Script(request.responseDefinition, call) }
      }
      try keep(request, in: &seen)
      guard isFullDuplex else { continue }
      // A request that nothing is left to answer with brings the error.
      guard let data = script?.next() else { break }
      let news = script?.isFirst == true ? info(call, seen) : Info.with { $0.requests = seen }
      let payload = self.payload(data, news)
      try await script?.pause()
      try await responses.send(.with { $0.payload = payload })
      seen = []
    }
    // Half duplex: all of them; full duplex: those that there was no request for.
    while let data = script?.next() {
      let payload = self.payload(data, script?.isFirst == true ? info(call, seen) : nil)
      try await script?.pause()
      try await responses.send(.with { $0.payload = payload })
    }
    try script?.end(info(call, seen))
  }

  private func answer(
    _ definition: ConformanceUnaryResponseDefinition?, _ requests: [Google_Protobuf_Any],
    _ call: ServerCall
  ) async throws -> Payload {
    let info = info(call, requests)
    guard let definition else { return payload(nil, info) }
    call.setInitialMetadata(try .init(definition.responseHeaders))
    call.setTrailingMetadata(try .init(definition.responseTrailers))
    try await TestServer.pause(.milliseconds(Int64(definition.responseDelayMs)))
    switch definition.response {
    case .error(let error): throw try error.thrown(with: info)
    case .responseData(let data): return payload(data, info)
    case nil: return payload(nil, info)
    }
  }

  // MARK: What arrived

  private func keep(_ request: some Message, in seen: inout [Google_Protobuf_Any]) throws {
    guard seen.count < Self.requestLimit else {
      throw RPCError.resourceExhausted("more than \(Self.requestLimit) requests")
    }
    seen.append(try Google_Protobuf_Any(message: request))
  }

  private func payload(_ data: Data?, _ info: Info?) -> Payload {
    .with {
      if let data { $0.data = data }
      if let info { $0.requestInfo = info }
    }
  }

  private func info(_ call: ServerCall, _ requests: [Google_Protobuf_Any]) -> Info {
    .with {
      $0.requestHeaders = headers(call.metadata.entries.map { ($0.name, $0.value) })
      $0.requests = requests
      if let timeout = call.timeout {
        let (seconds, attoseconds) = timeout.components
        $0.timeoutMs = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
      }
      if !call.query.isEmpty {
        $0.connectGetInfo.queryParams = headers(call.query.map { ($0.name, $0.value) })
      }
    }
  }

  /// The values of one name together, where the name came first.
  private func headers(_ pairs: [(name: String, value: String)]) -> [ConformanceHeader] {
    var headers: [ConformanceHeader] = []
    var places: [String: Int] = [:]
    for (name, value) in pairs {
      if let place = places[name] {
        headers[place].value.append(value)
      } else {
        places[name] = headers.count
        headers.append(
          .with {
            $0.name = name
            $0.value = [value]
          })
      }
    }
    return headers
  }
}
