import HTTP2
package import Reactor
import Synchronization

/// Serves methods over gRPC, gRPC-Web and Connect on all reactors of a group.
///
/// Create, `start`, and `shutdown` once each.
package final class RPCServer: Sendable {
  private let configuration: RPCServerConfiguration
  private let reactors: ReactorGroup
  private let router: Router
  private let listener = Mutex<HTTP2Listener?>(nil)

  /// - Parameters:
  ///   - methods: each path once.
  ///   - unmatched: gets the calls of other paths.
  ///   - plain: gets requests that are no calls.
  package init(
    methods: [RPCMethod], configuration: RPCServerConfiguration, reactors: ReactorGroup,
    observer: (any CallObserver)? = nil, unmatched: UnmatchedHandler? = nil,
    plain: PlainHandler? = nil
  ) {
    self.configuration = configuration
    self.reactors = reactors
    let shards = reactors.reactors.map {
      ServerShard(reactor: $0, configuration: configuration, observer: observer)
    }
    router = Router(
      methods: methods, shards: shards, cors: configuration.cors, unmatched: unmatched,
      plain: plain)
  }

  /// Listens from now on.
  /// - Throws: `HTTP2Error` when the address cannot be had.
  package func start() throws {
    let router = router
    let new = try HTTP2Listener(
      address: configuration.address, reactors: reactors, tls: configuration.tls,
      limits: configuration.http2, onExcess: configuration.onExcess
    ) { connection, stream, headers, endStream in
      router.accept(connection, stream, headers, endStream)
    }
    listener.withLock { current in
      precondition(current == nil, "a server starts once")
      current = new
    }
  }

  /// The port that is listened on; 0 before `start`.
  package var boundPort: Int { listener.withLock { $0?.boundPort ?? 0 } }

  /// Takes no more connections and calls, lets open calls finish for `grace`, then cuts them off:
  /// their tasks are cancelled.
  package func shutdown(grace: Duration) async {
    guard let listener = listener.withLock({ $0 }) else { return }
    listener.stopAccepting()
    await listener.drain(grace: grace)
  }
}
