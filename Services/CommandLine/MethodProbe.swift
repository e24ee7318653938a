import Access
import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf

/// Calls every method that the gateway routes as somebody of one canary, naming what is another's,
/// and what never was: the two answers must not differ, and neither may hold anything of the other.
struct MethodProbe: Sendable {
  /// What a wrong answer shows at most.
  private static let shownCharacters = 200

  /// What strangers send to IKSO itself: they name nothing that is anybody's, and each trial would
  /// leave somebody a form to answer.
  private static let sentToUs = [
    "ikso.privacy.v1.IntakeService/SubmitForm", "ikso.privacy.v1.IntakeService/SubmitApplication",
    "ikso.privacy.v1.NewsletterService/Subscribe",
  ]

  let gateway: Gateway
  let stranger: SignedInCanary
  let victim: SignedInCanary

  struct Trial: Sendable {
    /// The process that serves the method.
    let service: String
    let trial: IsolationTrial
  }

  func run() async throws -> [Trial] {
    let before = try await belongings()
    var trials: [Trial] = []
    let methods = SchemaCatalogue.services.filter { !$0.isInternal }.flatMap(\.methods)
      .filter { !$0.descriptor.service.hasPrefix("grpc.") }
    // Logging out ends the session that the others are called in.
    let ordered =
      methods.filter { $0.descriptor.name != "Logout" }
      + methods.filter { $0.descriptor.name == "Logout" }
    for method in ordered {
      guard !Self.sentToUs.contains(method.descriptor.fullName) else {
        trials.append(trial(method.descriptor, "not called: nothing of anybody can be named", nil))
        continue
      }
      let breach = await breach(of: method)
      trials.append(trial(method.descriptor, "name what is another's", breach))
    }
    let after = try await belongings()
    let unchanged = before == after ? nil : "the other's records differ from before"
    if let last = methods.first?.descriptor {
      trials.append(trial(last, "change anything of another by any method", unchanged))
    }
    return trials
  }

  private func trial(
    _ method: MethodDescriptor, _ attempt: String, _ breach: String?
  ) -> Trial {
    Trial(
      service: Self.process(of: method.service),
      trial: .with {
        $0.subject = method.fullName
        $0.attempt = attempt
        $0.breach = breach.map { String($0.prefix(Self.shownCharacters)) } ?? ""
      })
  }

  /// "ikso.goals.v1.GoalsService" and "ikso.isolation.v1.GoalsSelfTestService" are goals', and
  /// "ikso.mail.v1.FeedbackMailService" is feedback's.
  private static func process(of service: String) -> String {
    let parts = service.split(separator: ".")
    switch parts[1] {
    case "isolation": return parts[3].replacing("SelfTestService", with: "").lowercased()
    case "mail": return parts[3].replacing("MailService", with: "").lowercased()
    case "keys", "revocation": return "identity"
    default: return String(parts[1])
    }
  }

  private enum Answer: Equatable {
    case refused(StatusCode, String)
    case answered(String)
  }

  /// Nil if the wall held.
  private func breach(of method: SchemaMethod) async -> String? {
    let somebody = stranger.somebody(for: Set(method.policy.roles.map(\.rawValue)))
    do {
      // Its own password once more: a wrong one would be slowed down, and not get as far.
      let own = ["password", "current_password", "new_password"].map { ($0, somebody.password) }
      let possessions = victim.possessions
      let absent = possessions.mapValues { possession in
        let id = UUID().canonical
        return possession.contains("@") ? "nobody-\(id)@example.org" : id
      }
      let named = try request(of: method, naming: possessions.merging(own) { $1 })
      let unnamed = try request(of: method, naming: absent.merging(own) { $1 })
      let foreign = try await answer(to: method.descriptor, named, somebody)
      // A request that names nothing has nothing to be compared with: a second one may differ for
      // what the first one did, as with Logout.
      let never =
        named == unnamed ? foreign : try await answer(to: method.descriptor, unnamed, somebody)
      return Self.breach(foreign, never, possessions)
    } catch let unknown as RequestFiller.UnknownField {
      return "no canary has a \(unknown.name): add one to Canaries.possessions"
    } catch {
      return "it could not be called: \(error)"
    }
  }

  private static func breach(
    _ foreign: Answer, _ never: Answer, _ possessions: [String: String]
  ) -> String? {
    switch (foreign, never) {
    case (.answered(let text), _):
      if let seen = possessions.first(where: { !$1.isEmpty && text.contains($1) }) {
        return "the answer holds the other's \(seen.key)"
      }
      if case .refused = never { return "what never was is refused, what is another's is not" }
      return nil
    case (.refused(let code, let message), _) where foreign != never:
      return "it tells the two apart: \(code): \(message)"
    case (.refused(.invalidArgument, let message), _):
      return "it was not reached: the request is not valid: \(message)"
    case (.refused(.unavailable, let message), _): return "it does not answer: \(message)"
    case (.refused(.internalError, let message), _): return "it failed: \(message)"
    case (.refused, _): return nil
    }
  }

  private func request(
    of method: SchemaMethod, naming identifiers: [String: String]
  ) throws -> Google_Protobuf_Empty {
    try RequestFiller(identifiers: identifiers).request(of: method.descriptor.fullName)
  }

  private func answer(
    to method: MethodDescriptor, _ request: Google_Protobuf_Empty, _ somebody: Person
  ) async throws -> Answer {
    var options = somebody.options
    options.timeout = .seconds(60)
    do {
      guard method.kind == .serverStreaming else {
        let answer = try await gateway.client.unary(
          method, request, options, as: Google_Protobuf_Empty.self)
        return .answered(String(decoding: answer.unknownFields.data, as: UTF8.self))
      }
      var text = ""
      let answers = try await gateway.client.serverStreaming(
        method, request, options, as: Google_Protobuf_Empty.self)
      for try await answer in answers {
        text += String(decoding: answer.unknownFields.data, as: UTF8.self)
        break
      }
      return .answered(text)
    } catch let error as RPCError {
      return .refused(error.code, error.message)
    }
  }

  /// What the victim sees of its own.
  private func belongings() async throws -> [Data] {
    let goal = try await gateway.goals.getGoal(
      .with { $0.goalID = victim.canary.possessions["goal_id"] ?? "" }, victim.participant.options)
    let feedback = try await gateway.feedback.listFeedback(.init(), victim.participant.options)
    let requests = try await gateway.privacy.listRequests(.init(), victim.officer.options)
    let organisation = try await gateway.identity.getOrganisation(
      .with { $0.organisationID = victim.canary.organisationID }, victim.officer.options)
    return try [
      goal.serializedData(), feedback.serializedData(), requests.serializedData(),
      organisation.serializedData(),
    ]
  }
}
