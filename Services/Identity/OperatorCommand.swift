import ArgumentParser
import Cryptography
import Hosting
import Launch

/// `ikso-identity operator --config FILE --email ADDRESS`: makes an operator's account or gives it
/// a new password, which is the first line of standard input.
struct OperatorCommand: AsyncParsableCommand {
  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "operator", abstract: "Make an operator's account, or set its password.",
      discussion: "The password is read from standard input: one line, 15 characters or more.")
  }

  @OptionGroup var options: ConfigurationOption
  @Option(help: "The address to sign in with.") var email: String
  @Option(help: "The name of the operator.") var name = "Operator"

  func run() async throws {
    try await IdentityMain.withRuntime(options) { runtime in
      let email = try Self.read("--email", email) { text throws(FieldProblem) in
        try EmailAddress(text)
      }
      let name = try Self.read("--name", name) { text throws(FieldProblem) in
        try PersonName(text)
      }
      guard let password = readLine() else {
        throw LaunchError(
          "standard input is empty", remedy: "give the password as its first line")
      }
      let settings = try IdentitySettings(runtime.configuration)
      let accounts = OperatorAccounts(
        database: runtime.database, vault: runtime.vault,
        passwords: try PasswordHashing(blocking: runtime.blocking),
        breached: try .configured(runtime.configuration),
        sessions: Sessions(settings), outbox: runtime.outbox, links: settings.linkBase)
      do {
        let outcome = try await accounts.set(
          email: email, name: name, password: password, at: runtime.now())
        print("operator \(email.text): \(outcome.rawValue)")
      } catch let problem as PasswordProblem {
        throw LaunchError("the password \(problem)", remedy: "give another one")
      }
    }
  }

  private static func read<Value>(
    _ option: String, _ text: String, _ body: (String) throws(FieldProblem) -> Value
  ) throws(LaunchError) -> Value {
    do {
      return try body(text)
    } catch {
      throw LaunchError("\(option): \(error)", remedy: "correct it")
    }
  }
}
