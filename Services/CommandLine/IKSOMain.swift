import ArgumentParser

@main
struct IKSOMain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ikso",
    abstract: "Talks to a running IKSO: a walk through all of it, its health, its archives.",
    subcommands: [
      Tour.self, Demo.self, Health.self, Isolation.self, Verify.self, Passwords.self,
      ServiceAccountCommand.self, LogCommand.self,
    ])
}
