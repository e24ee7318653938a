import Foundation
import Testing

@testable import Identity
@testable import Launch
@testable import Privacy

/// Terms that this service tells and others delete by.
@Suite struct ForeignTermTests {
  private func besides(_ id: String) throws -> String {
    try #require(Activity.catalogue.first { $0.id == id }?.term.besides)
  }

  @Test func `clause 28: the log of sign-ins is told to be kept as long as identity keeps it`()
    throws
  {
    let days = Int(SecurityLogSweep.retention) / 86_400
    #expect(try besides("sign-in").contains("the log of sign-ins \(days) days"))
  }

  @Test func `clause 28: queues are told to end when mail is given up`() throws {
    let days = Int(Postman.deadLifetime) / 86_400
    #expect(try besides("operations").contains("\(days) days at most"))
  }

  @Test func `clause 29: the month that is told is the one that identity counts`() throws {
    #expect(RetentionRule.organisationMonths == 1)
    let last = try #require(Day(year: 2027, month: 1, day: 31))
    #expect(last.oneMonthLater == Day(year: 2027, month: 2, day: 28))
  }
}
