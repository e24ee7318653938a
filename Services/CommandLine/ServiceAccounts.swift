import ArgumentParser
import Foundation
import RPC
import Schemas
import SwiftProtobuf

struct ServiceAccountCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "service-account",
    abstract: "Accounts of programs that call services in their own name.",
    subcommands: [Create.self, AddKey.self, List.self, Revoke.self, Disable.self])
}

/// Where the system is and who operates it: what all of the subcommands need.
struct ServiceAccountOptions: ParsableArguments {
  @OptionGroup var gateway: GatewayOptions
  @OptionGroup var operators: OperatorOptions

  func run(
    _ body: (ServiceAccountServiceClient, CallOptions) async throws -> Void
  ) async throws {
    let account = try operators.account()
    try await withReactors { reactors in
      let gateway = try gateway.connect(reactors)
      let answer = try await gateway.identity.login(
        .with {
          $0.organisationID = OperatorAccount.organisationID
          $0.email = account.email
          $0.password = account.password
        })
      try await body(
        ServiceAccountServiceClient(gateway.client), .bearer(answer.accessToken))
      await gateway.close()
    }
  }
}

extension ServiceAccountCommand {
  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make an account; prints its id, to which a key is then added.")

    @OptionGroup var options: ServiceAccountOptions

    @Option(help: "What logs call it: 3 to 40 of a-z, 0-9 and -, a letter first.")
    var name: String

    @Option(
      name: .customLong("scope"),
      help: "A method: ikso.identity.v1.IdentityService/GetOrganisation; or a service with /*.")
    var scopes: [String]

    @Option(
      name: .customLong("organisation"), help: "The id of an organisation that it may act in.")
    var organisations: [String] = []

    @Flag(help: "It may act in all organisations, those to come as well.")
    var allOrganisations = false

    @Option(help: "Days until it ends, at most 365.")
    var days: UInt32 = 365

    func run() async throws {
      try await options.run { accounts, bearer in
        let made = try await accounts.createServiceAccount(
          .with {
            $0.name = name
            $0.scopes = scopes
            $0.organisationIds = organisations
            $0.allOrganisations = allOrganisations
            $0.validDays = days
          }, bearer)
        print(made.serviceAccountID)
      }
    }
  }

  struct AddKey: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "add-key",
      abstract: "Add a public key that signs assertions, or a client certificate.",
      discussion: "At most three count at a time: add the next one, then revoke the last.")

    @OptionGroup var options: ServiceAccountOptions

    @Argument(help: "The account's id.")
    var account: String

    @Option(help: "A PEM file with one PUBLIC KEY, Ed25519 or P-256.")
    var publicKey: String?

    @Option(help: "spiffe://ikso/<name>, or sha256: and the hash of the certificate's public key.")
    var certificate: String?

    @Option(help: "Days until it ends, at most 90.")
    var days: UInt32 = 90

    func validate() throws {
      guard (publicKey == nil) != (certificate == nil) else {
        throw ValidationError("give either --public-key FILE or --certificate IDENTITY")
      }
    }

    func run() async throws {
      let key = try publicKey.map { try String(contentsOfFile: $0, encoding: .utf8) }
      try await options.run { accounts, bearer in
        let changed = try await accounts.addCredential(
          .with {
            $0.serviceAccountID = account
            if let key { $0.publicKey = key }
            if let certificate { $0.certificateIdentity = certificate }
            $0.validDays = days
          }, bearer)
        if let added = changed.credentials.first { print(added.line) }
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "All accounts with their latest credentials.")

    @OptionGroup var options: ServiceAccountOptions

    func run() async throws {
      try await options.run { accounts, bearer in
        var page = ""
        repeat {
          let answer = try await accounts.listServiceAccounts(
            .with { $0.pageToken = page }, bearer)
          for account in answer.serviceAccounts {
            print(account.line)
            for credential in account.credentials { print("  " + credential.line) }
          }
          page = answer.nextPageToken
        } while !page.isEmpty
      }
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End a credential, and the tokens that were issued for it.")

    @OptionGroup var options: ServiceAccountOptions

    @Argument(help: "The account's id.")
    var account: String

    @Argument(help: "The credential's id.")
    var credential: String

    func run() async throws {
      try await options.run { accounts, bearer in
        _ = try await accounts.revokeCredential(
          .with {
            $0.serviceAccountID = account
            $0.credentialID = credential
          }, bearer)
      }
    }
  }

  struct Disable: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "End an account for good, with its credentials and tokens.")

    @OptionGroup var options: ServiceAccountOptions

    @Argument(help: "The account's id.")
    var account: String

    func run() async throws {
      try await options.run { accounts, bearer in
        _ = try await accounts.disableServiceAccount(
          .with { $0.serviceAccountID = account }, bearer)
      }
    }
  }
}

extension IdentityServiceAccount {
  fileprivate var line: String {
    let places =
      switch organisationIds.count {
      case _ where allOrganisations: "all organisations"
      case 1: "1 organisation"
      case let count: "\(count) organisations"
      }
    let end = hasDisabledAt ? "disabled" : "until \(Walk.day(expiresAt.date))"
    return "\(serviceAccountID) \(name): \(places), \(end); \(scopes.joined(separator: " "))"
  }
}

extension IdentityServiceCredential {
  fileprivate var line: String {
    let end = hasRevokedAt ? "revoked" : "until \(Walk.day(expiresAt.date))"
    let use = hasLastUsedAt ? "last used \(Walk.day(lastUsedAt.date))" : "never used"
    return "\(credentialID) \(kind) \(identity), \(end), \(use)"
  }
}
