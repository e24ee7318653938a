import RPC
import Testing

/// How a call was refused: what a caller sees of it.
struct Refusal: Equatable, Sendable, CustomStringConvertible {
  let code: StatusCode
  let message: String

  init(_ error: RPCError) { (code, message) = (error.code, error.message) }

  var description: String { "\(code.name): \(message)" }
}

/// The refusal of a call that must be refused; records an issue and throws if it is not.
func refusal<Value>(
  _ what: String = "the call", sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () async throws -> Value
) async throws -> Refusal {
  do {
    let value = try await body()
    Issue.record("\(what) was answered: \(value)", sourceLocation: sourceLocation)
    throw NotRefused(what: what)
  } catch let error as RPCError {
    return Refusal(error)
  }
}

struct NotRefused: Error {
  let what: String
}

/// Expects that a call is refused with `code` and a message that holds each of `words`.
@discardableResult
func expectRefusal<Value>(
  _ code: StatusCode, _ words: String..., what: String = "the call",
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> Value
) async throws -> Refusal {
  let refused = try await refusal(what, sourceLocation: sourceLocation, body)
  #expect(refused.code == code, "\(what): \(refused)", sourceLocation: sourceLocation)
  for word in words {
    #expect(refused.message.contains(word), "\(what): \(refused)", sourceLocation: sourceLocation)
  }
  return refused
}
