import Foundation
import RPC
import ServerSupport
import SwiftProtobuf
import TestSchemas

/// One call as a request of the suite describes it, with its pauses and its cancellation.
struct ScriptedCall: Sendable {
  private let request: ConformanceClientCompatRequest
  private let metadata = AnswerMetadata()

  private typealias Payload = ConformanceConformancePayload

  /// What came of the call.
  private struct Outcome {
    var payloads: [Payload] = []
    var error: RPCError?
    var unsent = 0
  }

  init(_ request: ConformanceClientCompatRequest) { self.request = request }

  /// Makes the call; an error of it is part of the answer, and so is a request that is none.
  func answer(_ clients: Clients) async -> ConformanceClientCompatResponse {
    var response = ConformanceClientCompatResponse()
    response.testName = request.testName
    do {
      let outcome = try await outcome(try checked(clients))
      response.response.payloads = outcome.payloads
      response.response.numUnsentRequests = Int32(outcome.unsent)
      response.response.responseHeaders = headers(metadata.initial)
      response.response.responseTrailers = headers(metadata.trailing)
      if let error = outcome.error { response.response.error = .init(error) }
    } catch {
      response.error.message = "\(error)"
    }
    return response
  }

  private func checked(_ clients: Clients) throws -> RPCClient {
    let isKnown =
      request.protocol == .grpc && request.codec == .proto && !request.hasRawRequest
      && [.identity, .gzip, .unspecified].contains(request.compression)
      && request.service == Self.service
    guard isKnown else {
      throw ConformanceClientMain.Failure(
        description: """
          this client speaks gRPC to \(Self.service) with binary messages, plain or with gzip; \
          the request is for \(request.service), \(request.protocol), \(request.codec), \
          \(request.compression)
          """)
    }
    return try clients.client(for: request)
  }

  private func outcome(_ client: RPCClient) async throws -> Outcome {
    switch request.method {
    case "Unary":
      try await unary(client, ConformanceUnaryRequest.self) {
        (answer: ConformanceUnaryResponse) in [answer.payload]
      }
    case "IdempotentUnary":
      try await unary(client, ConformanceIdempotentUnaryRequest.self) {
        (answer: ConformanceIdempotentUnaryResponse) in [answer.payload]
      }
    case "Unimplemented":
      try await unary(client, ConformanceUnimplementedRequest.self) {
        (_: ConformanceUnimplementedResponse) in []
      }
    case "ClientStream": try await clientStream(client)
    case "ServerStream": try await serverStream(client)
    case "BidiStream": try await bidiStream(client)
    default:
      throw ConformanceClientMain.Failure(
        description: "\(Self.service) has no method \"\(request.method)\"")
    }
  }

  // MARK: The call

  private static let service = "connectrpc.conformance.v1.ConformanceService"

  private func method(_ kind: CallKind = .unary) -> MethodDescriptor {
    MethodDescriptor(service: Self.service, name: request.method, kind: kind)
  }

  private func options() throws -> CallOptions {
    var options = CallOptions()
    options.metadata = try Metadata(request.requestHeaders)
    if request.hasTimeoutMs { options.timeout = .milliseconds(Int64(request.timeoutMs)) }
    options.compressesRequests = request.compression == .gzip
    options.answerMetadata = metadata
    return options
  }

  private func messages<Element: Message>(as type: Element.Type) throws -> [Element] {
    try request.requestMessages.map { try Element(unpackingAny: $0) }
  }

  private func pause() async throws {
    try await TestServer.pause(.milliseconds(Int64(request.requestDelayMs)))
  }

  /// Cancels as long after the end of the request as the script says, whatever goes on meanwhile.
  private func cancelLater(_ cancel: @escaping @Sendable () -> Void) {
    guard case .afterCloseSendMs(let delay)? = request.cancel.cancelTiming else { return }
    if delay == 0 { return cancel() }
    Task {
      try await TestServer.pause(.milliseconds(Int64(delay)))
      cancel()
    }
  }

  private var cancelsBeforeCloseSend: Bool {
    if case .beforeCloseSend? = request.cancel.cancelTiming { return true }
    return false
  }

  private func cancels(after responses: Int) -> Bool {
    request.cancel.cancelTiming == .afterNumResponses(UInt32(responses))
  }

  // MARK: Kinds

  private func unary<Request: Message, Response: Message>(
    _ client: RPCClient, _ type: Request.Type,
    _ payloads: @escaping @Sendable (Response) -> [Payload]
  ) async throws -> Outcome {
    guard let message = try messages(as: type).first else {
      throw ConformanceClientMain.Failure(description: "a unary call has one message, not none")
    }
    let options = try options()
    let call = Task {
      do throws(RPCError) {
        let answer: Response = try await client.unary(method(), message, options)
        return Outcome(payloads: payloads(answer))
      } catch {
        return Outcome(error: error)
      }
    }
    cancelLater { call.cancel() }
    return await call.value
  }

  private func clientStream(_ client: RPCClient) async throws -> Outcome {
    let messages = try messages(as: ConformanceClientStreamRequest.self)
    var outcome = Outcome()
    do {
      let answer = try await client.clientStreaming(
        method(.clientStreaming), try options(), as: ConformanceClientStreamResponse.self
      ) { (requests: RequestWriter<ConformanceClientStreamRequest>) in
        outcome.unsent = try await send(messages, to: requests)
        if cancelsBeforeCloseSend { requests.cancel() }
        // The end of the request and the answer are one step here.
        cancelLater { requests.cancel() }
      }
      outcome.payloads = [answer.payload]
    } catch {
      outcome.error = try Self.rpcError(error)
    }
    return outcome
  }

  /// The number of messages that the call's end has left over.
  private func send<Element: Message>(
    _ messages: [Element], to requests: RequestWriter<Element>
  ) async throws -> Int {
    for (position, message) in messages.enumerated() {
      try await pause()
      do {
        try await requests.send(message)
      } catch is CallEnded {
        return messages.count - position
      }
    }
    return 0
  }

  private func serverStream(_ client: RPCClient) async throws -> Outcome {
    guard let message = try messages(as: ConformanceServerStreamRequest.self).first else {
      throw ConformanceClientMain.Failure(
        description: "a call with a stream of answers has one message, not none")
    }
    var outcome = Outcome()
    do {
      let answers = try await client.serverStreaming(
        method(.serverStreaming), message, try options(), as: ConformanceServerStreamResponse.self)
      cancelLater { answers.cancel() }
      if cancels(after: 0) { answers.cancel() }
      for try await answer in answers {
        outcome.payloads.append(answer.payload)
        if cancels(after: outcome.payloads.count) { answers.cancel() }
      }
    } catch {
      outcome.error = try Self.rpcError(error)
    }
    return outcome
  }

  private func bidiStream(_ client: RPCClient) async throws -> Outcome {
    let messages = try messages(as: ConformanceBidiStreamRequest.self)
    return try await client.bidirectional(
      method(.bidirectional), try options(), request: ConformanceBidiStreamRequest.self,
      as: ConformanceBidiStreamResponse.self
    ) { requests, answers in
      var outcome = Outcome()
      var iterator = answers.makeAsyncIterator()
      do {
        if request.streamType == .fullDuplexBidiStream {
          for (position, message) in messages.enumerated() {
            let wasSent = try await send([message], to: requests) == 0
            outcome.unsent = messages.count - position - (wasSent ? 1 : 0)
            if cancels(after: outcome.payloads.count) { answers.cancel() }
            guard let answer = try await iterator.next() else { break }
            outcome.payloads.append(answer.payload)
          }
        } else {
          outcome.unsent = try await send(messages, to: requests)
        }
        if cancelsBeforeCloseSend { requests.cancel() }
        requests.finish()
        cancelLater { answers.cancel() }
        if cancels(after: outcome.payloads.count) { answers.cancel() }
        while let answer = try await iterator.next() {
          outcome.payloads.append(answer.payload)
          if cancels(after: outcome.payloads.count) { answers.cancel() }
        }
      } catch {
        outcome.error = try Self.rpcError(error)
      }
      return outcome
    }
  }

  /// An error of the call; any other is of the script.
  private static func rpcError(_ error: any Error) throws -> RPCError {
    guard let error = error as? RPCError else { throw error }
    return error
  }
}
