import FoundationEssentials
import Launch
import Storage

/// What somebody is told by mail about how they sign in.
enum AccountMail {
  case passwordReset(code: LinkCode, until: Date)
  case passwordChanged
  case factorAdded
  case factorRemoved
  case recoveryCodeUsed(left: Int)
  case recoveryCodesRenewed

  /// No name and no organisation: it shows on locked screens.
  private var subject: String {
    switch self {
    case .passwordReset: "A new password for IKSO"
    case .passwordChanged: "Your IKSO password was changed"
    case .factorAdded: "A second factor was added to your IKSO account"
    case .factorRemoved: "The second factor was removed from your IKSO account"
    case .recoveryCodeUsed: "A recovery code of your IKSO account was used"
    case .recoveryCodesRenewed: "Your IKSO recovery codes were renewed"
    }
  }

  private func text(_ linkBase: String, _ tenant: UUID) -> String {
    let notice =
      "If it was not you, ask for a new password at once and tell your organisation's privacy"
      + " officer."
    return switch self {
    case .passwordReset(let code, let until):
      """
      Somebody, probably you, asked for a new password. Choose it here:

      \(linkBase)/password-reset#\(code.text)

      The link works once, until \(until.formatted(.iso8601)). If it was not you, do nothing.

      Code: \(code.text)
      Organisation: \(tenant.text)
      """
    case .passwordChanged: "The password of your account was changed. \(notice)"
    case .factorAdded: "From now on signing in asks for a code of your app as well. \(notice)"
    case .factorRemoved: "Signing in asks for your password alone. \(notice)"
    case .recoveryCodeUsed(let left):
      "You signed in with a recovery code; \(left) are left. \(notice)"
    case .recoveryCodesRenewed: "Earlier recovery codes count no more. \(notice)"
    }
  }

  func compose(
    to person: PersonRow, _ key: SealingKey, _ tenant: UUID, linkBase: String
  ) throws -> Mail {
    let name = try person.name(key)
    return Mail(
      to: try person.email(key), name: name, subject: subject,
      body: "Dear \(name),\n\n\(text(linkBase, tenant))\n")
  }
}

extension IdentityService {
  /// After the commit of what it tells of.
  func tell(_ mail: AccountMail, to person: PersonRow, of tenant: UUID) async throws {
    let key = try await vault.person(tenant, person.id)
    try await self.mail.deliver([
      mail.compose(to: person, key, tenant, linkBase: settings.linkBase)
    ])
  }
}
