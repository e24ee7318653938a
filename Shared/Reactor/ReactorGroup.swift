import Glibc
import Synchronization

/// The reactors of a process, one for each core that it is meant to use.
package final class ReactorGroup: Sendable {
  package let reactors: [Reactor]
  private let turn = Atomic<Int>(0)

  /// Creates `count` reactors; the process ignores SIGPIPE from then on, as a write to a socket
  /// that the peer has closed must be an error of that write.
  package init(count: Int) throws(ReactorError) {
    precondition(count > 0, "a group has at least one reactor")
    var reactors: [Reactor] = []
    for index in 0..<count { reactors.append(try Reactor(index: index)) }
    self.reactors = reactors
    signal(SIGPIPE, SIG_IGN)
  }

  package func start() {
    for reactor in reactors { reactor.start() }
  }

  /// Ends all loops and joins their threads.
  package func shutdown() {
    for reactor in reactors { reactor.shutdown() }
  }

  /// The reactor of this thread if it is one of ours, else each in turn.
  package func next() -> Reactor {
    if let current = Reactor.current, current.index < reactors.count,
      reactors[current.index] === current
    {
      return current
    }
    let position = turn.wrappingAdd(1, ordering: .relaxed).oldValue
    return reactors[Int(UInt(bitPattern: position) % UInt(reactors.count))]
  }
}
