import Cryptography
import Foundation
import Mail

/// Who has asked for the newsletter (clause 18): an address, a language and the consent, and
/// nothing more.
struct Subscriber: Sendable, Equatable {
  var id: UUID
  var email: String
  var language: Letter.Language
  /// The text that is consented to, word for word: the receipt, with the time of its confirmation.
  var consent: String
  var requestedAt: Date

  /// Days in which the owner of an address confirms the wish; then it is deleted.
  static let confirmationDays = 7
  static let confirmationTerm = TimeInterval(confirmationDays) * 86_400
  /// Seconds between two mails that ask an address to confirm: strangers cannot make us a nuisance.
  static let pause: TimeInterval = 86_400
  /// Most that wait to be confirmed at a time.
  static let unconfirmedLimit = 20_000
  /// Random bytes of the code that confirms.
  static let codeBytes = 32
}

/// An issue, as operators send it.
struct NewsletterIssue: Sendable, Equatable {
  var id: UUID
  var language: Letter.Language
  var subject: String
  var parts: [Letter.Part]
  var sentAt: Date
  var mails = 0
  var doneAt: Date?
  /// Subscribers with a lower id have their mail.
  var resumeFrom: UUID?

  static let subject = EntryField("subject", 1...200)
  static let text = EntryField("parts.text", 1...4_000)
  static let partLimit = 100
  /// Bytes of an address on the web.
  static let linkLimit = 500

  /// A line of its own, that nothing but an address stands in.
  static func link(_ text: String) -> String? {
    let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"<>\"".utf8.contains($0) }
    return isPlain && text.hasPrefix("https://") && text.utf8.count <= linkLimit ? text : nil
  }
}

/// By which a subscriber is known who wants to be none any more: base64url of their id and a keyed
/// digest of it. It needs no room of its own, works as often as it is used, and nobody can make
/// one.
struct UnsubscribeCode: Sendable, Equatable {
  let subscriber: UUID
  let digest: [UInt8]

  static let digestBytes = 32
  private static let byteCount = 16 + digestBytes

  init(subscriber: UUID, digest: [UInt8]) {
    (self.subscriber, self.digest) = (subscriber, digest)
  }

  /// Nil for what is none.
  init?(_ text: String) {
    guard text.utf8.count <= 2 * Self.byteCount, let b = try? Base64URL.decode(text),
      b.count == Self.byteCount
    else { return nil }
    subscriber = UUID(
      uuid: (
        b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13],
        b[14], b[15]
      ))
    digest = Array(b[16...])
  }

  var text: String {
    let head = unsafe withUnsafeBytes(of: subscriber.uuid) { unsafe Array($0) }
    return Base64URL.encode(head + digest)
  }
}

/// What subscribers are written, in Dutch and English.
enum NewsletterLetter {
  static func consent(_ language: Letter.Language) -> String {
    switch language {
    case .dutch:
      "Ik wil de nieuwsbrief van IKSO per e-mail ontvangen. IKSO gebruikt mijn adres alleen"
        + " daarvoor. Ik kan me op elk moment met één klik afmelden; dan wordt mijn adres gewist."
    case .english:
      "I want to receive IKSO's newsletter by e-mail. IKSO uses my address for that alone. I can"
        + " unsubscribe at any time with one click; my address is then erased."
    }
  }

  /// `links`: begins each link, without a slash at its end.
  static func confirmation(
    _ subscriber: Subscriber, code: String, links: String
  ) -> Letter {
    let days = Subscriber.confirmationDays
    let link = "\(links)/newsletter/confirm#\(code)"
    switch subscriber.language {
    case .dutch:
      return Letter(
        .dutch, subject: "Bevestig uw aanmelding voor de nieuwsbrief van IKSO",
        [
          .text("Iemand, waarschijnlijk u, heeft dit adres aangemeld. Bevestig het hier:"),
          .link(link), .text("Daarmee stemt u in: \(subscriber.consent)"),
          .text(
            "De link werkt één keer, \(days) dagen lang. Doet u niets, dan wordt dit adres daarna"
              + " gewist."), .fact(name: "Code", value: code),
        ])
    case .english:
      return Letter(
        .english, subject: "Confirm your subscription to IKSO's newsletter",
        [
          .text("Somebody, probably you, has given this address. Confirm it here:"), .link(link),
          .text("With that you consent: \(subscriber.consent)"),
          .text(
            "The link works once, for \(days) days. If you do nothing, this address is erased after"
              + " that."), .fact(name: "Code", value: code),
        ])
    }
  }

  /// With how to end it below.
  static func letter(_ issue: NewsletterIssue, unsubscribe: String) -> Letter {
    let footer =
      switch issue.language {
      case .dutch: "U krijgt deze nieuwsbrief omdat u zich ervoor hebt aangemeld. Afmelden:"
      case .english: "You get this newsletter because you subscribed to it. Unsubscribe:"
      }
    return Letter(
      issue.language, subject: issue.subject, issue.parts + [.text(footer), .link(unsubscribe)])
  }
}
