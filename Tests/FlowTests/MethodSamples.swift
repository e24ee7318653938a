import Access
import Cryptography
import Foundation
import RPC
import Schemas
import SwiftProtobuf

/// Identifiers that requests can name: those of one organisation, or of nothing at all.
struct Targets: Sendable {
  var organisation: String
  var person: String
  var email: String
  var round: String
  var invitation: String
  var feedback: String
  var goal: String
  var request: String
  var session: String
  var device: String
  var programme: String
  var report: String
  var freeze: String
  var serviceAccount: String
  var supportAccess: String
  var hold: String
  var invitationCode: String
  var guestCode: String
  var entries = EntryTargets.absent()

  /// Well-formed, and nobody's.
  static func absent() -> Targets {
    func id() -> String { UUID().canonical }
    return Targets(
      organisation: id(), person: id(), email: "niemand-\(id())@example.org", round: id(),
      invitation: id(), feedback: id(), goal: id(), request: id(), session: id(), device: id(),
      programme: id(), report: id(), freeze: id(), serviceAccount: id(), supportAccess: id(),
      hold: id(), invitationCode: .init(repeating: "A", count: 64),
      guestCode: .init(repeating: "B", count: 64))
  }

  /// What must not appear in an answer to a stranger.
  var secrets: [String] {
    [
      organisation, person, email, round, invitation, feedback, goal, request, session, device,
      programme, report, freeze, serviceAccount, supportAccess, hold, guestCode,
    ] + entries.secrets
  }
}

/// A request of one method, and what somebody of another organisation must get for it.
struct MethodSample: Sendable {
  enum Foreign: Sendable {
    /// NOT_FOUND, the same as for what never was.
    case notFound
    /// An answer without anything of the other organisation: the method names nothing.
    case nothing
    /// The code in the request is the right to the answer, whoever sends it.
    case codeIsTheRight
    /// Operators are of no organisation.
    case operatorsOnly
  }

  let foreign: Foreign
  /// Whether it names an organisation that must be there.
  let namesOrganisation: Bool
  let make: @Sendable (Targets) -> any Message

  init(
    _ foreign: Foreign, namesOrganisation: Bool = false,
    _ make: @escaping @Sendable (Targets) -> any Message
  ) {
    (self.foreign, self.namesOrganisation, self.make) = (foreign, namesOrganisation, make)
  }
}

extension Samples {
  /// Of the services that the gateway routes. Last what ends the session that the others are called
  /// in.
  static let publicMethods: [SchemaMethod] = {
    let all = SchemaCatalogue.services.filter { !$0.isInternal }.flatMap(\.methods)
    return all.filter { $0.descriptor.name != "Logout" }
      + all.filter { $0.descriptor.name == "Logout" }
  }()
  static let internalServices = SchemaCatalogue.services.filter(\.isInternal)

  /// By full method name. A new method needs an entry, or `IsolationTests` fails.
  static let requests: [String: MethodSample] =
    identity.merging(sessions) { $1 }.merging(feedback) { $1 }.merging(goals) { $1 }
    .merging(privacy) { $1 }.merging(internals) { $1 }.merging(selfTests) { $1 }
    .merging(organisations) { $1 }.merging(people) { $1 }.merging(minors) { $1 }
    .merging(programmes) { $1 }.merging(signIn) { $1 }.merging(securityLog) { $1 }
    .merging(mails) { $1 }.merging(services) { $1 }.merging(devices) { $1 }.merging(consents) { $1 }
    .merging(entries) { $1 }.merging(accessLog) { $1 }.merging(dataRequests) { $1 }
    .merging(reports) { $1 }

  private static let selfTests = Dictionary(
    uniqueKeysWithValues: ["Identity", "Feedback", "Goals", "Privacy"].flatMap { name in
      [
        ("SelfTest", MethodSample(.operatorsOnly) { _ in IsolationSelfTestRequest() }),
        ("GetSelfTest", MethodSample(.nothing) { _ in IsolationGetSelfTestRequest() }),
      ].map { ("ikso.isolation.v1.\(name)SelfTestService/\($0.0)", $0.1) }
    })

  static func named(
    _ service: String, _ samples: [String: MethodSample]
  ) -> [String: MethodSample] {
    Dictionary(uniqueKeysWithValues: samples.map { ("\(service)/\($0.key)", $0.value) })
  }

  private static let identity = named(
    "ikso.identity.v1.IdentityService",
    [
      "RegisterOrganisation": MethodSample(.operatorsOnly) { _ in registration("Nooit B.V.") },
      "GetOrganisation": MethodSample(.notFound, namesOrganisation: true) { targets in
        IdentityGetOrganisationRequest.with { $0.organisationID = targets.organisation }
      },
      "NameAuthorisedPerson": MethodSample(.operatorsOnly, namesOrganisation: true) { targets in
        IdentityNameAuthorisedPersonRequest.with {
          $0.organisationID = targets.organisation
          $0.name = "Nooit Genoemd"
          $0.email = "nooit-\(targets.organisation)@example.org"
          $0.validFrom = day(0)
        }
      },
      "ImportParticipants": MethodSample(.notFound, namesOrganisation: true) { targets in
        IdentityImportParticipantsRequest.with {
          $0.organisationID = targets.organisation
          $0.csv = Data("name,email,role\r\nNooit,nooit@example.org,participant\r\n".utf8)
        }
      },
      "ResendInvitation": MethodSample(.notFound, namesOrganisation: true) { targets in
        IdentityResendInvitationRequest.with {
          $0.organisationID = targets.organisation
          $0.email = targets.email
        }
      },
      "OpenInvitation": MethodSample(.codeIsTheRight) { targets in
        IdentityOpenInvitationRequest.with { $0.code = targets.invitationCode }
      },
      "ShowStatement": MethodSample(.codeIsTheRight) { targets in
        IdentityShowStatementRequest.with {
          $0.credential.invitationCode = targets.invitationCode
        }
      },
      "AcceptStatement": MethodSample(.codeIsTheRight) { targets in
        IdentityAcceptStatementRequest.with {
          $0.credential.invitationCode = targets.invitationCode
          $0.version = 1
          $0.sha256 = Data(repeating: 0, count: 32)
        }
      },
      "SetPassword": MethodSample(.codeIsTheRight) { targets in
        IdentitySetPasswordRequest.with {
          $0.invitationCode = targets.invitationCode
          $0.password = "een lang wachtwoord van niemand"
        }
      },
      "Login": MethodSample(.codeIsTheRight) { targets in
        IdentityLoginRequest.with {
          $0.organisationID = targets.organisation
          $0.email = targets.email
          $0.password = "een lang wachtwoord van niemand"
        }
      },
      "Logout": MethodSample(.nothing) { _ in IdentityLogoutRequest() },
      "FindColleague": MethodSample(.notFound) { targets in
        IdentityFindColleagueRequest.with { $0.email = targets.email }
      },
      "GetColleagues": MethodSample(.notFound) { targets in
        IdentityGetColleaguesRequest.with { $0.personIds = [targets.person] }
      },
      "RotateSigningKey": MethodSample(.operatorsOnly) { _ in IdentityRotateSigningKeyRequest() },
    ]
  ).merging(
    named(
      "ikso.keys.v1.KeysService",
      ["GetSigningKeys": MethodSample(.nothing) { _ in KeysGetSigningKeysRequest() }])
  ) { $1 }

  private static let sessions = named(
    "ikso.identity.v1.SessionService",
    [
      "RefreshSession": MethodSample(.codeIsTheRight) { _ in
        IdentityRefreshSessionRequest.with { $0.refreshToken = String(repeating: "A", count: 86) }
      },
      "CheckPassword": MethodSample(.codeIsTheRight) { _ in
        IdentityCheckPasswordRequest.with { $0.password = "een lang wachtwoord van niemand" }
      },
      "ListSessions": MethodSample(.nothing) { _ in IdentityListSessionsRequest() },
      "EndSession": MethodSample(.notFound) { targets in
        IdentityEndSessionRequest.with { $0.sessionID = targets.session }
      },
      "EndOtherSessions": MethodSample(.nothing) { _ in IdentityEndOtherSessionsRequest() },
      "EndPersonSessions": MethodSample(.notFound) { targets in
        IdentityEndPersonSessionsRequest.with { $0.personID = targets.person }
      },
    ])

  private static let feedback = named(
    "ikso.feedback.v1.FeedbackService",
    [
      "AskFeedback": MethodSample(.notFound) { targets in
        FeedbackAskFeedbackRequest.with {
          $0.topic = "Over de muur"
          $0.question = "Kan dit?"
          $0.colleagueIds = [targets.person]
          $0.visibility = .asker
        }
      },
      "GetFeedbackRound": MethodSample(.notFound) { targets in
        FeedbackGetFeedbackRoundRequest.with { $0.roundID = targets.round }
      },
      "ListFeedbackTasks": MethodSample(.nothing) { _ in FeedbackListFeedbackTasksRequest() },
      "GiveFeedback": MethodSample(.notFound) { targets in
        FeedbackGiveFeedbackRequest.with {
          $0.invitationID = targets.invitation
          $0.answer = "Over de muur."
        }
      },
      "OpenGuestLink": MethodSample(.codeIsTheRight) { targets in
        FeedbackOpenGuestLinkRequest.with { $0.code = targets.guestCode }
      },
      "GiveGuestFeedback": MethodSample(.codeIsTheRight) { targets in
        FeedbackGiveGuestFeedbackRequest.with {
          $0.code = targets.guestCode
          $0.statementVersion = 999
          $0.statementSha256 = Data(repeating: 0, count: 32)
          $0.answer = "Van niemand."
        }
      },
      "ListFeedback": MethodSample(.nothing) { _ in FeedbackListFeedbackRequest() },
      "GetFeedback": MethodSample(.notFound) { targets in
        FeedbackGetFeedbackRequest.with { $0.feedbackID = targets.feedback }
      },
    ])

  private static let goals = named(
    "ikso.goals.v1.GoalsService",
    [
      "CreateGoal": MethodSample(.notFound) { targets in
        GoalsCreateGoalRequest.with {
          $0.title = "Over de muur"
          $0.feedbackIds = [targets.feedback]
        }
      },
      "GetGoal": MethodSample(.notFound) { targets in
        GoalsGetGoalRequest.with { $0.goalID = targets.goal }
      },
      "ListGoals": MethodSample(.nothing) { _ in GoalsListGoalsRequest() },
      "CheckIn": MethodSample(.notFound) { targets in
        GoalsCheckInRequest.with {
          $0.goalID = targets.goal
          $0.progressPercent = 1
          $0.confidence = 1
          $0.expectedRevision = 1
        }
      },
      "ListCheckIns": MethodSample(.notFound) { targets in
        GoalsListCheckInsRequest.with { $0.goalID = targets.goal }
      },
      "CompleteGoal": MethodSample(.notFound) { targets in
        GoalsCompleteGoalRequest.with {
          $0.goalID = targets.goal
          $0.expectedRevision = 1
        }
      },
    ])

  private static let privacy = named(
    "ikso.privacy.v1.PrivacyService",
    [
      "PublishStatement": MethodSample(.notFound, namesOrganisation: true) { targets in
        PrivacyPublishStatementRequest.with {
          $0.organisationID = targets.organisation
          $0.markdown = Data("# Over de muur".utf8)
          $0.contact = "niemand@example.org"
        }
      },
      "GetStatement": MethodSample(.notFound, namesOrganisation: true) { targets in
        PrivacyGetStatementRequest.with { $0.organisationID = targets.organisation }
      },
      "ListStatementVersions": MethodSample(.notFound) { targets in
        PrivacyListStatementVersionsRequest.with { $0.organisationID = targets.organisation }
      },
      "CreateRequest": MethodSample(.notFound) { targets in
        PrivacyCreateRequestRequest.with {
          $0.kind = .access
          $0.subjectID = targets.person
        }
      },
      "ResumeRequest": MethodSample(.notFound) { targets in
        PrivacyResumeRequestRequest.with { $0.requestID = targets.request }
      },
      "GetRequest": MethodSample(.notFound) { targets in
        PrivacyGetRequestRequest.with { $0.requestID = targets.request }
      },
      "ListRequests": MethodSample(.nothing) { _ in PrivacyListRequestsRequest() },
      "FetchArchive": MethodSample(.notFound) { targets in
        PrivacyFetchArchiveRequest.with { $0.requestID = targets.request }
      },
      "GetArchiveKeys": MethodSample(.nothing) { _ in PrivacyGetArchiveKeysRequest() },
    ])

  private static let internals = named(
    "ikso.revocation.v1.RevocationService",
    ["Watch": MethodSample(.nothing) { _ in RevocationWatchRequest() }]
  ).merging(statementDesk) { $1 }

  private static let statementDesk = named(
    "ikso.privacy.v1.StatementDeskService",
    [
      "RenderStatement": MethodSample(.notFound) { targets in
        PrivacyRenderStatementRequest.with {
          $0.organisationID = targets.organisation
          $0.organisationName = "Nooit B.V."
          $0.personName = "Niemand"
          $0.subjectKind = .participant
        }
      },
      "RecordAcceptance": MethodSample(.notFound) { targets in
        PrivacyRecordAcceptanceRequest.with {
          $0.organisationID = targets.organisation
          $0.subjectID = targets.person
          $0.subjectKind = .participant
          $0.version = 1
          $0.sha256 = Data(repeating: 0, count: 32)
        }
      },
      "CheckAcceptance": MethodSample(.notFound) { targets in
        PrivacyCheckAcceptanceRequest.with {
          $0.organisationID = targets.organisation
          $0.subjectID = targets.person
        }
      },
    ]
  ).merging(
    subjectMethods
  ) { $1 }.merging(
    named(
      "grpc.health.v1.Health",
      [
        "Check": MethodSample(.nothing) { _ in HealthHealthCheckRequest() },
        "Watch": MethodSample(.nothing) { _ in HealthHealthCheckRequest() },
      ])
  ) { $1 }.merging(
    named(
      "grpc.reflection.v1.ServerReflection",
      [
        "ServerReflectionInfo": MethodSample(.nothing) { _ in
          ReflectionServerReflectionRequest.with { $0.listServices = "" }
        }
      ])
  ) { $1 }
}

/// Calls any method without knowing its answer's type.
enum AnyCall {
  /// The answers' bytes; of a stream, at most the first: one may be without end.
  @discardableResult
  static func run(
    _ method: MethodDescriptor, _ request: any Message, _ options: CallOptions = CallOptions(),
    on client: RPCClient? = nil
  ) async throws -> [[UInt8]] {
    let client = try client ?? House.current().gateway
    return try await run(method, opened: request, options, client)
  }

  // Every message can be read as an empty one, with all its fields unknown.
  private static func run<Request: Message>(
    _ method: MethodDescriptor, opened request: Request, _ options: CallOptions,
    _ client: RPCClient
  ) async throws -> [[UInt8]] {
    var options = options
    if options.timeout == nil { options.timeout = .seconds(60) }
    guard method.kind == .serverStreaming else {
      let answer = try await client.unary(
        method, request, options, as: Google_Protobuf_Empty.self)
      return [[UInt8](answer.unknownFields.data)]
    }
    let answers = try await client.serverStreaming(
      method, request, options, as: Google_Protobuf_Empty.self)
    for try await answer in answers { return [[UInt8](answer.unknownFields.data)] }
    return []
  }
}
