import Access
import Foundation
import Hosting
import Launch
import RPC
import Schemas

extension RequestDesk {
  /// How long a stream lives: no longer than an access token.
  static let watchTime: Duration = .seconds(300)
  /// Between two looks.
  static let watchInterval: Duration = .milliseconds(500)

  func watchRequest(
    _ request: PrivacyWatchRequestRequest, _ call: Call,
    _ responses: ResponseWriter<PrivacyPrivacyRequest>
  ) async throws {
    let end = ContinuousClock.now + Self.watchTime
    var last: (request: PrivacyRequest, steps: [RequestStep])?
    while ContinuousClock.now < end, !drainSignal.isGiven {
      let found = try await found(request.requestID, call)
      if last?.request != found.request || last?.steps != found.steps {
        try await responses.send(answer(found, call, isToldAgain: last != nil))
        last = (found.request, found.steps)
      }
      if found.request.state.isClosed { return }
      await drainSignal.wait(orFor: Self.watchInterval)
      try Task.checkCancellation()
    }
  }
}
