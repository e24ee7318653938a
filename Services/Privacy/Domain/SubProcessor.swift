import Foundation

/// A version of a sub-processor as it was announced (clause 30; GDPR Art. 28(2) and (4)).
struct SubProcessor: Sendable, Equatable {
  var id: UUID
  var version: Int
  var name: String
  var service: String
  var agreementReference: String
  /// Year, month, day in ISO 8601.
  var agreementSignedOn: String
  var country: String
  var safeguards: String
  var basis: TransferBasis?
  var announcedAt: Date
  var objectionsUntil: Date
  var inForceAt: Date
  var endedAt: Date?
  /// It counts now: begun, not ended, and no later version has begun.
  var isInForce = false

  static let name = EntryField("name", 1...200)
  static let service = EntryField("service", 1...1_000)
  static let agreementReference = EntryField("agreement_reference", 1...200)
  static let safeguards = EntryField("safeguards", 1...2_000)
  static let reason = EntryField("reason", 1...2_000, isAboutPeople: true)
  /// Most versions of one.
  static let versionLimit = 1_000
}

/// How long organisations may object before a sub-processor, or its change, is in force.
struct ObjectionPeriod: Sendable, Equatable {
  static let standardDays = 30
  static let allowedDays = 14...180

  let days: Int

  /// To the second, so that a change of the clocks does not shorten it.
  func end(from announcement: Date) -> Date {
    announcement.addingTimeInterval(TimeInterval(days) * 86_400).inMicroseconds
  }
}
