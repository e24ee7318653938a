import Foundation
import RPC
import Schemas
import SwiftProtobuf
import Testing

/// That every method which tells somebody's data to somebody else is in the log of accesses: no
/// schema goes by this list, and the list is compared with what the processes do (clause 22).
@Suite(.timeLimit(.minutes(10))) struct JournalTests {
  /// What writes an entry, with its kind.
  static let written: [String: PrivacyAccessKind] = [
    "ikso.feedback.v1.FeedbackService/ListFeedbackTasks": .read,
    "ikso.feedback.v1.FeedbackService/OpenGuestLink": .read,
    "ikso.identity.v1.IdentityService/FindColleague": .read,
    "ikso.identity.v1.IdentityService/GetColleagues": .read,
    "ikso.identity.v1.IdentityService/NameAuthorisedPerson": .rightsChange,
    "ikso.identity.v1.PeopleService/CorrectPerson": .read,
    "ikso.identity.v1.PeopleService/GetPerson": .read,
    "ikso.identity.v1.PeopleService/GrantRole": .rightsChange,
    "ikso.identity.v1.PeopleService/ListCorrections": .read,
    "ikso.identity.v1.PeopleService/ListPeople": .read,
    "ikso.identity.v1.PeopleService/ListReports": .read,
    "ikso.identity.v1.PeopleService/ReinstatePerson": .rightsChange,
    "ikso.identity.v1.PeopleService/RevokeRole": .rightsChange,
    "ikso.identity.v1.PeopleService/SetManager": .rightsChange,
    "ikso.identity.v1.PeopleService/SuspendPerson": .rightsChange,
    "ikso.identity.v1.ReportService/ListReportedPeople": .read,
    "ikso.privacy.v1.AccessLogService/ListAccesses": .read,
    "ikso.privacy.v1.ComplaintService/AnswerComplaint": .read,
    "ikso.privacy.v1.ComplaintService/ListComplaints": .read,
    "ikso.privacy.v1.DownloadService/OpenDownload": .export,
    "ikso.privacy.v1.IntakeService/EndProcedure": .read,
    "ikso.privacy.v1.IntakeService/ListApplications": .read,
    "ikso.privacy.v1.IntakeService/ListCases": .read,
    "ikso.privacy.v1.PrivacyService/CreateRequest": .read,
    "ikso.privacy.v1.PrivacyService/FetchArchive": .export,
    "ikso.privacy.v1.PrivacyService/GetRequest": .read,
    "ikso.privacy.v1.PrivacyService/ResumeRequest": .read,
    "ikso.privacy.v1.ProofService/GetProof": .read,
    "ikso.privacy.v1.RequestService/ApproveRequest": .read,
    "ikso.privacy.v1.RequestService/CompleteRequest": .read,
    "ikso.privacy.v1.RequestService/ExtendRequest": .read,
    "ikso.privacy.v1.RequestService/RefuseRequest": .read,
    "ikso.privacy.v1.RequestService/WatchRequest": .read,
    "ikso.privacy.v1.RequestService/WithdrawRequest": .read,
    "ikso.subject.v1.SubjectDataService/ExportSubject": .export,
  ]

  /// What tells personal data and writes nothing, by the reason.
  static let exempt: [String: [String]] = [
    "the caller's own": [
      "ikso.goals.v1.GoalsService/CheckIn", "ikso.goals.v1.GoalsService/CompleteGoal",
      "ikso.goals.v1.GoalsService/CreateGoal", "ikso.goals.v1.GoalsService/GetGoal",
      "ikso.goals.v1.GoalsService/ListCheckIns", "ikso.goals.v1.GoalsService/ListGoals",
      "ikso.identity.v1.IdentityService/Login", "ikso.identity.v1.IdentityService/OpenInvitation",
      "ikso.identity.v1.IdentityService/ShowStatement",
      "ikso.identity.v1.SignInService/ConfirmFactor",
      "ikso.identity.v1.SignInService/ContinueSignIn",
      "ikso.identity.v1.SignInService/VerifyFactor",
      "ikso.privacy.v1.ComplaintService/FileComplaint",
      "ikso.privacy.v1.ComplaintService/ListMyComplaints",
      "ikso.privacy.v1.OwnRequestService/CreateOwnRequest",
      "ikso.privacy.v1.OwnRequestService/FetchOwnArchive",
      "ikso.privacy.v1.OwnRequestService/GetOwnRequest",
      "ikso.privacy.v1.OwnRequestService/ListOwnRequests",
      "ikso.privacy.v1.OwnRequestService/WithdrawOwnRequest",
    ],
    "what the caller asked and was answered; outsiders' names are those that the caller gave": [
      "ikso.feedback.v1.FeedbackService/AskFeedback",
      "ikso.feedback.v1.FeedbackService/GetFeedback",
      "ikso.feedback.v1.FeedbackService/GetFeedbackRound",
      "ikso.feedback.v1.FeedbackService/ListFeedback",
    ],
    "what the calling service gave, for the person to read": [
      "ikso.privacy.v1.StatementDeskService/RenderStatement"
    ],
    "whom the request names, who is written down when the code is used": [
      "ikso.privacy.v1.DownloadService/CreateDownload"
    ],
    "without the field: lists show no texts, and only GetProof shows the copy": [
      "ikso.privacy.v1.PrivacyService/ListRequests", "ikso.privacy.v1.ProofService/AttachProof",
      "ikso.privacy.v1.ProofService/CheckProof",
    ],
    "of an incident or a demand, which is about nobody whom the software knows": [
      "ikso.privacy.v1.BreachService/AcknowledgeBreachNotice",
      "ikso.privacy.v1.BreachService/AddBreachEntry",
      "ikso.privacy.v1.BreachService/CloseBreach", "ikso.privacy.v1.BreachService/GetBreach",
      "ikso.privacy.v1.BreachService/ListBreachNotices",
      "ikso.privacy.v1.BreachService/ListBreaches",
      "ikso.privacy.v1.BreachService/RecordAuthorityNotice",
      "ikso.privacy.v1.BreachService/RegisterBreach",
      "ikso.privacy.v1.BreachService/UpdateBreach",
      "ikso.privacy.v1.RegisterService/ListLegalDemands",
      "ikso.privacy.v1.RegisterService/RecordDisclosure",
      "ikso.privacy.v1.RegisterService/RecordLegalDemand",
    ],
  ]

  @Test func `clause 22: a method that tells personal data is in the log, or says why not`() {
    let told = Set(
      SchemaCatalogue.messages.filter { message in
        message.fields.contains { $0.personalData == .personal || $0.personalData == .confidential }
      }.flatMap(\.responseOf))
    let reasons = Self.exempt.values.flatMap(\.self)
    let listed = Set(Self.written.keys).union(reasons)
    let missing = told.subtracting(listed).sorted()
    #expect(
      missing.isEmpty,
      """
      its answer carries personal data: write it down with AccessJournal (in privacy AccessLog) \
      and add it to JournalTests.written and to the walk, or to .exempt with the reason: \(missing)
      """)
    let known = Set(
      SchemaCatalogue.services.flatMap(\.methods).map(\.descriptor.fullName))
    #expect(listed.subtracting(known).isEmpty, "there are no such methods")
    #expect(Set(reasons).isDisjoint(with: Self.written.keys) && Set(reasons).count == reasons.count)
  }

  /// Those of which the walk cannot be sure.
  static let unwalked: Set<String> = [
    // It has to come while the request runs.
    "ikso.privacy.v1.PrivacyService/ResumeRequest",
    // About forms and applications, in the platform's log: RegisterTests.
    "ikso.privacy.v1.IntakeService/EndProcedure",
    "ikso.privacy.v1.IntakeService/ListApplications", "ikso.privacy.v1.IntakeService/ListCases",
    // About whoever is named: another person than the walk's.
    "ikso.identity.v1.IdentityService/NameAuthorisedPerson",
  ]

  @Test func `clause 22: each of them is in the log of whom it was about`() async throws {
    let walk = try await JournalWalk.make()
    try await walk.feedback()
    try await walk.complaint()
    try await walk.requests()
    try await walk.archives()
    try await walk.people()
    try await walk.suspension()
    let wanted = Set(Self.written.keys).subtracting(Self.unwalked)
    try await Tables.untilSettled(walk.organisation.uuid, in: walk.organisation.house.superuser)
    let entries = try await walk.entries()
    for (method, kind) in Self.written where wanted.contains(method) {
      let isThere = entries.contains { $0.detail.method == method && $0.detail.kind == kind }
      #expect(isThere, "\(method)")
    }
    // Nobody's own acts are among them.
    #expect(entries.allSatisfy { $0.detail.actorID != walk.member.id })
    // Every holder of data has exported for each archive.
    let exports = entries.filter {
      $0.detail.method == "ikso.subject.v1.SubjectDataService/ExportSubject"
    }
    #expect(exports.contains { $0.detail.data.contains("person") })
    #expect(exports.contains { $0.detail.data.contains("goal") })
    #expect(exports.contains { $0.detail.data.contains("round") })
    let opened = try #require(
      entries.first { $0.detail.method == "ikso.privacy.v1.DownloadService/OpenDownload" })
    #expect(opened.detail.actor == .codeHolder)
    #expect(opened.detail.actorName == JournalWalk.recipient)
  }
}
