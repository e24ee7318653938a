import Cryptography
import FoundationEssentials
import Testing

@testable import Storage

@Suite(.timeLimit(.minutes(2))) struct StoragePageTests {
  private let list = PageList(key: .generate(), place: [1])
  private let position = PagePosition(
    at: Date(timeIntervalSince1970: 1_795_392_000.123456), id: UUID())

  @Test func `a page has fifty rows unless told otherwise, a hundred at most`() throws {
    #expect(try Page(size: 0).size == 50)
    #expect(try Page(size: 100).size == 100)
    #expect(throws: PageError.size(limit: 100)) { try Page(size: 101) }
    #expect(throws: PageError.size(limit: 100)) { try list.page(size: 101, token: "") }
  }

  @Test func `a token leads back to the row that it was made of`() throws {
    let page = try list.page(size: 10, token: list.token(position))
    #expect(page.after == position && page.size == 10)
    #expect(PagePosition(at: position.date, id: position.id) == position)
    let none = try list.token(nil)
    #expect(none.isEmpty)
    let start = try list.page(size: 0, token: "")
    #expect(start.after == nil)
  }

  @Test(arguments: [Int32.min, -1, 0, 1, 1 << 20, .max])
  func `a token leads back with what comes before the time`(rank: Int32) throws {
    let position = PagePosition(at: position.date, id: position.id, rank: rank)
    #expect(try list.page(size: 1, token: list.token(position)).after == position)
  }

  @Test func `a token tells nothing of the row and differs each time`() throws {
    let token = try list.token(position)
    let (bytes, another) = (try Base64URL.decode(token), try list.token(position))
    #expect(!bytes.contains(position.id.bytes) && token != another)
  }

  @Test func `a token that was altered or never given is refused`() throws {
    let token = try list.token(position)
    let first = token.first == "A" ? "B" : "A"
    let wrong = [
      "x", "2", token + "A", String(token.dropLast()), first + token.dropFirst(), token + "=",
      Base64URL.encode([1] + position.bytes),
    ]
    for token in wrong {
      #expect(throws: PageError.token) { try list.page(size: 0, token: token) }
    }
  }

  @Test func `a token of another tenant, list or reader is refused like any other`() async throws {
    try await TestDatabase.with { database in
      try await database.migrator("goals_keys").run(directory: KeyMigrations.directory)
      try await database.asRuntime { pool in
        let vault = try Vault(pool: pool, schema: "goals_keys", masterKey: master)
        let (ours, reader) = (Mandate(tenant: UUID()), UUID())
        let pages = PageTokens(vault)
        let list = try await pages.list("goals", ours, reader: reader)
        let token = try list.token(position)
        // Another process, with the same keys: the same list.
        let same = PageTokens(try Vault(pool: pool, schema: "goals_keys", masterKey: master))
        let again = try await same.list("goals", ours, reader: reader)
        #expect(try again.page(size: 0, token: token).after == position)
        for other in [
          try await pages.list("goals", Mandate(tenant: UUID()), reader: reader),
          try await pages.list("feedback", ours, reader: reader),
          try await pages.list("goals", ours, reader: UUID()),
        ] {
          #expect(throws: PageError.token) { try other.page(size: 0, token: token) }
        }
      }
    }
  }

  private let master = SymmetricKey.generate()
}
