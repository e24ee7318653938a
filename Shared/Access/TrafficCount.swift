import RPC
import Synchronization

/// How often each method was admitted since that was reported, and for which purpose: names and
/// numbers, nothing of who called.
package final class TrafficCount: Sendable {
  package struct Method: Sendable, Hashable {
    /// "ikso.goals.v1.GoalsService/GetGoal".
    package var name: String
    package var purpose: String

    package init(name: String, purpose: String) { (self.name, self.purpose) = (name, purpose) }
  }

  /// Methods at a time; a process has far fewer, and what comes after them is not counted.
  package static let maximumMethods = 1_000

  private struct Seen {
    // Kept as long as its identity is a key.
    let method: MethodDescriptor
    let purpose: String
    var calls: UInt64
  }

  private let seen = Mutex<[ObjectIdentifier: Seen]>([:])

  package init() {}

  func add(_ method: MethodDescriptor, _ policy: AccessPolicy) {
    let key = ObjectIdentifier(method)
    seen.withLock { seen in
      if seen[key] != nil {
        seen[key]?.calls += 1
      } else if seen.count < Self.maximumMethods {
        seen[key] = Seen(method: method, purpose: policy.purpose, calls: 1)
      }
    }
  }

  /// What was counted; counting begins anew.
  package func take() -> [Method: UInt64] {
    let taken = seen.withLock { seen in
      defer { seen = [:] }
      return seen.values
    }
    return Dictionary(
      taken.map { (Method(name: $0.method.fullName, purpose: $0.purpose), $0.calls) },
      uniquingKeysWith: +)
  }
}
