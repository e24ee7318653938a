import Foundation
import Mail
import ProgramSupport

extension TestRelay {
  func route(
    _ security: MailRelay.Security = .startTLS, host: String = "localhost", user: String? = nil,
    passwordFile: String? = nil, caFile: String? = nil
  ) throws -> MailRoute {
    .relay(
      try MailRelay(
        MailRelay.Configuration(
          host: host, port: port, security: security, user: user, passwordFile: passwordFile,
          caFile: caFile ?? self.caFile),
        sender: TestMail.sender))
  }
}

enum TestMail {
  static let sender: MailAddress = {
    guard let address = MailAddress("noreply@ikso.example") else {
      preconditionFailure("an address is one")
    }
    return address
  }()

  static let letter = Letter(
    .english, subject: "Hello", [.text("Hello."), .fact(name: "Code", value: "abc")])

  static func message(to address: String) throws -> MailMessage {
    try MailMessage(
      Mail(to: address, name: "Noor", letter), from: sender, id: UUID(), date: Date())
  }
}
