import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf

/// An app that makes one-time codes (RFC 6238), of which each counts once.
struct Authenticator: Codable, Sendable {
  /// Base 32.
  let secret: String
  /// The last step whose code was given.
  private(set) var step: Int64 = 0

  init(secret: String) { self.secret = secret }

  /// The next code that counts, when it does: half a minute may pass.
  mutating func code() async throws -> String {
    var now = TOTP.step(at: Int64(Date().timeIntervalSince1970))
    step = max(now, step + 1)
    while step > now + TOTP.tolerance {
      try await Task.sleep(for: .seconds(1))
      now = TOTP.step(at: Int64(Date().timeIntervalSince1970))
    }
    return TOTP.code(try Base32.decode(secret), step: step)
  }
}

/// What follows the right password.
extension Walk {
  /// Codes that are tried: somebody else may use the same app at the same time.
  private static let codeAttempts = 3

  func goOn(_ first: IdentityLoginResponse, as person: Person) async throws -> Person {
    var (answer, person) = (first, person)
    while answer.hasChallenge {
      switch answer.challenge.step {
      case .factor: answer = try await giveCode(answer.challenge, &person)
      case .factorSetup: answer = try await setUp(answer.challenge, &person)
      case .statement: answer = try await accept(answer.challenge)
      case .unspecified, .UNRECOGNIZED:
        throw CleanFailure("the sign-in asks for a step that this program does not know")
      }
    }
    person.token = answer.accessToken
    person.session = answer.sessionID
    return person
  }

  private func giveCode(
    _ challenge: IdentitySignInChallenge, _ person: inout Person
  ) async throws -> IdentityLoginResponse {
    guard var authenticator = person.authenticator else {
      throw CleanFailure("\(person.email) has a second factor that is not known here")
    }
    defer { person.authenticator = authenticator }
    for attempt in 1... {
      let code = try await authenticator.code()
      do throws(RPCError) {
        return try await transcript.call(
          "SignInService.VerifyFactor",
          IdentityVerifyFactorRequest.with {
            $0.challenge = challenge.challenge
            $0.code = code
          }
        ) { request throws(RPCError) in try await gateway.signIn.verifyFactor(request) }
      } catch {
        guard error.code == .unauthenticated, attempt < Self.codeAttempts else { throw error }
      }
    }
    preconditionFailure("the attempts end with an answer or an error")
  }

  private func setUp(
    _ challenge: IdentitySignInChallenge, _ person: inout Person
  ) async throws -> IdentityLoginResponse {
    let setup = try await transcript.call(
      "SignInService.BeginFactor",
      IdentityBeginFactorRequest.with { $0.challenge = challenge.challenge }
    ) { request throws(RPCError) in try await gateway.signIn.beginFactor(request) }
    var authenticator = Authenticator(secret: setup.secret)
    let code = try await authenticator.code()
    let confirmed = try await transcript.call(
      "SignInService.ConfirmFactor",
      IdentityConfirmFactorRequest.with {
        $0.challenge = challenge.challenge
        $0.code = code
      }
    ) { request throws(RPCError) in try await gateway.signIn.confirmFactor(request) }
    person.authenticator = authenticator
    return confirmed.signIn
  }

  private func accept(_ challenge: IdentitySignInChallenge) async throws -> IdentityLoginResponse {
    _ = try await transcript.call(
      "IdentityService.AcceptStatement",
      IdentityAcceptStatementRequest.with {
        $0.credential.challenge = challenge.challenge
        $0.version = challenge.statement.version
        $0.sha256 = challenge.statement.sha256
      }
    ) { request throws(RPCError) in try await gateway.identity.acceptStatement(request) }
    return try await transcript.call(
      "SignInService.ContinueSignIn",
      IdentityContinueSignInRequest.with { $0.challenge = challenge.challenge }
    ) { request throws(RPCError) in try await gateway.signIn.continueSignIn(request) }
  }
}
