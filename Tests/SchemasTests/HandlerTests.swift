import Access
import RPC
import Testing

@testable import Schemas

@Suite struct `A handler` {
  @Test func `registers each method of its service once, in the schema's order`() {
    let keys = KeyRing { [] }
    let accessGuard = AccessGuard(
      verifier: TokenVerifier(issuer: "identity", keys: keys), allowedPeers: ["privacy"])
    let methods = NothingHeld().methods(accessGuard)
    #expect(methods.map(\.descriptor) == SubjectDataServiceMethods.all.map { $0.0 })
  }
}

/// A service that holds nothing about anybody.
private struct NothingHeld: SubjectDataServiceHandler {
  func exportSubject(
    _ request: SubjectSubjectRequest, _ call: Call,
    _ responses: ResponseWriter<SubjectSubjectRecord>
  ) async throws {}

  func eraseSubject(
    _ request: SubjectSubjectRequest, _ call: Call
  ) async throws -> SubjectEraseSubjectResponse { SubjectEraseSubjectResponse() }

  func scanSubject(
    _ request: SubjectScanSubjectRequest, _ call: Call
  ) async throws -> SubjectScanSubjectResponse { SubjectScanSubjectResponse() }

  func describeHoldings(
    _ request: SubjectDescribeHoldingsRequest, _ call: Call
  ) async throws -> SubjectDescribeHoldingsResponse { SubjectDescribeHoldingsResponse() }

  func restrictSubject(
    _ request: SubjectRestrictSubjectRequest, _ call: Call
  ) async throws -> SubjectRestrictSubjectResponse { SubjectRestrictSubjectResponse() }
}
