import Cryptography
import FoundationEssentials
import Mail

/// All that identity writes to people, in Dutch and English.
enum IdentityLetter: Sendable {
  /// `until`: the last day on which its link works.
  case invitation(LinkCode, organisation: String, until: Day)
  case passwordReset(LinkCode, until: Date)
  case passwordChanged
  case factorAdded
  case factorRemoved
  case recoveryCodeUsed(left: Int)
  case recoveryCodesRenewed
  case deviceRemembered
  case deviceTokenReused
  /// All of them, by their person or an administrator.
  case devicesForgotten
  /// To the new address, with the link that proves it; `from`: when it begins to work.
  case addressToConfirm(LinkCode, organisation: String, from: Date?)
  /// To the old address, with the link that stops a change that somebody else asked for.
  case addressChangeAsked(LinkCode, organisation: String, from: Date)
  /// To the old address: its owner may not be who has opened the link.
  case addressChanged(organisation: String)
  /// To whom it is about (clause 20): the account rests until the officer has decided.
  case under16Reported(organisation: String)
  /// What came of it, other than an erasure.
  case under16Resolved(MinorReportResolution, organisation: String)

  /// What operators and administrators see of it when it cannot be sent.
  var kind: String {
    switch self {
    case .invitation: "invitation"
    case .passwordReset: "password-reset"
    case .passwordChanged: "password-changed"
    case .factorAdded: "factor-added"
    case .factorRemoved: "factor-removed"
    case .recoveryCodeUsed: "recovery-code-used"
    case .recoveryCodesRenewed: "recovery-codes-renewed"
    case .deviceRemembered: "device-remembered"
    case .deviceTokenReused: "device-token-reused"
    case .devicesForgotten: "devices-forgotten"
    case .under16Reported: "under16-reported"
    case .under16Resolved: "under16-resolved"
    case .addressToConfirm: "address-to-confirm"
    case .addressChangeAsked: "address-change-asked"
    case .addressChanged: "address-changed"
    }
  }

  /// `links`: begins each link, without a slash at its end.
  func letter(_ language: Letter.Language, links: String) -> Letter {
    switch language {
    case .dutch: Letter(.dutch, subject: dutchSubject, dutchParts(links))
    case .english: Letter(.english, subject: englishSubject, englishParts(links))
    }
  }
}

extension IdentityLetter {
  private var dutchSubject: String {
    switch self {
    case .invitation: "Uitnodiging voor IKSO"
    case .passwordReset: "Een nieuw wachtwoord voor IKSO"
    case .passwordChanged: "Uw wachtwoord voor IKSO is gewijzigd"
    case .factorAdded: "Uw IKSO-account heeft een tweede factor"
    case .factorRemoved: "De tweede factor van uw IKSO-account is verwijderd"
    case .recoveryCodeUsed: "Een herstelcode van uw IKSO-account is gebruikt"
    case .recoveryCodesRenewed: "Uw herstelcodes voor IKSO zijn vernieuwd"
    case .deviceRemembered: "Uw IKSO-account onthoudt een nieuw apparaat"
    case .deviceTokenReused: "Een apparaat van uw IKSO-account wordt niet meer onthouden"
    case .devicesForgotten: "Uw IKSO-account onthoudt geen apparaten meer"
    case .under16Reported: "Uw IKSO-account is stilgezet"
    case .under16Resolved: "Nieuws over uw IKSO-account"
    case .addressToConfirm: "Bevestig uw nieuwe e-mailadres voor IKSO"
    case .addressChangeAsked: "Iemand wil het e-mailadres van uw IKSO-account wijzigen"
    case .addressChanged: "Uw IKSO-account is gewijzigd"
    }
  }

  private static let dutchNotice =
    "Was u dit niet? Vraag dan direct een nieuw wachtwoord aan en waarschuw de privacyfunctionaris"
    + " van uw organisatie."

  private func dutchParts(_ links: String) -> [Letter.Part] {
    switch self {
    case .invitation(let code, let organisation, let day):
      [
        .text(
          "\(organisation) nodigt u uit voor IKSO. Daarin vraagt u om feedback en stelt u doelen"
            + " voor uw eigen ontwikkeling. U leest eerst de privacyverklaring en kiest daarna een"
            + " wachtwoord:"),
        .link("\(links)/invitation#\(code.text)"),
        .text("De link werkt één keer, tot en met \(day). Houd hem voor uzelf."),
      ] + Self.facts(code, "Organisatie")
    case .passwordReset(let code, let end):
      [
        .text("Iemand, waarschijnlijk u, heeft om een nieuw wachtwoord gevraagd. Kies het hier:"),
        .link("\(links)/password-reset#\(code.text)"),
        .text(
          "De link werkt één keer, tot \(end.formatted(.iso8601)). Was u dit niet? Dan hoeft u"
            + " niets te doen."),
      ] + Self.facts(code, "Organisatie")
    case .passwordChanged:
      [.text("Het wachtwoord van uw account is gewijzigd. \(Self.dutchNotice)")]
    case .factorAdded:
      [
        .text(
          "Vanaf nu wordt bij het inloggen ook een code van uw app gevraagd. \(Self.dutchNotice)")
      ]
    case .factorRemoved:
      [.text("Bij het inloggen wordt alleen nog uw wachtwoord gevraagd. \(Self.dutchNotice)")]
    case .recoveryCodeUsed(let left):
      [.text("U bent ingelogd met een herstelcode; u hebt er nog \(left). \(Self.dutchNotice)")]
    case .recoveryCodesRenewed:
      [.text("Eerdere herstelcodes tellen niet meer. \(Self.dutchNotice)")]
    case .deviceRemembered:
      [
        .text(
          "Op dat apparaat wordt bij het inloggen een tijd lang alleen uw wachtwoord gevraagd."
            + " \(Self.dutchNotice)")
      ]
    case .deviceTokenReused:
      [
        .text(
          "Waaraan een onthouden apparaat herkend wordt is twee keer gebruikt, met uw wachtwoord:"
            + " iemand anders heeft er misschien een kopie van. Het apparaat wordt niet meer"
            + " onthouden, en de tweede factor weer gevraagd. \(Self.dutchNotice)")
      ]
    case .devicesForgotten:
      [
        .text(
          "Apparaten die onthouden werden zijn vergeten, door u of door een beheerder van uw"
            + " organisatie. Bij het inloggen wordt de tweede factor weer gevraagd."
            + " \(Self.dutchNotice)")
      ]
    case .under16Reported(let organisation):
      Self.dutchUnder16Reported(organisation)
    case .under16Resolved(let resolution, let organisation):
      Self.dutchUnder16Resolved(resolution, organisation)
    case .addressToConfirm(let code, let organisation, let start):
      Self.dutchAddressToConfirm(code, organisation, start, links)
    case .addressChangeAsked(let code, let organisation, let start):
      Self.dutchAddressChangeAsked(code, organisation, start, links)
    case .addressChanged(let organisation):
      [
        .text(
          "Uw e-mailadres voor IKSO bij \(organisation) is gewijzigd; dit adres krijgt geen post"
            + " meer. Was u dit niet? Waarschuw dan uw organisatie.")
      ]
    }
  }

  /// What somebody types where a link cannot be opened.
  private static func facts(_ code: LinkCode, _ organisation: String) -> [Letter.Part] {
    [
      .fact(name: "Code", value: code.text),
      .fact(name: organisation, value: code.tenant.canonical),
    ]
  }
}

extension IdentityLetter {
  private var englishSubject: String {
    switch self {
    case .invitation: "Invitation to IKSO"
    case .passwordReset: "A new password for IKSO"
    case .passwordChanged: "Your IKSO password was changed"
    case .factorAdded: "A second factor was added to your IKSO account"
    case .factorRemoved: "The second factor was removed from your IKSO account"
    case .recoveryCodeUsed: "A recovery code of your IKSO account was used"
    case .recoveryCodesRenewed: "Your IKSO recovery codes were renewed"
    case .deviceRemembered: "Your IKSO account remembers a new device"
    case .deviceTokenReused: "A device of your IKSO account is not remembered any more"
    case .devicesForgotten: "Your IKSO account remembers no devices any more"
    case .under16Reported: "Your IKSO account was frozen"
    case .under16Resolved: "News about your IKSO account"
    case .addressToConfirm: "Confirm your new e-mail address for IKSO"
    case .addressChangeAsked: "Somebody wants to change the address of your IKSO account"
    case .addressChanged: "Your IKSO account was changed"
    }
  }

  private static let englishNotice =
    "If it was not you, ask for a new password at once and tell your organisation's privacy"
    + " officer."

  private func englishParts(_ links: String) -> [Letter.Part] {
    switch self {
    case .invitation(let code, let organisation, let day):
      [
        .text(
          "\(organisation) invites you to IKSO, where you ask for feedback and set goals for your"
            + " own development. You first read the privacy statement; then you choose a"
            + " password:"),
        .link("\(links)/invitation#\(code.text)"),
        .text("The link works once, until the end of \(day). Keep it to yourself."),
      ] + Self.facts(code, "Organisation")
    case .passwordReset(let code, let end):
      [
        .text("Somebody, probably you, asked for a new password. Choose it here:"),
        .link("\(links)/password-reset#\(code.text)"),
        .text(
          "The link works once, until \(end.formatted(.iso8601)). If it was not you, do nothing."),
      ] + Self.facts(code, "Organisation")
    case .passwordChanged:
      [.text("The password of your account was changed. \(Self.englishNotice)")]
    case .factorAdded:
      [
        .text("From now on signing in asks for a code of your app as well. \(Self.englishNotice)")
      ]
    case .factorRemoved:
      [.text("Signing in asks for your password alone. \(Self.englishNotice)")]
    case .recoveryCodeUsed(let left):
      [.text("You signed in with a recovery code; \(left) are left. \(Self.englishNotice)")]
    case .recoveryCodesRenewed:
      [.text("Earlier recovery codes count no more. \(Self.englishNotice)")]
    case .deviceRemembered:
      [
        .text(
          "For some time signing in on that device asks for your password alone."
            + " \(Self.englishNotice)")
      ]
    case .deviceTokenReused:
      [
        .text(
          "What a remembered device is known by was used twice, with your password: somebody else"
            + " may have a copy. It is forgotten, and the second factor is asked for again."
            + " \(Self.englishNotice)")
      ]
    case .devicesForgotten:
      [
        .text(
          "Devices that were remembered are forgotten, by you or by an administrator of your"
            + " organisation. Signing in asks for the second factor again. \(Self.englishNotice)")
      ]
    case .under16Reported(let organisation):
      Self.englishUnder16Reported(organisation)
    case .under16Resolved(let resolution, let organisation):
      Self.englishUnder16Resolved(resolution, organisation)
    case .addressToConfirm(let code, let organisation, let start):
      Self.englishAddressToConfirm(code, organisation, start, links)
    case .addressChangeAsked(let code, let organisation, let start):
      Self.englishAddressChangeAsked(code, organisation, start, links)
    case .addressChanged(let organisation):
      [
        .text(
          "Your e-mail address for IKSO with \(organisation) was changed; this one gets no mail any"
            + " more. If this was not you, warn your organisation.")
      ]
    }
  }
}

/// Letters of some length.
extension IdentityLetter {
  private static func dutchUnder16Reported(_ organisation: String) -> [Letter.Part] {
    [
      .text(
        "Iemand heeft gemeld dat u misschien jonger dan 16 bent. Tot de privacyfunctionaris van"
          + " \(organisation) daarover heeft besloten staat uw account stil: u kunt niet"
          + " inloggen, en er wordt niets gewist. Klopt het niet? Zeg het die functionaris."
          + " Klopt het wel? Dan is de toestemming van een ouder of voogd nodig.")
    ]
  }

  private static func dutchUnder16Resolved(
    _ resolution: MinorReportResolution, _ organisation: String
  ) -> [Letter.Part] {
    [
      .text(
        resolution == .consent
          ? "De privacyfunctionaris van \(organisation) heeft de toestemming van een ouder of"
            + " voogd vastgelegd. U kunt weer inloggen."
          : "De privacyfunctionaris van \(organisation) heeft besloten dat u niet jonger dan 16"
            + " bent. U kunt weer inloggen.")
    ]
  }

  private static func dutchAddressToConfirm(
    _ code: LinkCode, _ organisation: String, _ start: Date?, _ links: String
  ) -> [Letter.Part] {
    [
      .text("Deze link bevestigt dit adres voor IKSO bij \(organisation):"),
      .link("\(links)/address#\(code.text)"),
      .text(
        "Hij werkt één keer, een dag lang"
          + (start.map { " vanaf \($0.formatted(.iso8601))" } ?? "")
          + ". Hebt u er niet om gevraagd, dan hoeft u niets te doen."),
    ] + facts(code, "Organisatie")
  }

  private static func dutchAddressChangeAsked(
    _ code: LinkCode, _ organisation: String, _ start: Date, _ links: String
  ) -> [Letter.Part] {
    [
      .text(
        "Iemand bij \(organisation) heeft gevraagd om een ander e-mailadres voor uw account. Dat"
          + " kan vanaf \(start.formatted(.iso8601)) ingaan. Klopt het niet? Houd het dan tegen"
          + " en waarschuw de privacyfunctionaris van uw organisatie:"),
      .link("\(links)/stop-address#\(code.text)"),
    ] + facts(code, "Organisatie")
  }

  private static func englishUnder16Reported(_ organisation: String) -> [Letter.Part] {
    [
      .text(
        "Somebody has reported that you may be under 16. Until the privacy officer of"
          + " \(organisation) has decided on it your account rests: you cannot sign in, and"
          + " nothing is erased. If it is not so, tell that officer. If it is, the consent of a"
          + " parent or guardian is needed.")
    ]
  }

  private static func englishUnder16Resolved(
    _ resolution: MinorReportResolution, _ organisation: String
  ) -> [Letter.Part] {
    [
      .text(
        resolution == .consent
          ? "The privacy officer of \(organisation) has recorded the consent of a parent or"
            + " guardian. You can sign in again."
          : "The privacy officer of \(organisation) has decided that you are not under 16. You"
            + " can sign in again.")
    ]
  }

  private static func englishAddressToConfirm(
    _ code: LinkCode, _ organisation: String, _ start: Date?, _ links: String
  ) -> [Letter.Part] {
    [
      .text("This link confirms this address for IKSO with \(organisation):"),
      .link("\(links)/address#\(code.text)"),
      .text(
        "It works once, for a day"
          + (start.map { " from \($0.formatted(.iso8601))" } ?? "")
          + ". If you have not asked for it, there is nothing to do."),
    ] + facts(code, "Organisation")
  }

  private static func englishAddressChangeAsked(
    _ code: LinkCode, _ organisation: String, _ start: Date, _ links: String
  ) -> [Letter.Part] {
    [
      .text(
        "Somebody at \(organisation) has asked for another e-mail address for your account. It"
          + " can count from \(start.formatted(.iso8601)). If that is not right, stop it and tell"
          + " your organisation's privacy officer:"),
      .link("\(links)/stop-address#\(code.text)"),
    ] + facts(code, "Organisation")
  }
}
