/// Which sides of a call send a stream of messages.
package enum CallKind: Sendable, Hashable {
  case unary, clientStreaming, serverStreaming, bidirectional
}

/// A method as its schema declares it.
// A class: each call holds it, and a copy of its texts would be counted one by one.
package final class MethodDescriptor: Sendable {
  /// Full name of the service: `ikso.goals.v1.GoalsService`.
  package let service: String
  package let name: String
  package let kind: CallKind
  /// Whether a call may be sent twice without harm.
  package let idempotent: Bool
  /// Whether a call changes nothing: it may be made with GET (Connect).
  package let hasNoSideEffects: Bool
  /// The value of `:path`: `/ikso.goals.v1.GoalsService/CreateGoal`.
  package let path: String

  package init(
    service: String, name: String, kind: CallKind = .unary, idempotent: Bool = false,
    hasNoSideEffects: Bool = false
  ) {
    self.service = service
    self.name = name
    self.kind = kind
    self.idempotent = idempotent || hasNoSideEffects
    self.hasNoSideEffects = hasNoSideEffects
    self.path = "/\(service)/\(name)"
  }

  /// `ikso.goals.v1.GoalsService/CreateGoal`
  package var fullName: String { String(path.dropFirst()) }
}

extension MethodDescriptor: Hashable {
  package static func == (one: MethodDescriptor, other: MethodDescriptor) -> Bool {
    if one === other { return true }
    return one.path == other.path && one.kind == other.kind && one.idempotent == other.idempotent
      && one.hasNoSideEffects == other.hasNoSideEffects
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(path) }
}
