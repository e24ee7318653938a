import FoundationEssentials
import Launch

/// Mails about a change of somebody's address.
enum AddressMail {
  /// To the new address, with the link that proves it.
  static func confirmation(
    _ code: LinkCode, to email: EmailAddress, name: String, of organisation: OrganisationRow,
    linkBase: String
  ) -> Mail {
    Mail(
      to: email.text, name: name, subject: "Confirm your new e-mail address for IKSO",
      body: """
        Dear \(name),

        This link confirms this address for IKSO with \(organisation.name):

        \(linkBase)/address#\(code.text)

        It works once, within a day. If you have not asked for it, there is nothing to do.

        Code: \(code.text)
        Organisation: \(organisation.id.text)

        """)
  }

  /// To the old address.
  static func notice(to email: String, name: String, of organisation: OrganisationRow) -> Mail {
    Mail(
      to: email, name: name, subject: "Your account with IKSO was changed",
      body: """
        Dear \(name),

        Your e-mail address for IKSO with \(organisation.name) was changed; this one gets no mail
        any more. If this was not you, warn your organisation.

        """)
  }
}
