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
  /// Within `activity`, of what calls are refused for.
  var notInUse: String
  var why: [PurposeStop: String]
  var nobodyElse: String
  var compulsory: String
  var optional: String
  var rule: @Sendable (RetentionRule) -> Rule
  var receivers: ReceiverWording
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
    activity: "**{what}**{state}: {ground}. Read by {readers}. Kept {term}.",
    notInUse: " (not in use: {why})",
    why: [
      .notInstructed: "your organisation has not instructed it",
      .noConsent: "you have not consented",
      .consentWithdrawn: "you have withdrawn your consent",
      .frozen(.objection): "stopped after your objection",
      .frozen(.withdrawal): "stopped, as you have withdrawn from it",
      .frozen(.restriction): "stopped while the use of your data is restricted",
    ], nobodyElse: "nobody else", compulsory: "compulsory", optional: "optional",
    rule: englishRule, receivers: .english, rightsTitle: "Your rights",
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
    activity: "**{what}**{state}: {ground}. Gelezen door {readers}. Bewaard {term}.",
    notInUse: " (niet in gebruik: {why})",
    why: [
      .notInstructed: "uw organisatie heeft dit niet opgedragen",
      .noConsent: "u hebt er geen toestemming voor gegeven",
      .consentWithdrawn: "u hebt uw toestemming ingetrokken",
      .frozen(.objection): "stilgelegd na uw bezwaar",
      .frozen(.withdrawal): "stilgelegd, omdat u dit hebt ingetrokken",
      .frozen(.restriction): "stilgelegd zolang het gebruik van uw gegevens beperkt is",
    ], nobodyElse: "niemand anders", compulsory: "verplicht", optional: "vrijwillig",
    rule: dutchRule, receivers: .dutch, rightsTitle: "Uw rechten",
    rights: """
      U mag uw gegevens inzien, laten verbeteren of wissen, meenemen, het gebruik ervan laten \
      beperken, er bezwaar tegen maken en een toestemming op elk moment intrekken. Vraag het aan \
      {contact}: u heeft binnen vier weken antwoord.
      """,
    officer: "Functionaris gegevensbescherming", authority: "Toezichthouder, voor klachten",
    catalogue: dutchCatalogue)
}
