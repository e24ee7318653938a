import Testing

@testable import Privacy

/// 123456782 and 111222333 pass the 11-test and belong to nobody: they are examples of the
/// tax authority's and of many a manual.
@Suite struct CitizenNumberTests {
  @Test(arguments: [
    "123456782", "My number is 123456782.", "BSN123456782", "1234.56.782", "123.456.782",
    "123 456 782", "123-456-782", "1234 56 782", "123\u{A0}456\u{A0}782", "1 2 3 4 5 6 7 8 2",
    "bsn: 111222333, tel. 0612345678", "0612345678 123456782", "+31612345678 123456782",
    "123456782 2026", "１２３４５６７８２", "(123456782)", "123–456–782",
    "van 12-03-2026: 111222333",
  ])
  func `clause 45: a citizen number is found however it is written`(text: String) {
    #expect(CitizenNumber.isFound(in: text))
  }

  @Test(arguments: [
    "", "123456783", "000000000", "12345678", "1234567820", "abc", "06 12345678", "0612345678",
    "+31612345678", "+31 6 12345678", "+31 123 456 782", "0031 123 456 782", "+31 (0)123456782",
    "+31 (0)6 12345678", "0 123 456 782", "0123-456782", "NL91 ABNA 0417 1643 00",
    "12-03-2026 9:30", "123 456-782", "order 12345678 2",
  ])
  func `clause 45: telephone numbers, dates, accounts and other numbers pass`(text: String) {
    #expect(!CitizenNumber.isFound(in: text))
  }

  @Test func `any changed digit fails the 11-test`() {
    let known: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 2]
    #expect(CitizenNumber.passesElevenTest(known))
    for position in known.indices {
      for change in 1...9 as ClosedRange<UInt8> {
        var other = known
        other[position] = (other[position] + change) % 10
        #expect(!CitizenNumber.passesElevenTest(other), "\(other)")
      }
    }
  }

  @Test func `a text of a mebibyte of digits and dashes is read once`() {
    let text = String(repeating: "12-", count: 350_000)
    #expect(CitizenNumber.isFound(in: text) == CitizenNumber.isFound(in: "12-12-12-12-12-12-"))
  }
}
