import ArgumentParser
import Foundation
import Schemas

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Load a demonstration organisation, unless it is there.",
    discussion: """
      Makes an organisation with an Authorised Person and three participants who have signed in \
      once, and writes their addresses and passwords to demo.json in the state folder.
      """)

  @OptionGroup var gateway: GatewayOptions
  @OptionGroup var operators: OperatorOptions

  @Option(help: "The folder for demo.json. [environment: IKSO_STATE]")
  var state: String?

  struct Account: Codable {
    var name: String
    var email: String
    var password: String
    /// Of the Authorised Person.
    var authenticator: Authenticator?
  }

  struct Organisation: Codable {
    var name: String
    var organisationID: String
    var authorisedPerson: Account
    var participants: [Account]
  }

  func run() async throws {
    guard let folder = state ?? ProcessInfo.processInfo.environment["IKSO_STATE"] else {
      throw ValidationError("no state folder is given; use Deploy/ikso, or --state, or IKSO_STATE")
    }
    let file = URL(filePath: folder).appending(path: "demo.json")
    if FileManager.default.fileExists(atPath: file.path) {
      print("The demonstration organisation is there; its accounts are in \(file.path).")
      return
    }
    let account = try operators.account()
    let mailbox = try operators.mailbox()
    try await withReactors { reactors in
      let gateway = try gateway.connect(reactors)
      let walk = Walk(gateway: gateway, mailbox: mailbox, transcript: Transcript(isQuiet: true))
      let options = try await walk.signInOperator(account)
      let organisation = try await walk.registerOrganisation("Demonstratie B.V.", options)
      let officerCode = try await walk.nameAuthorisedPerson(of: organisation, options)
      _ = try await walk.publish(Data(Samples.statement.utf8), for: organisation, options)
      let codes = try await walk.importParticipants(
        Data(Samples.participants.utf8), into: organisation, inviting: 3, options)
      let officer = try await walk.enrol(officerCode)
      var people: [Person] = []
      for code in codes { people.append(try await walk.enrol(code)) }
      try Self.write(organisation, officer, people, to: file)
      await gateway.close()
    }
    print("Loaded a demonstration organisation; its accounts are in \(file.path).")
  }

  private static func write(
    _ organisation: IdentityOrganisation, _ officer: Person, _ people: [Person], to file: URL
  ) throws {
    func account(_ person: Person) -> Account {
      Account(
        name: person.name, email: person.email, password: person.password,
        authenticator: person.authenticator)
    }
    let content = Organisation(
      name: organisation.name, organisationID: organisation.organisationID,
      authorisedPerson: account(officer), participants: people.map(account))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    guard
      FileManager.default.createFile(
        atPath: file.path, contents: try encoder.encode(content),
        attributes: [.posixPermissions: 0o600])
    else { throw CleanFailure("\(file.path) cannot be written") }
  }
}
