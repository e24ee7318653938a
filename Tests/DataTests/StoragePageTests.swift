import FoundationEssentials
import Testing

@testable import Storage

@Suite struct StoragePageTests {
  @Test func `a page has fifty rows unless told otherwise, a hundred at most`() throws {
    #expect(try Page(size: 0, token: "").size == 50)
    #expect(try Page(size: 100, token: "").size == 100)
    #expect(throws: PageError.size(limit: 100)) { try Page(size: 101, token: "") }
  }

  @Test func `a token leads back to the row that it was made of`() throws {
    let position = PagePosition(at: Date(timeIntervalSince1970: 1_795_392_000.123456), id: UUID())
    let page = try Page(size: 10, token: position.token)
    #expect(page.after == position)
    #expect(PagePosition(at: position.date, id: position.id) == position)
  }

  @Test func `a token that is none of ours is refused`() {
    let token = PagePosition(at: Date(timeIntervalSince1970: 1), id: UUID()).token
    let wrong = [
      "x", "2", token + "A", String(token.dropLast()), "_" + token.dropFirst(), token + "=",
      PagePosition(at: Date(timeIntervalSince1970: -1), id: UUID()).token,
      PagePosition(at: Date(timeIntervalSince1970: 1e12), id: UUID()).token,
    ]
    for token in wrong {
      #expect(throws: PageError.token) { try Page(size: 0, token: token) }
    }
  }
}
