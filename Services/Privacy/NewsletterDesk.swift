import Access
import Cryptography
import Foundation
import Hosting
import Launch
import Mail
import RPC
import Schemas
import Storage
import SwiftProtobuf

/// The newsletter (clause 18). Each subscriber is sealed under a key of their own, which is
/// destroyed when they leave.
struct NewsletterDesk: NewsletterServiceHandler {
  let database: Database
  let vault: Vault
  let pages: PageTokens
  let answers: KeptAnswers
  let throttle: IntakeThrottle
  let outbox: Outbox
  let links: NewsletterLinks
  let now: @Sendable () -> Date

  func subscribe(
    _ request: PrivacySubscribeRequest, _ call: Call
  ) async throws -> PrivacySubscribeResponse {
    let language = try Letter.Language(request.language)
    let subscriber = Subscriber(
      id: UUID(), email: try Reachability.email(request.email), language: language,
      consent: NewsletterLetter.consent(language), requestedAt: now())
    try throttle.admit(call.source, at: subscriber.requestedAt)
    _ = try await vault.organisationKey(.platform)
    let index = try await vault.blindIndex(.platform, subscriber.email)
    let mandate = call.mandate(.platform)
    // No key for nothing: what is destroyed leaves a trace of its own.
    let mayBeAsked = try await database.transaction(mandate) {
      try await NewsletterStore.mayBeAsked(index, at: subscriber.requestedAt, in: $0)
    }
    guard mayBeAsked else { return PrivacySubscribeResponse() }
    let key = try await vault.person(.platform, subscriber.id, create: true)
    let code = SecureRandom.bytes(Subscriber.codeBytes)
    let mail = Mail(
      to: subscriber.email, name: "",
      NewsletterLetter.confirmation(
        subscriber, code: Base64URL.encode(code), links: links.base))
    let posts = try outbox.post(
      [
        (
          mail: OutgoingMail(
            mail, kind: "newsletter-confirmation", person: subscriber.id,
            expiresAt: subscriber.requestedAt + Subscriber.confirmationTerm), key: key
        )
      ], tenant: .platform, at: subscriber.requestedAt)
    let isNew = try await database.transaction(mandate) { transaction in
      guard
        try await NewsletterStore.insert(
          subscriber, index: index, code: Digest.sha256(code), key, in: transaction)
      else { return false }
      try await transaction.query(all: posts)
      return true
    }
    if isNew {
      outbox.ring()
    } else {
      try await vault.destroyPerson(.platform, subscriber.id, orderedBy: .service("privacy"))
    }
    return PrivacySubscribeResponse()
  }

  func confirmSubscription(
    _ request: PrivacyConfirmSubscriptionRequest, _ call: Call
  ) async throws -> PrivacyConfirmSubscriptionResponse {
    guard request.code.utf8.count <= 4 * Subscriber.codeBytes,
      let code = try? Base64URL.decode(request.code), code.count == Subscriber.codeBytes
    else { throw EntryError.absent("subscription") }
    let time = now()
    let consent = try await database.transaction(call.mandate(.platform)) { transaction in
      guard
        let found = try await NewsletterStore.lock(
          code: Digest.sha256(code), at: time, in: transaction)
      else { throw EntryError.absent("subscription") }
      for earlier in found.earlier {
        try await vault.destroyPerson(.platform, earlier, orderedBy: .service("privacy"))
      }
      try await NewsletterStore.delete(found.earlier, in: transaction)
      try await NewsletterStore.confirm(found.id, at: time, in: transaction)
      return found.consent
    }
    return .with {
      $0.consent = consent
      $0.confirmedAt = Google_Protobuf_Timestamp(date: time)
    }
  }

  func unsubscribe(
    _ request: PrivacyUnsubscribeRequest, _ call: Call
  ) async throws -> PrivacyUnsubscribeResponse {
    _ = try await vault.organisationKey(.platform)
    guard let code = UnsubscribeCode(request.code),
      constantTimeEqual(code.digest, try await links.digest(of: code.subscriber, vault))
    else { throw EntryError.absent("subscription") }
    // The key first: without it a row that is left says nothing, and one click more deletes it.
    try await vault.destroyPerson(.platform, code.subscriber, orderedBy: .service("privacy"))
    try await database.transaction(call.mandate(.platform)) {
      try await NewsletterStore.delete([code.subscriber], in: $0)
    }
    return PrivacyUnsubscribeResponse()
  }

  func sendNewsletter(
    _ request: PrivacySendNewsletterRequest, _ call: Call
  ) async throws -> PrivacyNewsletterIssue {
    guard (1...NewsletterIssue.partLimit).contains(request.parts.count) else {
      throw EntryError.outOfRange(field: "parts", 1...NewsletterIssue.partLimit)
    }
    let issue = NewsletterIssue(
      id: UUID(), language: try Letter.Language(request.language),
      subject: try NewsletterIssue.subject.check(request.subject),
      parts: try request.parts.map(Letter.Part.init), sentAt: now())
    guard !issue.subject.contains(where: \.isNewline) else {
      throw RPCError.invalid("subject", "must stand on one line")
    }
    return try await call.entry(request, call.mandate(.platform), answers, database) {
      try await NewsletterStore.insert(issue, in: $0)
      return issue.message
    }
  }

  func listNewsletters(
    _ request: PrivacyListNewslettersRequest, _ call: Call
  ) async throws -> PrivacyListNewslettersResponse {
    let mandate = call.mandate(.platform)
    let list = try await pages.list("newsletters", mandate, reader: call.person.subject)
    let page = try list.page(size: request.pageSize, token: request.pageToken)
    let (issues, next) = try await database.transaction(mandate) {
      try await NewsletterStore.issues(page, in: $0)
    }
    return try .with {
      $0.issues = issues.map(\.message)
      $0.nextPageToken = try list.token(next)
    }
  }
}

/// Where the links in mail to subscribers lead.
struct NewsletterLinks: Sendable {
  /// The gateway's address on the web, without a slash at its end.
  let base: String

  /// Where one click of a mail program ends it (RFC 8058); the gateway knows this path.
  func unsubscribe(_ subscriber: UUID, _ vault: Vault) async throws -> String {
    let code = UnsubscribeCode(
      subscriber: subscriber, digest: try await digest(of: subscriber, vault))
    return "\(base)/newsletter/unsubscribe/\(code.text)"
  }

  func digest(of subscriber: UUID, _ vault: Vault) async throws(VaultError) -> [UInt8] {
    try await vault.blindIndex(.platform, subscriber.canonical, purpose: "newsletter-unsubscribe")
  }
}

extension NewsletterLinks {
  /// `newsletter.base`, by default `links.base`.
  init(_ configuration: ServiceConfiguration) throws(LaunchError) {
    let links = try configuration.string("links.base")
    var base = configuration.string("newsletter.base", default: links)
    while base.last == "/" { base.removeLast() }
    guard base.hasPrefix("https://") else {
      throw LaunchError(
        "the setting newsletter.base, or links.base, is '\(base)'",
        remedy: "give the gateway's address as https://…: mail programs unsubscribe there")
    }
    self.base = base
  }
}

extension Letter.Language {
  fileprivate init(_ language: PrivacyNewsletterLanguage) throws(EntryError) {
    switch language {
    case .dutch: self = .dutch
    case .english: self = .english
    case .unspecified, .UNRECOGNIZED:
      throw .missing(field: "language", choices: "DUTCH or ENGLISH")
    }
  }
}

extension Letter.Part {
  fileprivate init(_ part: PrivacyNewsletterPart) throws {
    switch part.part {
    case .text(let text): self = .text(try NewsletterIssue.text.check(text))
    case .link(let link):
      guard let link = NewsletterIssue.link(link) else {
        throw RPCError.invalid(
          "parts.link",
          "must be an address such as https://example.org, of at most"
            + " \(NewsletterIssue.linkLimit) bytes")
      }
      self = .link(link)
    case nil: throw EntryError.missing(field: "parts", choices: "a text or a link in each")
    }
  }
}

extension NewsletterIssue {
  fileprivate var message: PrivacyNewsletterIssue {
    .with {
      $0.issueID = id.canonical
      $0.language = language == .dutch ? .dutch : .english
      $0.subject = subject
      $0.sentAt = Google_Protobuf_Timestamp(date: sentAt)
      $0.mails = UInt64(clamping: mails)
      if let doneAt { $0.doneAt = Google_Protobuf_Timestamp(date: doneAt) }
    }
  }
}
