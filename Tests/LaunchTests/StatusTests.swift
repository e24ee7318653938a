import RPC
import Storage
import Testing

@testable import Launch

@Suite struct StatusTests {
  @Test func `a page that cannot be had is the caller's mistake, named by its field`() {
    let size = PageError.size(limit: 100).status
    #expect(size.code == .invalidArgument)
    #expect(size.message == "page_size must be at most 100, or 0 for the standard")
    let token = PageError.token.status
    #expect(token.code == .invalidArgument && token.message.hasPrefix("page_token"))
  }
}
