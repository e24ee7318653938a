import Access
import FoundationEssentials
import Launch
import Postgres
import RPC
import Reactor
import Schemas
import Storage
import SwiftProtobuf

/// Takes notices over from other services; `NoticeRounds` writes them to their people.
struct NoticeDesk: NoticeServiceHandler {
  let database: Database
  /// Rung when there is one to write.
  let bell: Bell
  let now: @Sendable () -> Date
}

extension NoticeDesk {
  func sendNotice(
    _ request: NoticeSendNoticeRequest, _ call: Call
  ) async throws -> NoticeSendNoticeResponse {
    let isForAll = request.organisationID.isEmpty
    let tenant = isForAll ? UUID.platform : try call.tenant(organisation: request.organisationID)
    let notice = try Notice(request)
    let mandate = call.mandate(tenant)
    if isForAll {
      guard notice.audience != .person else {
        throw RPCError.invalid("organisation_id", "is missing: one person is of one organisation")
      }
    } else {
      let rows = try await database.once(mandate, .organisationFetch(tenant))[0]
      // Of one that was erased nobody is left to tell.
      guard let organisation = try rows.first.map(OrganisationRow.init),
        organisation.contract.erasedAt == nil
      else { throw IdentityError.organisationNotFound }
    }
    let time = now()
    try await database.transaction(mandate, repeatable: true) { transaction in
      try await transaction.put(notice, at: time)
    }
    bell.ring()
    return NoticeSendNoticeResponse()
  }
}

extension TenantTransaction {
  /// Has `NoticeRounds` write it to its people; nothing if it is known already.
  func put(_ notice: Notice, at time: Date) async throws {
    let inserted = try await query(.noticeInsert(tenant, notice, at: time))
    guard inserted.affected == 1 else { return }
    try platformQueryAtCommit([.noticeDueInsert([tenant], notice, at: time)])
  }
}

extension Notice {
  fileprivate init(_ request: NoticeSendNoticeRequest) throws {
    guard let kind = Kind(request.kind) else {
      throw RPCError.invalid("kind", "must be one that the schema names")
    }
    guard let audience = Audience(request.audience) else {
      throw RPCError.invalid("audience", "must be one that the schema names")
    }
    guard (audience == .person) != request.personID.isEmpty else {
      throw RPCError.invalid("person_id", "goes with the audience PERSON, and with it alone")
    }
    guard request.authorityLink.utf8.count <= Self.linkLimit else {
      throw RPCError.invalid("authority_link", "has at most \(Self.linkLimit) bytes")
    }
    self.init(
      id: try UUID(field: "notice_id", request.noticeID), kind: kind, audience: audience,
      person: request.personID.isEmpty ? nil : try UUID(field: "person_id", request.personID),
      reference: request.referenceID.isEmpty
        ? nil : try UUID(field: "reference_id", request.referenceID),
      version: request.version == 0 ? nil : Int(request.version),
      moment: request.hasMoment ? try Self.moment(request.moment) : nil,
      authorityLink: request.authorityLink.isEmpty ? nil : request.authorityLink)
  }

  /// Years in which a moment can be.
  private static let years = 2000...2999

  /// `Google_Protobuf_Timestamp.date` traps on moments that are far out.
  private static func moment(_ moment: Google_Protobuf_Timestamp) throws -> Date {
    let bounds: ClosedRange<Int64> = 946_684_800...32_503_679_999
    guard bounds.contains(moment.seconds), (0...999_999_999).contains(moment.nanos) else {
      throw RPCError.invalid(
        "moment", "must be in the years \(years.lowerBound) to \(years.upperBound)")
    }
    return moment.date
  }
}

extension Notice.Kind {
  fileprivate init?(_ kind: NoticeKind) {
    switch kind {
    case .requestReceived: self = .requestReceived
    case .requestForApproval: self = .requestForApproval
    case .requestSoon: self = .requestSoon
    case .requestUrgent: self = .requestUrgent
    case .requestOverdue: self = .requestOverdue
    case .requestExtended: self = .requestExtended
    case .requestCompleted: self = .requestCompleted
    case .requestRefused: self = .requestRefused
    case .breach: self = .breach
    case .breachChanged: self = .breachChanged
    case .subProcessor: self = .subProcessor
    case .statement: self = .statement
    case .complaintReceived: self = .complaintReceived
    case .complaintAnswered: self = .complaintAnswered
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }
}

extension Notice.Audience {
  fileprivate init?(_ audience: NoticeAudience) {
    switch audience {
    case .authorisedPersons: self = .authorisedPersons
    case .responsible: self = .responsible
    case .everyone: self = .everyone
    case .person: self = .person
    case .unspecified, .UNRECOGNIZED: return nil
    }
  }
}
