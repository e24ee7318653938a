import RPC
import Testing

@testable import Access

@Suite struct TrafficCountTests {
  @Test func `what is admitted is counted by method and purpose, and taken once`() async throws {
    let ours = try Issuer()
    let traffic = TrafficCount()
    let accessGuard = AccessGuard(
      verifier: try ours.verifier(), allowedPeers: ["gateway"], traffic: traffic, now: { noon })
    let policy = AccessPolicy(roles: [.participant], purpose: "feedback")
    let rpc = try makeCall(token: ours.signer.sign(makeToken()))
    for _ in 1...3 { _ = try await accessGuard.admit(rpc, policy) }
    _ = try? await accessGuard.admit(try makeCall(), policy)
    let name = "ikso.test.v1.TestService/Test"
    #expect(traffic.take() == [TrafficCount.Method(name: name, purpose: "feedback"): 3])
    #expect(traffic.take().isEmpty)
  }

  @Test func `more methods than there can be are not counted`() {
    let traffic = TrafficCount()
    let policy = AccessPolicy(anyone: true, purpose: "test")
    let methods = (0...TrafficCount.maximumMethods).map {
      MethodDescriptor(service: "s", name: "m\($0)")
    }
    for method in methods { traffic.add(method, policy) }
    #expect(traffic.take().count == TrafficCount.maximumMethods)
  }
}
