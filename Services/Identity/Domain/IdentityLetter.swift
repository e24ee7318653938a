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
  /// To the new address, with the link that proves it.
  case addressToConfirm(LinkCode, organisation: String)
  /// To the old address: its owner may not be who has opened the link.
  case addressChanged(organisation: String)

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
    case .addressToConfirm: "address-to-confirm"
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
    case .addressToConfirm: "Bevestig uw nieuwe e-mailadres voor IKSO"
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
    case .addressToConfirm(let code, let organisation):
      [
        .text("Deze link bevestigt dit adres voor IKSO bij \(organisation):"),
        .link("\(links)/address#\(code.text)"),
        .text("Hij werkt één keer, een dag lang. Hebt u er niet om gevraagd, dan hoeft u niets te"
          + " doen."),
      ] + Self.facts(code, "Organisatie")
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
    case .addressToConfirm: "Confirm your new e-mail address for IKSO"
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
    case .addressToConfirm(let code, let organisation):
      [
        .text("This link confirms this address for IKSO with \(organisation):"),
        .link("\(links)/address#\(code.text)"),
        .text("It works once, within a day. If you have not asked for it, there is nothing to do."),
      ] + Self.facts(code, "Organisation")
    case .addressChanged(let organisation):
      [
        .text(
          "Your e-mail address for IKSO with \(organisation) was changed; this one gets no mail any"
            + " more. If this was not you, warn your organisation.")
      ]
    }
  }
}
