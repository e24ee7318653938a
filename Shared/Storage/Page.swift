package import FoundationEssentials

/// One page of a list that runs from the newest to the oldest.
package struct Page: Sendable, Equatable {
  package static let limit = 100
  package static let standard = 50

  package let size: Int
  /// The last row of the page before; nil: from the start.
  package let after: PagePosition?

  /// As a request asks for it: 0 is `standard`.
  package init(size: UInt32, after: PagePosition? = nil) throws(PageError) {
    guard size <= Page.limit else { throw .size(limit: Page.limit) }
    self.init(size: size == 0 ? Page.standard : Int(size), after: after)
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
  /// None that this list gave to this reader.
  case token
}

/// Where a page ended: a time in whole microseconds and the identifier that breaks ties.
package struct PagePosition: Sendable, Equatable {
  /// Since 1970.
  package let microseconds: Int64
  package let id: UUID
  /// Of lists that have something before the time; 0 of all others.
  package let rank: Int32

  static let byteCount = 8 + 16
  static let rankByteCount = 4

  package init(at date: Date, id: UUID, rank: Int32 = 0) {
    microseconds = Int64((date.timeIntervalSince1970 * 1e6).rounded())
    self.id = id
    self.rank = rank
  }

  package var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1e6) }

  /// Nil for bytes of another length.
  init?(bytes: [UInt8]) {
    let (plain, ranked) = (Self.byteCount, Self.byteCount + Self.rankByteCount)
    guard bytes.count == plain || bytes.count == ranked else { return nil }
    rank = Int32(
      truncatingIfNeeded: bytes[plain...].reduce(0 as UInt32) { $0 << 8 | UInt32($1) })
    microseconds = Int64(bitPattern: bytes[..<8].reduce(0 as UInt64) { $0 << 8 | UInt64($1) })
    let b = Array(bytes[8..<plain])
    id = UUID(
      uuid: (
        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7],
        b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]
      ))
  }

  var bytes: [UInt8] {
    let bits = UInt64(bitPattern: microseconds)
    let time = stride(from: 56, through: 0, by: -8).map {
      UInt8(truncatingIfNeeded: bits >> UInt64($0))
    }
    // Without a rank as ever, so that the program before reads it too.
    guard rank != 0 else { return time + id.bytes }
    let order = UInt32(bitPattern: rank)
    return time + id.bytes
      + stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: order >> UInt32($0)) }
  }
}
