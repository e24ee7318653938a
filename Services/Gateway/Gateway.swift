import Access
import FoundationEssentials
import HTTP2
import RPC
import Reactor
import Synchronization

/// Takes calls in, checks the token, bounds and routes them, and lets the bytes through both ways
/// without decoding a message.
final class Gateway: Sendable {
  let routes: Routes
  let verifier: TokenVerifier
  let limits: GatewayLimits
  let observer: any CallObserver
  private let open = Mutex<[UUID?: Int]>([:])

  init(
    routes: Routes, verifier: TokenVerifier, limits: GatewayLimits, observer: any CallObserver
  ) {
    self.routes = routes
    self.verifier = verifier
    self.limits = limits
    self.observer = observer
  }

  /// Takes a call that no method of the gateway's own matches; nil if no route leads on. On the
  /// reactor of the caller's connection.
  @Sendable func accept(_ raw: RawCall) -> (any HTTP2StreamHandler)? {
    guard let route = routes.route(path: raw.path) else { return nil }
    let call = ProxyCall(gateway: self, route: route, raw)
    call.begin()
    return CallerSide(call)
  }

  /// Takes what is no call: the one page that the gateway has; nil if it is another.
  @Sendable func acceptPlain(_ request: PlainRequest) -> (any HTTP2StreamHandler)? {
    guard let page = UnsubscribePage(self, request) else { return nil }
    page.begin()
    return page
  }

  // MARK: Bounds

  /// Counts a call of `tenant` (nil: of nobody yet) in.
  func admit(_ tenant: UUID?) throws(RPCError) {
    let limit = tenant == nil ? limits.openAnonymousCalls : limits.openCallsPerTenant
    let admitted = open.withLock { open in
      let count = open[tenant, default: 0]
      if count >= limit { return false }
      open[tenant] = count + 1
      return true
    }
    guard admitted else {
      throw .resourceExhausted("\(limit) calls are open, the limit; try again in a moment")
        .because("TOO_MANY_CALLS").retrying(after: .seconds(1))
        .exceeding(
          quotaOf: tenant == nil ? "callers without a token" : "organisation",
          "\(limit) calls open at a time")
    }
  }

  func leave(_ tenant: UUID?) {
    open.withLock { open in
      let count = open[tenant, default: 0]
      open[tenant] = count > 1 ? count - 1 : nil
    }
  }
}
