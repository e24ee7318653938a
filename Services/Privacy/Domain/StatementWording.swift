/// A language that statements are rendered in, by its code (ISO 639-1).
enum StatementLanguage: String, Sendable, CaseIterable {
  case dutch = "nl"
  case english = "en"

  var wording: StatementWording {
    switch self {
    case .dutch: .dutch
    case .english: .english
    }
  }
}

/// What a personal statement says around the organisation's text, in one language. In braces: what
/// is put in.
struct StatementWording: Sendable {
  var title: String
  var controller: String
  var version: String
  var questions: String
  var usedFor: String
  var whichData: String
  var activity: String
  var nobodyElse: String
  var compulsory: String
  var optional: String
  var rightsTitle: String
  var rights: String
  var officer: String
  var authority: String
  /// What the catalogues of purposes and activities say in English, in this language.
  var catalogue: [String: String]

  /// A text of the catalogues.
  func said(_ text: String) -> String { catalogue[text] ?? text }

  static let english = StatementWording(
    title: "Privacy statement for {person}",
    controller: """
      {organisation} decides what your data are used for; IKSO runs the software on its behalf.
      """,
    version: "Version", questions: "Questions and requests",
    usedFor: "Your data are used for:", whichData: "Which data, and for how long",
    activity: "**{what}**: {ground}. Read by {readers}. Kept {term}.", nobodyElse: "nobody else",
    compulsory: "compulsory", optional: "optional", rightsTitle: "Your rights",
    rights: """
      You may see your data, have them corrected or erased, take them with you, have their use \
      restricted, object to it, and withdraw a consent at any time. Ask {contact}: you have an \
      answer within four weeks.
      """,
    officer: "Data protection officer", authority: "Supervisory authority, for complaints",
    catalogue: [:])

  static let dutch = StatementWording(
    title: "Privacyverklaring voor {person}",
    controller: """
      {organisation} bepaalt waarvoor uw gegevens worden gebruikt; IKSO beheert de software in \
      opdracht daarvan.
      """,
    version: "Versie", questions: "Vragen en verzoeken",
    usedFor: "Uw gegevens worden gebruikt voor:", whichData: "Welke gegevens, en hoe lang",
    activity: "**{what}**: {ground}. Gelezen door {readers}. Bewaard {term}.",
    nobodyElse: "niemand anders", compulsory: "verplicht", optional: "vrijwillig",
    rightsTitle: "Uw rechten",
    rights: """
      U mag uw gegevens inzien, laten verbeteren of wissen, meenemen, het gebruik ervan laten \
      beperken, er bezwaar tegen maken en een toestemming op elk moment intrekken. Vraag het aan \
      {contact}: u heeft binnen vier weken antwoord.
      """,
    officer: "Functionaris gegevensbescherming", authority: "Toezichthouder, voor klachten",
    catalogue: dutchCatalogue)

  private static let dutchCatalogue: [String: String] = [
    // Purposes.
    "inviting you and keeping your account": "u uitnodigen en uw account bijhouden",
    "letting you, and nobody else, sign in": "u, en niemand anders, laten inloggen",
    "asking for feedback, giving it and reading it": "feedback vragen, geven en lezen",
    "setting development goals and following them": "ontwikkeldoelen stellen en volgen",
    "telling you what happens with your data, and remembering that you were told":
      "u vertellen wat er met uw gegevens gebeurt, en onthouden dat dit u verteld is",
    "answering requests about your data": "verzoeken over uw gegevens beantwoorden",
    "keeping the service running and safe": "de dienst in bedrijf en veilig houden",
    "naming you in reports to your organisation, if it has instructed that":
      "u bij naam noemen in rapportages aan uw organisatie, als die dat heeft opgedragen",
    // Activities.
    "inviting people, keeping their accounts and enrolling them in programmes":
      "mensen uitnodigen, hun accounts bijhouden en ze inschrijven voor programma's",
    "letting people, and nobody else, sign in": "mensen, en niemand anders, laten inloggen",
    "telling people what happens with their data, and remembering that they know":
      "mensen vertellen wat er met hun gegevens gebeurt, en onthouden dat zij dat weten",
    "answering requests about data, consents and objections":
      "verzoeken over gegevens, toestemmingen en bezwaren beantwoorden",
    "reports to the organisation, without names unless instructed":
      "rapportages aan de organisatie, zonder namen tenzij dat is opgedragen",
    "handling data leaks and complaints": "datalekken en klachten behandelen",
    // Grounds.
    "consent (Art. 6(1)(a))": "toestemming (art. 6 lid 1 onder a AVG)",
    "contract (Art. 6(1)(b))": "overeenkomst (art. 6 lid 1 onder b AVG)",
    "legal duty (Art. 6(1)(c))": "wettelijke plicht (art. 6 lid 1 onder c AVG)",
    "legitimate interest (Art. 6(1)(f))": "gerechtvaardigd belang (art. 6 lid 1 onder f AVG)",
    // Readers.
    "the organisation's administrators": "de beheerders van de organisatie",
    "the person who asked": "degene die het vroeg",
    "the organisation's Authorised Person": "de bevoegde persoon van de organisatie",
    "the person": "de persoon zelf",
    "the organisation": "de organisatie",
    "affected organisations": "getroffen organisaties",
    "the supervisory authority": "de toezichthouder",
    // Terms.
    "while the organisation uses the service, and one calendar month after (clause 29)":
      "zolang de organisatie de dienst gebruikt, en één kalendermaand daarna (punt 29)",
    "sessions until they end; the log 400 days; else as accounts":
      "sessies tot ze eindigen; het logboek 400 dagen; verder zoals accounts",
    "logs as configured; queues until delivered, 30 days at most":
      "logboeken zoals ingesteld; wachtrijen tot de bezorging, hooguit 30 dagen",
    "by the retention rules of the service": "volgens de bewaartermijnen van de dienst",
    // Data, and why.
    "name": "naam",
    "colleagues know you by it": "collega's kennen u daaraan",
    "e-mail address": "e-mailadres",
    "you are invited by it": "u wordt daarmee uitgenodigd",
    "rights": "rechten",
    "they decide what you see": "ze bepalen wat u ziet",
    "manager": "leidinggevende",
    "for organisations that follow development with managers":
      "voor organisaties die ontwikkeling met leidinggevenden volgen",
    "programmes": "programma's",
    "for what your organisation enrols you in": "voor waar uw organisatie u voor inschrijft",
    "you sign in with it": "u logt daarmee in",
    "password, as a hash": "wachtwoord, als hash",
    "nobody else can sign in as you": "niemand anders kan als u inloggen",
    "sessions": "sessies",
    "you stay signed in, and can end it anywhere":
      "u blijft ingelogd, en kunt dat overal beëindigen",
    "second factor": "tweede factor",
    "it protects you further; some rights need it":
      "die beschermt u extra; voor sommige rechten is die nodig",
    "remembered devices": "onthouden apparaten",
    "so that you are not asked for the second factor there":
      "zodat u daar niet om de tweede factor wordt gevraagd",
    "your questions": "uw vragen",
    "you decide whom you ask and what": "u bepaalt wie u wat vraagt",
    "feedback": "feedback",
    "you decide whether you give it": "u bepaalt of u die geeft",
    "name and e-mail address of an outsider": "naam en e-mailadres van een buitenstaander",
    "without them nobody can be asked": "zonder die kan niemand iets worden gevraagd",
    "goals": "doelen",
    "you decide what you set yourself": "u bepaalt wat u zich voorneemt",
    "check-ins and evaluations": "voortgang en evaluaties",
    "you decide what you write down": "u bepaalt wat u opschrijft",
    "which statement you accepted, and when": "welke verklaring u hebt aanvaard, en wanneer",
    "nobody is let in uninformed": "niemand komt zonder uitleg binnen",
    "the request and its answer": "het verzoek en het antwoord daarop",
    "without them it cannot be answered": "zonder die kan er geen antwoord komen",
    "consents, withdrawals and objections": "toestemmingen, intrekkingen en bezwaren",
    "you decide on them": "u beslist daarover",
    "counts": "aantallen",
    "they are the report": "die zijn de rapportage",
    "names": "namen",
    "for a report with names, if your organisation has instructed that":
      "voor een rapportage met namen, als uw organisatie dat heeft opgedragen",
    "pseudonyms in logs and queues": "pseudoniemen in logboeken en wachtrijen",
    "faults and misuse are found by them": "storingen en misbruik worden daarmee gevonden",
    "the report and its handling": "de melding en de behandeling ervan",
    "the law asks for it": "de wet vraagt erom",
  ]
}
