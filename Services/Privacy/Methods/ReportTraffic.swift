import Access
import Foundation
import Launch
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// Takes in what other processes saw.
struct TrafficDesk: TrafficServiceHandler {
  let database: Database
  let now: @Sendable () -> Date

  func reportTraffic(
    _ request: PurposeFeedReportTrafficRequest, _ call: Call
  ) async throws -> PurposeFeedReportTrafficResponse {
    guard case .service(let service) = call.caller else {
      throw RPCError.permissionDenied("only services report traffic")
    }
    guard request.methods.count <= TrafficCount.maximumMethods else {
      throw RPCError.invalid("methods", "must be at most \(TrafficCount.maximumMethods)")
    }
    let seen = request.methods.map { method in
      (TrafficCount.Method(name: method.method, purpose: method.purpose), method.calls)
    }
    let names = seen.flatMap { [$0.0.name, $0.0.purpose] }
    guard names.allSatisfy(ObservedMethod.isName) else {
      throw RPCError.invalid(
        "methods", "must have names of 1 to \(ObservedMethod.nameBytes) printable characters")
    }
    try await store(Dictionary(seen, uniquingKeysWith: &+), by: service)
    return PurposeFeedReportTrafficResponse()
  }

  func store(_ seen: [TrafficCount.Method: UInt64], by service: String) async throws {
    guard !seen.isEmpty else { return }
    try await database.once(
      tenant: .platform, .observedMethodAdd(seen, by: service, at: now()))
  }
}
