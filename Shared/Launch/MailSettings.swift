import Hosting
package import Mail

/// How a service sends its mail; see the settings `mail.*`.
package struct MailSettings: Sendable {
  package var route: MailRoute
  package var sender: MailAddress
  /// How often one is tried that the relay puts off, before it is given up.
  package var attempts = 10
  /// To the relay, at a time.
  package var connections = 2

  package init(route: MailRoute, sender: MailAddress) {
    (self.route, self.sender) = (route, sender)
  }

  init(_ configuration: ServiceConfiguration) throws(LaunchError) {
    let (folder, host) = (
      configuration.optionalString("mail.folder") ?? "",
      configuration.optionalString("mail.smtp.host") ?? ""
    )
    guard folder.isEmpty != host.isEmpty else {
      throw LaunchError(
        folder.isEmpty
          ? "neither of the settings mail.smtp.host and mail.folder is there"
          : "both of the settings mail.smtp.host and mail.folder are there",
        remedy: "name the server that takes mail as mail.smtp.host (IKSO_MAIL_SMTP_HOST), or, for"
          + " development, a folder as mail.folder (IKSO_MAIL_FOLDER)")
    }
    let sender =
      folder.isEmpty
      ? try configuration.string("mail.sender")
      : configuration.string("mail.sender", default: "noreply@ikso.example")
    guard let address = MailAddress(sender) else {
      throw LaunchError(
        "the setting mail.sender is no address", remedy: "give one as name@example.org")
    }
    self.sender = address
    route =
      folder.isEmpty
      ? .relay(try Self.relay(host, address, configuration)) : .folder(try Self.folder(folder))
    attempts = try configuration.int("mail.attempts", default: attempts, in: 1...30)
    connections = try configuration.int("mail.connections", default: connections, in: 1...16)
  }

  private static func folder(_ path: String) throws(LaunchError) -> MailFolder {
    do {
      return try MailFolder(path)
    } catch {
      throw LaunchError(
        "the mail folder \(path) cannot be made",
        remedy: "set mail.folder to one that this user may write to")
    }
  }

  private static func relay(
    _ host: String, _ sender: MailAddress, _ configuration: ServiceConfiguration
  ) throws(LaunchError) -> MailRelay {
    let name = configuration.string("mail.smtp.security", default: "starttls")
    guard let security = MailRelay.Security(rawValue: name) else {
      throw LaunchError(
        "the setting mail.smtp.security is '\(name)'",
        remedy: "give starttls, or tls for a port that speaks TLS from the start")
    }
    let port = try configuration.int(
      "mail.smtp.port", default: security == .tls ? 465 : 587, in: 1...65_535)
    let user = configuration.optionalString("mail.smtp.user")
    let passwordFile = configuration.optionalString("mail.smtp.passwordFile")
    guard (user == nil) == (passwordFile == nil) else {
      throw LaunchError(
        "mail.smtp.user and mail.smtp.passwordFile go together",
        remedy: "give both, or neither for a relay that asks for no sign-in")
    }
    do {
      return try MailRelay(
        MailRelay.Configuration(
          host: host, port: port, security: security, user: user, passwordFile: passwordFile,
          caFile: configuration.optionalString("mail.smtp.caFile")),
        sender: sender)
    } catch {
      throw LaunchError(
        "the setting mail.smtp.host is '\(host)'", remedy: "give a host name or an address")
    }
  }
}
