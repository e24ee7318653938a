import Cryptography
import FoundationEssentials
import Mail

/// What a notice says, in Dutch and English: that there is something, where it is read and until
/// when. What it is about stays where it is, and so does whom it is about.
struct NoticeLetter: Sendable {
  let notice: Notice
  /// By which the organisation counts its days.
  let zone: DayZone

  /// `links`: begins each link, without a slash at its end.
  func letter(_ language: Letter.Language, links: String) -> Letter {
    let texts =
      switch language {
      case .dutch: Self.dutch(notice.kind)
      case .english: Self.english(notice.kind)
      }
    return Letter(
      language, subject: texts.subject,
      texts.body.map { .text($0) } + facts(language) + [.link("\(links)/\(path)")]
        + authority(language))
  }

  private struct Texts {
    let subject: String
    let body: [String]

    init(_ subject: String, _ body: String...) { (self.subject, self.body) = (subject, body) }
  }

  /// Where it is read.
  private var path: String {
    let page =
      switch notice.kind {
      case .requestReceived, .requestForApproval, .requestSoon, .requestUrgent, .requestOverdue,
        .requestExtended, .requestCompleted, .requestRefused:
        "requests"
      case .breach, .breachChanged: "breaches"
      case .subProcessor: "sub-processors"
      case .statement: "statement"
      case .complaintReceived, .complaintAnswered: "complaints"
      case .supportAsked: "support"
      case .under16Reported: "under-16"
      }
    return notice.reference.map { "\(page)#\($0.canonical)" } ?? page
  }

  private func facts(_ language: Letter.Language) -> [Letter.Part] {
    var facts: [Letter.Part] = []
    let isDutch = language == .dutch
    if let version = notice.version {
      facts.append(.fact(name: isDutch ? "Versie" : "Version", value: "\(version)"))
    }
    guard let moment = notice.moment else { return facts }
    let (dutch, english) =
      switch notice.kind {
      case .breach, .breachChanged: ("Aan u gemeld op", "You were told on")
      case .subProcessor: ("Bezwaar mogelijk tot en met", "Objections until the end of")
      case .statement: ("Geldt vanaf", "In force from")
      case .complaintReceived, .complaintAnswered: ("Ingediend op", "Filed on")
      default: ("Te beantwoorden uiterlijk op", "To be answered by")
      }
    let day = Day(moment, in: zone)
    facts.append(.fact(name: isDutch ? dutch : english, value: "\(day)"))
    return facts
  }

  /// Clause 44.
  private func authority(_ language: Letter.Language) -> [Letter.Part] {
    guard let link = notice.authorityLink else { return [] }
    let text =
      language == .dutch
      ? "Bent u het er niet mee eens? U kunt een klacht indienen bij de toezichthouder:"
      : "If you disagree, you can complain to the supervisory authority:"
    return [.text(text), link.hasPrefix("https://") ? .link(link) : .text(link)]
  }
}

extension NoticeLetter {
  private static func dutch(_ kind: Notice.Kind) -> Texts {
    switch kind {
    case .requestReceived:
      Texts(
        "Een verzoek over persoonsgegevens wacht op u",
        "Iemand van uw organisatie heeft een verzoek gedaan over de eigen gegevens. Het wacht tot"
          + " u het aanneemt of weigert.")
    case .requestForApproval:
      Texts(
        "Een verzoek om wissen wacht op goedkeuring",
        "Een privacyfunctionaris heeft gevraagd gegevens te wissen. Iemand anders van u beiden"
          + " moet dat goedkeuren.")
    case .requestSoon:
      Texts(
        "Een verzoek moet binnen een week beantwoord zijn",
        "Een verzoek over persoonsgegevens is nog open; over een week verstrijkt de termijn.")
    case .requestUrgent:
      Texts(
        "Een verzoek moet binnen twee dagen beantwoord zijn",
        "Een verzoek over persoonsgegevens is nog open; over twee dagen verstrijkt de termijn.")
    case .requestOverdue:
      Texts(
        "De termijn van een verzoek is verstreken",
        "Een verzoek over persoonsgegevens is nog open, en de termijn is verstreken. Handel het nu"
          + " af.")
    case .requestExtended:
      Texts(
        "De termijn van uw verzoek is verlengd",
        "Uw organisatie heeft meer tijd nodig voor uw verzoek over uw gegevens. De reden staat bij"
          + " het verzoek.")
    case .requestCompleted:
      Texts(
        "Nieuws over uw verzoek", "Uw verzoek over uw gegevens is afgehandeld. Hier leest u hoe:")
    case .requestRefused:
      Texts(
        "Nieuws over uw verzoek",
        "Uw verzoek over uw gegevens is niet ingewilligd. De grond en de uitleg staan bij het"
          + " verzoek.")
    case .breach:
      Texts(
        "Dringend: mogelijk een datalek",
        "Er zijn mogelijk gegevens van uw organisatie gelekt. Lees nu wat er bekend is. Als"
          + " verwerkingsverantwoordelijke hebt u vanaf deze melding 72 uur om het bij de"
          + " toezichthouder te melden.")
    case .breachChanged:
      Texts(
        "Dringend: nieuws over een datalek",
        "Over een datalek dat uw organisatie raakt is meer bekend geworden.")
    case .subProcessor:
      Texts(
        "Een subverwerker van IKSO",
        "IKSO wil een nieuwe subverwerker inschakelen, of een bestaande anders. U kunt daartegen"
          + " bezwaar maken.")
    case .statement:
      Texts(
        "Een nieuwe privacyverklaring",
        "De privacyverklaring van uw organisatie voor IKSO verandert. Bij het inloggen vragen we u"
          + " om de nieuwe te lezen en te aanvaarden; eerdere versies blijven leesbaar.")
    case .complaintReceived:
      Texts(
        "Er is een klacht ingediend",
        "Iemand van uw organisatie heeft een klacht ingediend over de omgang met gegevens.")
    case .complaintAnswered:
      Texts("Nieuws over uw klacht", "Uw klacht is beantwoord. Hier leest u het antwoord:")
    case .supportAsked: supportAskedInDutch
    case .under16Reported: under16ReportedInDutch
    }
  }

  private static let supportAskedInDutch =
    Texts(
      "IKSO vraagt om toegang",
      "Een medewerker wil tijdelijk gegevens lezen. Zonder uw goedkeuring gebeurt dat niet:")

  private static let under16ReportedInDutch =
    Texts(
      "Een melding over leeftijd wacht op u",
      "Iemand van uw organisatie is misschien jonger dan 16. Het account staat stil tot u hebt"
        + " besloten.")

  private static func english(_ kind: Notice.Kind) -> Texts {
    switch kind {
    case .requestReceived:
      Texts(
        "A request about personal data waits for you",
        "Somebody of your organisation has asked something about their own data. It waits until"
          + " you accept or refuse it.")
    case .requestForApproval:
      Texts(
        "A request to erase waits for approval",
        "A privacy officer has asked for data to be erased. Another one has to approve it.")
    case .requestSoon:
      Texts(
        "A request has to be answered within a week",
        "A request about personal data is still open; its time ends in a week.")
    case .requestUrgent:
      Texts(
        "A request has to be answered within two days",
        "A request about personal data is still open; its time ends in two days.")
    case .requestOverdue:
      Texts(
        "A request is overdue",
        "A request about personal data is still open, and its time has ended. Answer it now.")
    case .requestExtended:
      Texts(
        "The time for your request was extended",
        "Your organisation needs more time for your request about your data. The reason stands"
          + " with the request.")
    case .requestCompleted:
      Texts("News about your request", "Your request about your data is done. Read here how:")
    case .requestRefused:
      Texts(
        "News about your request",
        "Your request about your data was not granted. The ground and the explanation stand with"
          + " the request.")
    case .breach:
      Texts(
        "Urgent: possibly a data breach",
        "Data of your organisation may have leaked. Read now what is known. As the controller you"
          + " have 72 hours from this notice to notify the supervisory authority.")
    case .breachChanged:
      Texts(
        "Urgent: news about a data breach",
        "More has become known about a data breach that affects your organisation.")
    case .subProcessor:
      Texts(
        "A sub-processor of IKSO",
        "IKSO wants to use a new sub-processor, or one that it has otherwise. You can object to"
          + " that.")
    case .statement:
      Texts(
        "A new privacy statement",
        "Your organisation's privacy statement for IKSO changes. When you sign in you are asked to"
          + " read and accept the new one; earlier versions stay readable.")
    case .complaintReceived:
      Texts(
        "A complaint was filed",
        "Somebody of your organisation has complained about how data are handled.")
    case .complaintAnswered:
      Texts("News about your complaint", "Your complaint was answered. Read the answer here:")
    case .supportAsked:
      Texts(
        "IKSO asks for access",
        "Somebody of the staff wants to read data for a time; not without your approval:")
    case .under16Reported:
      Texts(
        "A report about age waits for you",
        "Somebody of your organisation may be under 16. The account rests until you have decided.")
    }
  }
}
