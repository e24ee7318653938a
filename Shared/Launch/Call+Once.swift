package import Access
import Foundation
package import RPC
package import Storage
package import SwiftProtobuf

/// What a handler hands to its store, so that the answer is kept with the write.
package struct AnswerKeeping<Response: Message>: Sendable {
  fileprivate let keep: KeptAnswers.Keep<[UInt8]>?

  /// Statements that keep the answer to what was made; nil where the caller gave no key.
  package func keep<Made>(
    _ answer: @escaping @Sendable (Made) -> Response
  ) -> KeptAnswers.Keep<Made>? {
    guard let keep else { return nil }
    return { try keep(try answer($0).serializedBytes()) }
  }
}

extension Call {
  /// Longest key, in bytes.
  package static let idempotencyKeyLimit = 255

  /// Makes a write; with an idempotency key, once: asked again with the same key and request it
  /// gives the first answer again. The key counts for this caller, method and tenant.
  package func once<Request: Message, Response: Message>(
    _ request: Request, _ mandate: Mandate, _ answers: KeptAnswers,
    _ write: (AnswerKeeping<Response>) async throws -> Response
  ) async throws -> Response {
    guard let key = try writeKey(request) else {
      return try await write(AnswerKeeping(keep: nil))
    }
    let bytes = try await answers.once(key, mandate) { keep in
      try await write(AnswerKeeping(keep: keep)).serializedBytes()
    }
    return try Response(serializedBytes: bytes)
  }

  private func writeKey(_ request: some Message) throws -> WriteKey? {
    guard var key = rpc.metadata[first: Self.idempotencyKeyName] else { return nil }
    if key.utf8.count >= 2, key.first == "\"", key.last == "\"" {
      key = String(key.dropFirst().dropLast())
    }
    guard (1...Self.idempotencyKeyLimit).contains(key.utf8.count) else {
      throw RPCError.invalid(
        Self.idempotencyKeyName, "must be 1 to \(Self.idempotencyKeyLimit) characters, best a UUID")
    }
    let who =
      switch caller {
      case .anonymous: ["anonymous"]
      case .person(let token): ["person", token.subject.uuidString]
      case .account(let token): ["account", token.subject.uuidString]
      case .service(let name): ["service", name]
      }
    var options = BinaryEncodingOptions()
    options.useDeterministicOrdering = true
    return WriteKey(
      key, scope: who + [rpc.method.path], request: try request.serializedBytes(options: options))
  }
}

extension WriteKeyError: PublicError {
  package var status: RPCError {
    switch self {
    // Not ALREADY_EXISTS, which would read as if what was asked for now had been done.
    case .idempotencyKeyReused:
      .failedPrecondition(
        "the idempotency-key came before with another request: draw a new one for each write")
    case .answerErased:
      .failedPrecondition(
        "this write took place, and its answer was erased since: read what it made instead")
    }
  }
}
