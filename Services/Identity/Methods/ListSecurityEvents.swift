import Access
import Cryptography
import FoundationEssentials
import Launch
import Postgres
import RPC
import Schemas
import Storage
import SwiftProtobuf

extension IdentityService {
  private static var kindLimit: Int { 50 }
  /// Who sees more of the log than what is about themselves.
  private static var readers: Set<Role> { [.administrator, .privacyOfficer, .auditor] }

  func listSecurityEvents(
    _ request: IdentityListSecurityEventsRequest, _ call: Call
  ) async throws -> IdentityListSecurityEventsResponse {
    let (tenant, reader) = (try call.tenant(), try call.person.subject)
    let seesAll = call.holds(Self.readers)
    var filter = try SecurityEventFilter(request, kindLimit: Self.kindLimit)
    if !seesAll {
      for named in [filter.person, filter.actor] {
        if let named { try call.requireOwn(named, or: []) }
      }
      filter.person = reader
    }
    let mandate = call.mandate(tenant)
    let list = try await pages.list("security events \(filter)", mandate, reader: reader)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let rows = try await database.once(mandate, .securityEventPage(tenant, filter, page))[0]
    let shown = try rows.prefix(page.size).map { try SecurityEventRow($0) }
    let last = shown.last.map { PagePosition(at: $0.occurredAt, id: $0.id) }
    return try .with {
      $0.events = shown.map { IdentitySecurityEvent($0, to: seesAll ? nil : reader) }
      $0.nextPageToken = try list.token(rows.count > page.size ? last : nil)
    }
  }
}

extension SecurityEventFilter {
  fileprivate init(_ request: IdentityListSecurityEventsRequest, kindLimit: Int) throws {
    guard request.kinds.count <= kindLimit else {
      throw IdentityError.field(.kinds, .tooMany(limit: kindLimit))
    }
    func id(_ field: String, _ text: String) throws -> UUID? {
      text.isEmpty ? nil : try UUID(field: field, text)
    }
    self.init(
      kinds: try request.kinds.map { kind in
        guard let kind = SecurityEvent.Kind.allCases.first(where: { $0.shown == kind }) else {
          throw IdentityError.field(.kinds, .unknownValue)
        }
        return kind
      },
      person: try id("person_id", request.personID), actor: try id("actor_id", request.actorID),
      from: request.hasFrom ? Self.bounded(request.from) : nil,
      until: request.hasUntil ? Self.bounded(request.until) : nil)
  }
}

extension SecurityEventFilter {
  /// Within the years 1 to 4000: a message can hold any number, PostgreSQL has fewer
  /// times, and `Google_Protobuf_Timestamp.date` traps on those that are far out.
  private static func bounded(_ time: Google_Protobuf_Timestamp) -> Date {
    let (first, last) = (Date.distantPast, Date.distantFuture)
    guard time.seconds > Int64(first.timeIntervalSince1970) else { return first }
    guard time.seconds < Int64(last.timeIntervalSince1970) else { return last }
    let nanoseconds = min(max(time.nanos, 0), 999_999_999)
    return Date(timeIntervalSince1970: Double(time.seconds) + Double(nanoseconds) / 1e9)
  }
}

extension IdentitySecurityEvent {
  /// `reader`: whoever sees what is about themselves, and nothing of others; nil for who sees all.
  fileprivate init(_ row: SecurityEventRow, to reader: UUID?) {
    let isShown = reader == nil || row.actor == reader || row.actorKind == "anonymous"
    self = .with {
      $0.eventID = row.id.canonical
      $0.occurredAt = Google_Protobuf_Timestamp(date: row.occurredAt)
      $0.kind = row.kind?.shown ?? .unspecified
      $0.outcome = row.outcome == .succeeded ? .succeeded : .failed
      $0.actor =
        switch row.actorKind {
        case "person": .person
        case "staff": .staff
        case "service": .service
        case "anonymous": .anonymous
        default: .unspecified
        }
      $0.personID = row.person?.canonical ?? ""
      $0.role = row.role.flatMap { IdentityPersonRole($0) } ?? .unspecified
      $0.occurrences = UInt32(clamping: row.occurrences)
      $0.organisationID = row.organisation?.canonical ?? ""
      guard isShown else { return }
      $0.actorID = row.actor?.canonical ?? ""
      $0.sessionID = row.session?.canonical ?? ""
      $0.source = row.source.map { Base64URL.encode($0) } ?? ""
    }
  }
}

extension SecurityEvent.Kind {
  fileprivate var shown: IdentitySecurityEventKind {
    switch self {
    case .signIn: .signIn
    case .password: .password
    case .throttled: .throttled
    case .factor: .factor
    case .recoveryCode: .recoveryCode
    case .statement: .statement
    case .passwordCheck: .passwordCheck
    case .sessionEnded: .sessionEnded
    case .refreshTokenReused: .refreshTokenReused
    case .passwordSet: .passwordSet
    case .passwordChanged: .passwordChanged
    case .passwordResetAsked: .passwordResetAsked
    case .passwordReset: .passwordReset
    case .factorAdded: .factorAdded
    case .factorRemoved: .factorRemoved
    case .recoveryCodesRenewed: .recoveryCodesRenewed
    case .deviceRemembered: .deviceRemembered
    case .deviceUsed: .deviceUsed
    case .deviceTokenReused: .deviceTokenReused
    case .devicesForgotten: .devicesForgotten
    case .peopleImported: .peopleImported
    case .registered: .registered
    case .invitationSent: .invitationSent
    case .roleGranted: .roleGranted
    case .roleRevoked: .roleRevoked
    case .authorisedPersonNamed: .authorisedPersonNamed
    case .managerSet: .managerSet
    case .suspended: .suspended
    case .reinstated: .reinstated
    case .nameCorrected: .nameCorrected
    case .addressChangeAsked: .addressChangeAsked
    case .addressChangeStopped: .addressChangeStopped
    case .addressChanged: .addressChanged
    case .mailRetried: .mailRetried
    case .under16Set: .under16Set
    case .under16Reported: .under16Reported
    case .under16Resolved: .under16Resolved
    case .parentalConsentRecorded: .parentalConsentRecorded
    case .parentalConsentWithdrawn: .parentalConsentWithdrawn
    case .dataExported: .dataExported
    case .dataErased: .dataErased
    case .organisationRegistered: .organisationRegistered
    case .contractChanged: .contractChanged
    case .policyChanged: .policyChanged
    case .organisationErased: .organisationErased
    case .organisationErasureAsked: .organisationErasureAsked
    case .organisationErasureOrdered: .organisationErasureOrdered
    case .signingKeyRotated: .signingKeyRotated
    case .supportAsked: .supportAsked
    case .supportApproved: .supportApproved
    case .supportRefused: .supportRefused
    case .supportBegun: .supportBegun
    case .supportEnded: .supportEnded
    case .serviceAccountCreated: .serviceAccountCreated
    case .serviceAccountDisabled: .serviceAccountDisabled
    case .credentialAdded: .credentialAdded
    case .credentialRevoked: .credentialRevoked
    case .serviceToken: .serviceToken
    }
  }
}
