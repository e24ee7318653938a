import Access
import Foundation
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// What can still be read once a person was erased: every reading method, as every role that may
/// call it, in the organisation that was theirs.
struct MarkerReading: Sendable {
  /// How the methods that only read are called.
  private static let verbs = [
    "Compare", "Fetch", "Find", "Get", "List", "Prove", "Render", "Show", "Watch",
  ]

  private let targets: Targets
  private let readers: [(role: Role, options: CallOptions)]

  /// - Parameters:
  ///   - administrator: of the subject's organisation, who gives the other roles.
  ///   - request: the erasure.
  init(_ subject: RightsTests.Subject, _ administrator: Member, request: String) async throws {
    let organisation = subject.organisation
    var targets = Targets.absent()
    targets.organisation = organisation.id
    targets.person = subject.member.id
    targets.email = subject.member.email
    targets.goal = subject.goal.goalID
    targets.feedback = subject.goal.feedbackIds.first ?? targets.feedback
    targets.session = subject.member.session
    targets.request = request
    self.targets = targets
    let tag = organisation.tag
    let members = try await organisation.members("Cor \(tag)", "Max \(tag)", "Aad \(tag)")
    try await administrator.grant(.coach, to: members[0])
    try await administrator.grant(.manager, to: members[1])
    try await administrator.grant(.auditor, to: members[2], until: Samples.day(30))
    readers = [
      (.participant, subject.colleague.options), (.privacyOfficer, subject.officer.options),
      (.administrator, administrator.options), (.coach, try await members[0].signIn().options),
      (.manager, try await members[1].signIn().options),
      (.auditor, try await members[2].signIn().options),
      (.operator, try await organisation.house.operators.options()),
    ]
  }

  /// Reads all that there is, by the person's identifiers and without any.
  /// - Returns: the methods that answered.
  func expectNone(of needles: [String]) async throws -> Set<String> {
    var answering: Set<String> = []
    for method in Samples.publicMethods where Self.verbs.contains(where: method.isNamed) {
      guard let sample = Samples.requests[method.descriptor.fullName] else { continue }
      for (role, options) in readers
      where method.policy.anyone ? role == .participant : method.policy.roles.contains(role) {
        let name = "\(method.descriptor.fullName) as \(role)"
        for request in [sample.make(targets), Google_Protobuf_Empty()] as [any Message] {
          let said: [[UInt8]]
          do {
            said = try await AnyCall.run(method.descriptor, request, options)
            answering.insert(method.descriptor.name)
          } catch let error as RPCError {
            #expect(
              ![.internalError, .unknown, .unavailable].contains(error.code), "\(name): \(error)")
            said = [Array("\(error)".utf8)]
          }
          let text = said.map { String(decoding: $0, as: UTF8.self) }.joined()
          let found = needles.filter {
            // Who has read somebody else's data stands in that one's log (clause 22), by an
            // identifier that leads nowhere any more.
            text.contains($0)
              && !(method.descriptor.name == "ListAccesses" && $0 == targets.person)
          }
          #expect(found.isEmpty, "\(name) shows \(found)")
        }
      }
    }
    return answering
  }
}

extension SchemaMethod {
  fileprivate func isNamed(_ verb: String) -> Bool { descriptor.name.hasPrefix(verb) }
}
