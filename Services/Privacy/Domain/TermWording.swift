/// What is told of how long things are kept, with the numbers that the sweep deletes by
/// (clause 28).
extension StatementWording {
  /// A rule as people are told it: what it is about, and the term.
  struct Rule: Sendable {
    var what: String
    var term: String

    init(_ what: String, _ term: String) { (self.what, self.term) = (what, term) }
  }

  /// A rule in a sentence.
  func sentence(_ rule: RetentionRule) -> String {
    let said = self.rule(rule)
    return "\(said.what): \(said.term)"
  }

  /// A single rule is about all of it; of several each says what it is about.
  func said(_ term: RetentionTerm) -> String {
    let besides = term.besides.map { [said($0)] } ?? []
    guard term.rules.count + besides.count > 1 else {
      return besides.first ?? term.rules.first.map { rule($0).term } ?? ""
    }
    return (besides + term.rules.map(sentence)).joined(separator: "; ")
  }

  static func englishRule(_ rule: RetentionRule) -> Rule {
    let years = "\(RetentionRule.claimYears) years after"
    return switch rule {
    case .application:
      Rule(
        "applications",
        "\(Application.weeks) weeks after the end of the procedure, with the applicant's consent "
          + "\(Application.consentYears) year")
    case .breach: Rule("breaches, with their trail", "\(years) they were closed")
    case .organisation:
      Rule(
        "all data of an organisation",
        "while it uses the service, and \(RetentionRule.organisationMonths) calendar month after")
    case .archive:
      Rule(
        "archives of requests and their codes",
        "\(RetentionRule.archiveDays) days after they were closed")
    case .request: Rule("requests with their steps, texts and proofs", "\(years) they were closed")
    case .legalHold: Rule("legal holds", "\(years) they ended")
    case .freeze: Rule("frozen purposes", "\(years) they were released")
    case .complaint: Rule("complaints", "\(years) they were answered")
    case .breachNotice: Rule("notices of breaches", "\(years) the organisation was told")
    case .subscriber:
      Rule(
        "addresses for the newsletter that nobody has confirmed",
        "\(Subscriber.confirmationDays) days")
    }
  }

  static func dutchRule(_ rule: RetentionRule) -> Rule {
    let years = "\(RetentionRule.claimYears) jaar na"
    return switch rule {
    case .application:
      Rule(
        "sollicitaties",
        "\(Application.weeks) weken na het einde van de procedure, met toestemming van de "
          + "sollicitant \(Application.consentYears) jaar")
    case .breach: Rule("datalekken, met hun verloop", "\(years) de afsluiting")
    case .organisation:
      Rule(
        "alle gegevens van een organisatie",
        "zolang deze de dienst gebruikt, en \(RetentionRule.organisationMonths) kalendermaand "
          + "daarna")
    case .archive:
      Rule(
        "archieven bij verzoeken en hun codes",
        "\(RetentionRule.archiveDays) dagen na de afsluiting")
    case .request:
      Rule("verzoeken met hun stappen, teksten en bewijzen", "\(years) de afsluiting")
    case .legalHold: Rule("bewaarplichten", "\(years) het einde ervan")
    case .freeze: Rule("stilgelegde doelen", "\(years) de vrijgave")
    case .complaint: Rule("klachten", "\(years) het antwoord")
    case .breachNotice:
      Rule("berichten over datalekken", "\(years) de melding aan de organisatie")
    case .subscriber:
      Rule(
        "adressen voor de nieuwsbrief die niemand heeft bevestigd",
        "\(Subscriber.confirmationDays) dagen")
    }
  }
}
