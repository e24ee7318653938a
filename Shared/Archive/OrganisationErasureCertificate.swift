package import Cryptography
import Foundation

/// The order to erase an organisation, signed by identity, which keeps its contract (clause 29).
package struct OrganisationErasureOrder: SignedContent, Equatable {
  package var format: String = OrganisationErasureOrder.format
  package var erasureID: String
  package var organisationID: String
  /// ISO 8601 days: the contract's last day, and the last day of the calendar month after it.
  package var contractEnd: String
  package var keptUntil: String
  /// ISO 8601 with time zone.
  package var orderedAt: String

  package static let format = "ikso-organisation-erasure-order/1"

  package init(
    erasureID: String, organisationID: String, contractEnd: String, keptUntil: String,
    orderedAt: String
  ) {
    (self.erasureID, self.organisationID) = (erasureID, organisationID)
    (self.contractEnd, self.keptUntil, self.orderedAt) = (contractEnd, keptUntil, orderedAt)
  }
}

/// That a service erased an organisation, signed by it.
package struct TenantErasureReceipt: SignedContent, Equatable {
  package var format: String = TenantErasureReceipt.format
  package var service: String
  package var erasureID: String
  package var organisationID: String
  package var tables: [ErasureReceipt.Table]
  package var keysDestroyed: Bool
  /// ISO 8601 with time zone.
  package var erasedAt: String

  package static let format = "ikso-tenant-erasure-receipt/1"

  package init(
    service: String, erasureID: String, organisationID: String, tables: [ErasureReceipt.Table],
    keysDestroyed: Bool, erasedAt: String
  ) {
    (self.service, self.erasureID, self.organisationID) = (service, erasureID, organisationID)
    (self.tables, self.keysDestroyed, self.erasedAt) = (tables, keysDestroyed, erasedAt)
  }
}

/// What a service found of an erased organisation in all of its tables, signed by it.
package struct TenantScanReceipt: SignedContent, Equatable {
  package struct Table: Codable, Sendable, Equatable {
    package var table: String
    package var rowsLeft: Int
    /// Why these stay; nil: none may.
    package var keptBecause: String?

    package init(table: String, rowsLeft: Int, keptBecause: String?) {
      (self.table, self.rowsLeft, self.keptBecause) = (table, rowsLeft, keptBecause)
    }
  }

  package var format: String = TenantScanReceipt.format
  package var service: String
  package var erasureID: String
  package var organisationID: String
  package var tables: [Table]
  /// ISO 8601 with time zone.
  package var scannedAt: String

  package static let format = "ikso-tenant-scan-receipt/1"

  package init(
    service: String, erasureID: String, organisationID: String, tables: [Table], scannedAt: String
  ) {
    (self.service, self.erasureID, self.organisationID) = (service, erasureID, organisationID)
    (self.tables, self.scannedAt) = (tables, scannedAt)
  }

  /// Tables with rows that the law or the erasure itself makes the service keep.
  package var kept: [Table] { tables.filter { $0.rowsLeft > 0 && $0.keptBecause != nil } }
}

/// That an organisation was erased everywhere: identity's order and what each service signed,
/// signed by the privacy service, which vouches for their keys. It names the organisation by its id
/// and nobody.
package struct OrganisationErasureCertificate: SignedContent, Equatable {
  package var format: String = OrganisationErasureCertificate.format
  package var erasureID: String
  package var organisationID: String
  /// A signed `OrganisationErasureOrder`, under identity's key below.
  package var order: String
  /// ISO 8601 with time zone.
  package var completedAt: String
  /// `erasure` is a signed `TenantErasureReceipt`, `scan` a signed `TenantScanReceipt`.
  package var services: [ErasureCertificate.Service]

  package static let format = "ikso-organisation-erasure-certificate/1"
  /// Who signs the order.
  static let orderer = "identity"

  package init(
    erasureID: String, organisationID: String, order: String, completedAt: String,
    services: [ErasureCertificate.Service]
  ) {
    (self.erasureID, self.organisationID, self.order) = (erasureID, organisationID, order)
    (self.completedAt, self.services) = (completedAt, services)
  }

  /// What a certificate says, all of it found right.
  package struct Verified: Sendable {
    package let certificate: OrganisationErasureCertificate
    package let keyID: String
    package let order: OrganisationErasureOrder
    package let services: [(erasure: TenantErasureReceipt, scan: TenantScanReceipt)]
  }

  /// Checks the signature and those of all services, that they are about this erasure, that it came
  /// after the month that follows the contract, and that nothing was left but what has a ground.
  package static func verify(
    _ bytes: [UInt8], keys: [String: Ed25519PublicKey]
  ) throws(ArchiveError) -> Verified {
    let (certificate, keyID) = try SignedDocument.verify(
      bytes, keys: keys, as: OrganisationErasureCertificate.self)
    let named = certificate.services.map(\.service)
    guard Set(named).count == named.count,
      let identity = certificate.services.first(where: { $0.service == orderer })
    else { throw .damaged("it lacks identity, or names a service twice") }
    let order = try identity.document(
      certificate.order, as: OrganisationErasureOrder.self)
    guard certificate.isAbout(order.erasureID, order.organisationID) else {
      throw .damaged("the order is another erasure's")
    }
    try order.demandDue(at: certificate.completedAt)
    var services: [(erasure: TenantErasureReceipt, scan: TenantScanReceipt)] = []
    for service in certificate.services {
      let erasure = try service.document(service.erasure, as: TenantErasureReceipt.self)
      let scan = try service.document(service.scan, as: TenantScanReceipt.self)
      guard erasure.service == service.service, scan.service == service.service else {
        throw .damaged("a receipt is not that of \(service.service)")
      }
      guard certificate.isAbout(erasure.erasureID, erasure.organisationID),
        certificate.isAbout(scan.erasureID, scan.organisationID)
      else { throw .damaged("the receipt of \(service.service) is another erasure's") }
      guard erasure.keysDestroyed, !scan.tables.isEmpty,
        scan.tables.allSatisfy({ $0.rowsLeft == 0 || $0.keptBecause != nil })
      else { throw .damaged("\(service.service) still held something of the organisation") }
      services.append((erasure, scan))
    }
    return Verified(
      certificate: certificate, keyID: keyID, order: order, services: services)
  }

  private func isAbout(_ erasure: String, _ organisation: String) -> Bool {
    erasure == erasureID && organisation == organisationID
  }
}

extension OrganisationErasureOrder {
  /// The same day of the month after the contract's last day, or that month's last; and the erasure
  /// later than that, in whatever time zone the organisation counts its days: up to 14 hours ahead
  /// of UTC its next day has begun when the same day has there.
  fileprivate func demandDue(at completed: String) throws(ArchiveError) {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let style = Date.ISO8601FormatStyle(timeZone: .gmt).year().month().day()
    guard let end = try? style.parse(contractEnd), let kept = try? style.parse(keptUntil),
      let month = calendar.date(byAdding: .month, value: 1, to: end), month == kept,
      let ordered = try? Date(orderedAt, strategy: .iso8601),
      let finished = try? Date(completed, strategy: .iso8601), ordered >= kept,
      finished >= ordered - Self.clockSkew
    else { throw .damaged("it came before the month after the contract was over") }
  }

  /// Seconds by which the clocks of two services may differ.
  private static let clockSkew: TimeInterval = 300
}

extension ErasureCertificate.Service {
  /// A document that the service signed, whatever the envelope calls the key: the certificate says
  /// which one it must be.
  fileprivate func document<Content: SignedContent>(
    _ text: String, as type: Content.Type
  ) throws(ArchiveError) -> Content {
    guard let bytes = try? Hex.decode(publicKey),
      let key = try? Ed25519PublicKey(rawBytes: bytes)
    else { throw .damaged("the key of \(service) is none") }
    let signed = Array(text.utf8)
    let keyID = try SignedDocument.keyID(of: signed)
    return try SignedDocument.verify(signed, keys: [keyID: key], as: type).content
  }
}
