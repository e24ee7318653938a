package import FoundationEssentials
import Cryptography

/// One page of a list that runs from the newest to the oldest.
package struct Page: Sendable, Equatable {
  package static let limit = 100
  package static let standard = 50

  package let size: Int
  /// The last row of the page before; nil: from the start.
  package let after: PagePosition?

  /// As a request asks for it: 0 is `standard`; an empty token is the start.
  package init(size: UInt32, token: String) throws(PageError) {
    guard size <= Page.limit else { throw .size(limit: Page.limit) }
    self.size = size == 0 ? Page.standard : Int(size)
    after = token.isEmpty ? nil : try PagePosition(token: token)
  }

  private init(size: Int, after: PagePosition?) {
    self.size = size
    self.after = after
  }

  /// The first page of the largest size.
  package static let first = Page(size: limit, after: nil)

  package func following(_ position: PagePosition) -> Page {
    Page(size: size, after: position)
  }
}

/// Why a page cannot be had.
package enum PageError: Error, Equatable {
  case size(limit: Int)
  /// None that `PagePosition.token` gives.
  case token
}

/// Where a page ended: a time in whole microseconds and the identifier that breaks ties.
package struct PagePosition: Sendable, Equatable {
  /// Since 1970.
  package let microseconds: Int64
  package let id: UUID

  private static let form: UInt8 = 1
  private static let byteCount = 1 + 8 + 16

  package init(at date: Date, id: UUID) {
    microseconds = Int64((date.timeIntervalSince1970 * 1e6).rounded())
    self.id = id
  }

  package var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1e6) }

  /// A token holds nothing that its reader hasn't seen, and is no right to read: the list's
  /// owner is always that of the call.
  package init(token: String) throws(PageError) {
    guard let bytes = try? Base64URL.decode(token), bytes.count == PagePosition.byteCount,
      bytes[0] == PagePosition.form
    else { throw .token }
    let microseconds = Int64(
      bitPattern: bytes[1..<9].reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
    guard PagePosition.microsecondsRange.contains(microseconds) else { throw .token }
    self.microseconds = microseconds
    let b = bytes[9...]
    let i = b.startIndex
    id = UUID(
      uuid: (
        b[i], b[i + 1], b[i + 2], b[i + 3], b[i + 4], b[i + 5], b[i + 6], b[i + 7],
        b[i + 8], b[i + 9], b[i + 10], b[i + 11], b[i + 12], b[i + 13], b[i + 14], b[i + 15]
      ))
  }

  package var token: String {
    var bytes = [PagePosition.form]
    let bits = UInt64(bitPattern: microseconds)
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
    let u = id.uuid
    bytes += [u.0, u.1, u.2, u.3, u.4, u.5, u.6, u.7]
    bytes += [u.8, u.9, u.10, u.11, u.12, u.13, u.14, u.15]
    return Base64URL.encode(bytes)
  }

  /// 1970 to 9999: beyond it a token is none of ours.
  private static let microsecondsRange: ClosedRange<Int64> = 0...253_402_300_799_999_999
}
