import Cryptography
package import FoundationEssentials

/// Seals single fields (AES-256-GCM), for `Sealed` alone. A sealed field opens only where it was
/// sealed: tenant, table, column and row are its associated data.
package struct SealingKey: Redacted, Sendable {
  package let tenant: UUID
  private let key: SymmetricKey

  init(tenant: UUID, key: SymmetricKey) {
    self.tenant = tenant
    self.key = key
  }

  func seal(
    _ text: String, table: String, column: String, row: UUID
  ) throws(SealingError) -> [UInt8] {
    try seal(bytes: Array(text.utf8), table: table, column: column, row: row)
  }

  func open(
    _ sealed: [UInt8], table: String, column: String, row: UUID
  ) throws(SealingError) -> String {
    let bytes = try open(bytes: sealed, table: table, column: column, row: row)
    return String(decoding: bytes, as: UTF8.self)
  }

  func seal(
    bytes: [UInt8], table: String, column: String, row: UUID
  ) throws(SealingError) -> [UInt8] {
    let place = place(table, column, row)
    do {
      return try AEAD.seal(bytes, associatedData: place, key: key)
    } catch {
      throw .cannotSeal(table: table, column: column)
    }
  }

  func open(
    bytes sealed: [UInt8], table: String, column: String, row: UUID
  ) throws(SealingError) -> [UInt8] {
    let place = place(table, column, row)
    do {
      return try AEAD.open(sealed, associatedData: place, key: key)
    } catch {
      throw .cannotOpen(table: table, column: column)
    }
  }

  private func place(_ table: String, _ column: String, _ row: UUID) -> [UInt8] {
    var data = AssociatedData("ikso field 1")
    data.append(tenant)
    data.append(table)
    data.append(column)
    data.append(row)
    return data.bytes
  }
}

package enum SealingError: Error, Sendable, Equatable {
  /// Longer than AES-GCM allows, 1 GiB.
  case cannotSeal(table: String, column: String)
  /// Another key, another place, or altered bytes.
  case cannotOpen(table: String, column: String)
}

/// Fields one after another, each behind its length, so that no two lists give the same bytes.
struct AssociatedData {
  private(set) var bytes: [UInt8] = []

  /// More than a field's place takes.
  private static let usualBytes = 128

  init(_ purpose: String) {
    bytes.reserveCapacity(Self.usualBytes)
    append(purpose)
  }

  mutating func append(_ text: String) {
    append(count: text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func append(_ id: UUID) {
    append(count: 16)
    unsafe withUnsafeBytes(of: id.uuid) { unsafe bytes.append(contentsOf: $0) }
  }

  mutating func append(_ field: [UInt8]) {
    append(count: field.count)
    bytes += field
  }

  private mutating func append(count: Int) {
    unsafe withUnsafeBytes(of: UInt32(count).bigEndian) { unsafe bytes.append(contentsOf: $0) }
  }
}
