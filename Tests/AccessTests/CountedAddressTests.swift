import Testing

@testable import Access

@Suite("Counted addresses")
struct CountedAddressTests {
  @Test(arguments: [
    ("192.0.2.7", "192.0.2.7"), ("[::ffff:192.0.2.7]", "192.0.2.7"),
    ("::ffff:c000:207", "192.0.2.7"), ("unknown", "unknown"), ("", ""), ("[]", "[]"),
    ("2001:db8:1:2:3:4:5:6:7", "2001:db8:1:2:3:4:5:6:7"),
  ])
  func `an IPv4 address counts as it is, in whatever form, and what is none as it was given`(
    address: String, counted: String
  ) {
    #expect(CountedAddress.of(address) == counted)
  }

  @Test(arguments: [
    "2001:db8:1:2::", "[2001:db8:1:2::1]", "2001:DB8:1:2:ffff:ffff:ffff:ffff",
    "2001:0db8:0001:0002:0:0:192.0.2.1", "2001:db8:1:2::1%eth0",
  ])
  func `all addresses of an IPv6 network are one`(address: String) {
    #expect(CountedAddress.of(address) == "2001:db8:1:2::/64")
    #expect(CountedAddress.of("2001:db8:1:3::1") == "2001:db8:1:3::/64")
  }
}
