import Mail

/// What brings an outsider the one-time link. Topic and question stay behind the link.
enum GuestLetter {
  static let kind = "guest-link"

  /// `base` is the configured address of the web application, without a slash at its end.
  static func compose(
    _ language: Letter.Language, asker: String, organisation: String, code: GuestCode, base: String
  ) -> Letter {
    let link: [Letter.Part] = [
      .link("\(base)/feedback#\(code.text)"), .fact(name: "Code", value: code.text),
    ]
    switch language {
    case .dutch:
      return Letter(
        .dutch, subject: "Iemand vraagt u om feedback",
        [
          .text(
            "\(asker) van \(organisation) vraagt u om feedback. U hebt geen account nodig; deze"
              + " link laat zien wat er gevraagd wordt en wat er met uw antwoord gebeurt:")
        ] + link + [
          .text(
            "De link werkt één keer en verloopt na 30 dagen. Wilt u liever niet antwoorden, dan"
              + " hoeft u niets te doen.")
        ])
    case .english:
      return Letter(
        .english, subject: "Somebody asks for your feedback",
        [
          .text(
            "\(asker) of \(organisation) asks for your feedback. You need no account; this link"
              + " shows what is asked and what happens with your answer:")
        ] + link + [
          .text(
            "The link can be used once and expires after 30 days. If you would rather not answer,"
              + " just ignore this message.")
        ])
    }
  }
}
