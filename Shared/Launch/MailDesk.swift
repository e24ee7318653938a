package import Access
import Cryptography
package import FoundationEssentials
package import Postgres
import RPC
package import Schemas
package import Storage
import SwiftProtobuf

/// Answers about mail that was given up: the two methods of `IdentityMailService` and its like, the
/// same in every service that sends mail.
package struct MailDesk: Sendable {
  private let outbox: Outbox
  private let pages: PageTokens
  private let now: @Sendable () -> Date
  private let record: Record

  /// What a service writes down of mail that is tried again, in the transaction that has it tried:
  /// asked for once the organisation is known, then for the person whom the mail is for.
  package typealias Record =
    @Sendable (Call, _ tenant: UUID) async throws -> @Sendable (_ person: UUID) -> [SQL]

  package init(
    _ outbox: Outbox, pages: PageTokens, now: @escaping @Sendable () -> Date,
    record: @escaping Record = { _, _ in { _ in [] } }
  ) {
    (self.outbox, self.pages, self.now, self.record) = (outbox, pages, now, record)
  }

  package func listDeadMail(
    _ request: MailListDeadMailRequest, _ call: Call
  ) async throws -> MailListDeadMailResponse {
    let mandate = try await mandate(call, request.organisationID)
    let list = try await pages.list("dead mail", mandate, reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (mails, next) = try await outbox.dead(page, mandate)
    return try .with {
      $0.mails = mails.map(MailDeadMail.init)
      $0.nextPageToken = try list.token(next)
    }
  }

  package func retryMail(
    _ request: MailRetryMailRequest, _ call: Call
  ) async throws -> MailRetryMailResponse {
    let mandate = try await mandate(call, request.organisationID)
    let id = try UUID(field: "mail_id", request.mailID)
    let telling = try await record(call, mandate.tenant)
    guard try await outbox.revive(id, mandate, at: now(), telling: telling) else {
      throw RPCError.notFound("mail not found")
    }
    return MailRetryMailResponse()
  }

  /// NOT_FOUND for an organisation of which this service holds nothing, unless it is the caller's.
  private func mandate(_ call: Call, _ organisation: String) async throws -> Mandate {
    let tenant = try call.tenant(organisation: organisation)
    if try call.person.tenant == tenant { return call.mandate(tenant) }
    guard try await outbox.isKnown(tenant) else { throw Call.organisationNotFound }
    return call.mandate(tenant)
  }
}

extension MailDeadMail {
  fileprivate init(_ mail: DeadMail) {
    self = .with {
      $0.mailID = mail.id.canonical
      $0.kind = mail.kind
      $0.createdAt = Google_Protobuf_Timestamp(date: mail.createdAt)
      $0.givenUpAt = Google_Protobuf_Timestamp(date: mail.diedAt)
      $0.attempts = UInt32(clamping: mail.attempts)
      $0.reason = mail.reason
    }
  }
}
